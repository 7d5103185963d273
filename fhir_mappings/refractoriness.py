"""Exposed, refractory and intolerant, drug by drug (Rajkumar 2011, Blood 117:4691).

Refractory: no response to the drug, or progression on it or within 60 days of its last dose. Intolerant: stopped for
toxicity without
such a progression. Corticosteroids are never refractory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from fhir_mappings.courses import first_day
from fhir_mappings.definitions import definitions
from fhir_mappings.facts import DiseaseEvent, DrugExposure, PartialDate, Response, StopReason
from fhir_mappings.lines import OPENS_A_LINE, Draft
from fhir_mappings.purposes import is_steroid


@dataclass(slots=True)
class Resistance:
    """What the courses show of each drug. A drug may be undecided when its last dose or the progression is not dated
    well enough."""

    refractory: set[str] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)
    intolerant: dict[str, str | None] = field(default_factory=dict)
    toxicities: dict[str, str | None] = field(default_factory=dict)  # of every drug stopped for toxicity, refractory or not
    last_given: dict[str, PartialDate] = field(default_factory=dict)


def resistance(
    courses: Iterable[DrugExposure],
    drafts: Sequence[Draft],
    progressions: Sequence[PartialDate],
    events: Iterable[DiseaseEvent],
    as_of: date,
) -> Resistance:
    """Judge every course of every drug."""
    found = Resistance()
    responses = list(events)
    for course in courses:
        end = last_dose(course, drafts, as_of)
        if end is not None:
            held = found.last_given.get(course.drug)
            found.last_given[course.drug] = end if held is None or end.latest > held.latest else held
        verdict = _refractory(course, end, progressions, responses)
        if verdict and not is_steroid(course.drug) and course.purpose in OPENS_A_LINE:
            found.refractory.add(course.drug)
        elif verdict is None and not is_steroid(course.drug) and course.purpose in OPENS_A_LINE:
            found.undecided.add(course.drug)
        if course.stop_reason is StopReason.TOXICITY:
            found.toxicities[course.drug] = found.toxicities.get(course.drug) or course.toxicity
    found.undecided -= found.refractory
    found.intolerant = {drug: toxicity for drug, toxicity in found.toxicities.items() if drug not in found.refractory}
    return found


def last_dose(course: DrugExposure, drafts: Sequence[Draft], as_of: date) -> PartialDate | None:
    """The last dose: the recorded end; for a current drug the day it was replaced or today; for induction without an end, at the
    latest the transplant that followed."""
    if course.end is not None:
        return course.end
    line = next((draft for draft in drafts if any(course is each for each in [*draft.courses, *draft.steroids])), None)
    start = first_day(course)
    if course.ongoing:
        stop = as_of if line is None or line.next_start is None else min(line.next_start, as_of)
        return PartialDate.day(stop)
    if line is not None and start is not None and line.last_transplant is not None and start < line.last_transplant:
        return PartialDate(start, line.last_transplant)
    return None


def progressed_on(courses: Iterable[DrugExposure], drafts: Sequence[Draft], progression: PartialDate, as_of: date) -> bool | None:
    """Whether the progression came on these courses or within 60 days of the last dose of any of them."""
    verdicts = [
        _refractory(course, last_dose(course, drafts, as_of), [progression], [])
        for course in courses
        if not is_steroid(course.drug)
    ]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _refractory(
    course: DrugExposure, end: PartialDate | None, progressions: Sequence[PartialDate], events: Sequence[DiseaseEvent]
) -> bool | None:
    """True, False, or None when the dates leave it open."""
    if course.stop_reason is StopReason.PROGRESSION:
        return True
    window = int(definitions("refractory")["days_after_last_dose"])
    start = course.start or course.end
    if start is None:
        return None if progressions else False
    verdict: bool | None = False
    for progression in progressions:
        if progression.latest <= start.earliest:
            continue
        certainly_during = progression.earliest > start.latest
        if end is None:
            verdict = None
        elif progression.earliest > end.shifted(window).latest:
            continue
        elif certainly_during and progression.latest <= end.shifted(window).earliest:
            return True
        else:
            verdict = None
    return True if _no_response(start, end, events, window) else verdict


def _no_response(start: PartialDate, end: PartialDate | None, events: Sequence[DiseaseEvent], window: int) -> bool:
    """Stable disease was the best that the drug achieved."""
    if end is None:
        return False
    until = end.shifted(window)
    during = [each for each in events if each.on and each.on.earliest > start.latest and each.on.latest <= until.earliest]
    return any(each.response is Response.SD for each in during) and not any(each.response.is_response for each in during)
