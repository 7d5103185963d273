"""One exposure for each course of a drug, from the several records that tell of it.

Administrations say when; a statement, then the course as a procedure, then an order fill in what is missing. A record that
overlaps a more trusted one is the same course told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from fhir_mappings.definitions import definitions
from fhir_mappings.facts import DrugExposure, Origin, PartialDate, Purpose, StopReason

_TRUST = (Origin.ADMINISTRATION, Origin.STATEMENT, Origin.PROCEDURE, Origin.ORDER)
_ENDED_BADLY = frozenset({StopReason.PROGRESSION, StopReason.TOXICITY})


def merge_courses(exposures: Iterable[DrugExposure], as_of: date) -> list[DrugExposure]:
    """The courses of all drugs, in a stable order."""
    by_drug: dict[str, list[DrugExposure]] = {}
    for exposure in exposures:
        by_drug.setdefault(exposure.drug, []).append(_still_running(exposure, as_of))
    courses = [course for records in by_drug.values() for course in _courses_of(records, as_of)]
    return sorted(courses, key=_order)


def _still_running(exposure: DrugExposure, as_of: date) -> DrugExposure:
    """An end that lies ahead is a plan: the drug is being given."""
    if exposure.end is None or exposure.end.earliest <= as_of:
        return exposure
    return replace(exposure, end=None, ongoing=True, stop_reason=StopReason.UNKNOWN, toxicity=None)


def _order(exposure: DrugExposure) -> tuple[date, date, str, tuple[str, ...]]:
    start = first_day(exposure) or date.max
    return start, last_day(exposure) or date.max, exposure.drug, exposure.sources


def first_day(exposure: DrugExposure) -> date | None:
    """The earliest day on which it can have begun; where only the end is known, that."""
    known = exposure.start or exposure.end
    return known.earliest if known else None


def last_day(exposure: DrugExposure) -> date | None:
    """The latest day on which it can have ended, if an end is recorded."""
    return exposure.end.latest if exposure.end else None


def _courses_of(records: list[DrugExposure], as_of: date) -> list[DrugExposure]:
    courses: list[DrugExposure] = []
    doses: dict[int, int] = {}
    undated = sorted((record for record in records if first_day(record) is None), key=_order)
    for origin in _TRUST:
        same = sorted((record for record in records if record.origin is origin and first_day(record) is not None), key=_order)
        for record in same:
            place = _host_of(record, courses, as_of)
            if place is None:
                courses.append(record)
                doses[len(courses) - 1] = 1
            elif courses[place].origin is origin:
                courses[place] = _continued(courses[place], record)
                doses[place] += 1
            else:
                single_dose = courses[place].origin is Origin.ADMINISTRATION and doses[place] == 1
                courses[place] = _completed(courses[place], record, as_of, single_dose=single_dose)
    for record in undated:
        if courses:
            courses[-1] = _told_again(courses[-1], record)
        else:
            courses.append(record)
    return courses


def _host_of(record: DrugExposure, courses: list[DrugExposure], as_of: date) -> int | None:
    for place, course in enumerate(courses):
        same_origin = course.origin is record.origin
        if (_adjoins(course, record, as_of) if same_origin else _overlaps(course, record, as_of)) and _same_purpose(
            course, record
        ):
            return place
    return None


def _same_purpose(course: DrugExposure, record: DrugExposure) -> bool:
    return (
        course.purpose is record.purpose
        or Purpose.UNKNOWN in (course.purpose, record.purpose)
        or Purpose.MYELOMA in (course.purpose, record.purpose)
    )


def _reach(exposure: DrugExposure, as_of: date, open_days: float) -> date:
    """The last day that a record covers; one without an end covers a stretch after its start, a current one everything since."""
    if exposure.ongoing:
        return max(as_of, first_day(exposure) or as_of)
    ended = last_day(exposure)
    return ended if ended is not None else (first_day(exposure) or as_of) + timedelta(days=open_days)


def _adjoins(course: DrugExposure, record: DrugExposure, as_of: date) -> bool:
    """Two records of one kind, the second beginning during the first or soon after. A course that ended badly is not
    continued."""
    rules = definitions("courses")
    start = first_day(record)
    if start is None:
        return False
    administered = course.origin is Origin.ADMINISTRATION
    gap = rules["administration_gap_days"] if administered else rules["adjacent_records_days"]
    reach = _reach(course, as_of, rules["repeat_order_days"] - gap)
    if course.stop_reason in _ENDED_BADLY or course.maintenance != record.maintenance:
        return course.maintenance == record.maintenance and _certainly_during(course, record, reach)
    return start <= reach + timedelta(days=gap)


def _certainly_during(course: DrugExposure, record: DrugExposure, reach: date) -> bool:
    """A record that begins before the course has ended, however coarse the two dates are."""
    begun = record.start or record.end
    return begun is not None and begun.latest < (course.end.earliest if course.end else reach)


def _overlaps(course: DrugExposure, record: DrugExposure, as_of: date) -> bool:
    rules = definitions("courses")
    start, host_start = first_day(record), first_day(course)
    if start is None or host_start is None:
        return False
    lead = timedelta(days=rules["order_lead_days"])
    open_days = rules["repeat_order_days"]
    return start <= _reach(course, as_of, open_days) and max(_reach(record, as_of, 0), start + lead) >= host_start


def _continued(course: DrugExposure, record: DrugExposure) -> DrugExposure:
    """The same kind of record goes on: the later end and the later reason hold."""
    ends = [each.end for each in (course, record) if each.end is not None]
    later = record if not course.end or (record.end and record.end.latest >= course.end.latest) else course
    end = max(ends, key=lambda each: each.latest) if ends and not (course.ongoing or record.ongoing) else None
    if (
        record.end is None
        and not record.ongoing
        and course.end is not None
        and (first_day(record) or date.min) > course.end.latest
    ):
        end = None  # continued after the recorded end, and when that ended is not recorded
    reason = later.stop_reason if later.stop_reason is not StopReason.UNKNOWN else record.stop_reason
    joined = _told_again(course, record)
    return replace(
        joined, end=end, ongoing=course.ongoing or record.ongoing, stop_reason=reason, toxicity=later.toxicity or record.toxicity
    )


def _completed(course: DrugExposure, record: DrugExposure, as_of: date, *, single_dose: bool) -> DrugExposure:
    """A less trusted record of the same course gives what the more trusted one lacks."""
    joined = _told_again(course, record)
    start, end, ongoing = course.start or record.start, course.end, course.ongoing
    if single_dose and record.start is not None and (record.end is not None or record.ongoing):
        start, end, ongoing = record.start, record.end, record.ongoing
    elif course.origin is Origin.ADMINISTRATION:
        last = last_day(course)
        recent = last is not None and (as_of - last).days <= definitions("courses")["administration_gap_days"]
        ongoing = record.ongoing and recent
        end = None if ongoing else course.end
    elif end is None and not ongoing:
        end = record.end
    return replace(joined, start=_finer(start, record.start), end=end, ongoing=ongoing)


def _finer(held: PartialDate | None, other: PartialDate | None) -> PartialDate | None:
    """The more precise of two dates that agree."""
    if held and other and not held.exact and held.earliest <= other.earliest and other.latest <= held.latest:
        return other
    return held


def _told_again(course: DrugExposure, record: DrugExposure) -> DrugExposure:
    unknown = course.stop_reason in (StopReason.UNKNOWN, StopReason.COMPLETED) and record.stop_reason is not StopReason.UNKNOWN
    return replace(
        course,
        stop_reason=record.stop_reason if unknown else course.stop_reason,
        toxicity=course.toxicity or record.toxicity,
        purpose=record.purpose if course.purpose is Purpose.UNKNOWN else course.purpose,
        maintenance=course.maintenance or record.maintenance,
        consolidation=course.consolidation or record.consolidation,
        regimen=course.regimen or record.regimen,
        sources=tuple(sorted({*course.sources, *record.sources})),
    )
