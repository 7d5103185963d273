"""Lines of therapy after Rajkumar 2015 (Blood 126:921), from courses, transplants and progressions.

A line is at least one complete cycle of a planned treatment; induction, transplant, consolidation and maintenance
are one line. A new
line begins after progression, or when a drug is added or substituted without a plan. Plans are seldom recorded: what
is assumed is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from fhir_mappings.courses import first_day, last_day
from fhir_mappings.dates import add_months
from fhir_mappings.definitions import definitions
from fhir_mappings.facts import DrugExposure, LineOfTherapy, PartialDate, Purpose, StopReason, Transplant
from fhir_mappings.purposes import is_car_t, is_steroid
from fhir_mappings.terminology import drug_table

OPENS_A_LINE = frozenset({Purpose.MYELOMA, Purpose.UNKNOWN})
_REASONS = (StopReason.PROGRESSION, StopReason.TOXICITY, StopReason.OTHER, StopReason.COMPLETED)


@dataclass(slots=True)
class Draft:
    """A line being built. `start` is the day its first drug began, or its transplant where no drug is recorded."""

    start: date
    courses: list[DrugExposure] = field(default_factory=list)
    steroids: list[DrugExposure] = field(default_factory=list)
    transplants: list[Transplant] = field(default_factory=list)
    undated_transplants: list[Transplant] = field(default_factory=list)
    carried: list[DrugExposure] = field(default_factory=list)  # drugs of the line before that go on in this one
    inferred: set[str] = field(default_factory=set)
    next_start: date | None = None
    handed_on: bool = False  # some of its drugs go on in the next line

    @property
    def drugs(self) -> set[str]:
        return {course.drug for course in self.courses}

    @property
    def last_transplant(self) -> date | None:
        return max((each.on.earliest for each in self.transplants if each.on), default=None)

    def last_regimen(self) -> set[str]:
        """The drugs that were given until the end."""
        ended = self.last_dose()
        pause = definitions("lines")["maintenance_after_last_dose_days"]
        return {course.drug for course in self.courses if ended and (ended - (last_day(course) or ended)).days <= pause}

    def last_dose(self) -> date | None:
        """The last day of its drugs when every one has ended on a known day."""
        ends = [last_day(course) for course in self.courses]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


def distinct_transplants(transplants: Iterable[Transplant]) -> tuple[list[Transplant], list[Transplant]]:
    """(dated, one per infusion, in order; undated). An undated record of a transplant beside a dated one tells of the same."""
    near = timedelta(days=definitions("lines")["same_transplant_days"])
    dated: list[Transplant] = []
    for each in sorted((each for each in transplants if each.on), key=_transplant_order):
        if each.on and not any(kept.on and each.on.earliest - kept.on.earliest <= near for kept in dated):
            dated.append(each)
    undated = sorted((each for each in transplants if each.on is None), key=lambda each: each.source)
    return dated, [] if dated else undated


def _transplant_order(transplant: Transplant) -> tuple[date, date, bool, str]:
    on = transplant.on or PartialDate.day(date.max)
    return on.earliest, on.latest, not transplant.tandem, transplant.source


def build_lines(
    courses: Sequence[DrugExposure],
    transplants: Sequence[Transplant],
    undated: Sequence[Transplant],
    progressions: Sequence[date],
) -> list[Draft]:
    """The lines in order. `courses` are dated; `progressions` every day on which the disease is recorded to have progressed."""
    drafts: list[Draft] = []
    openers = [course for course in courses if course.purpose in OPENS_A_LINE and not is_steroid(course.drug)]
    moments: list[tuple[date, int, DrugExposure | Transplant]] = [
        (first_day(course) or date.max, 0, course) for course in openers
    ]
    moments += [(each.on.earliest, 1, each) for each in transplants if each.on]
    for day, _, moment in sorted(moments, key=lambda each: (each[0], each[1], _name(each[2]))):
        if isinstance(moment, Transplant):
            _place_transplant(drafts, moment, day, progressions)
        else:
            _place_course(drafts, moment, day, progressions, _begun_with(day, openers))
    for draft, following in pairwise(drafts):
        draft.next_start = following.start
        draft.handed_on = bool(following.carried)
    drafts = [draft for draft in drafts if _at_least_a_cycle(draft)]
    if drafts and undated:
        drafts[0].undated_transplants.extend(undated)
        drafts[0].inferred.add("transplant-date-not-recorded")
    _attach_steroids(drafts, courses)
    return drafts


def _begun_with(day: date, openers: Sequence[DrugExposure]) -> set[str]:
    """The drugs begun within a cycle of that day: the regimen that was started."""
    cycle = definitions("lines")["same_regimen_start_days"]
    return {course.drug for course in openers if abs(((first_day(course) or date.max) - day).days) <= cycle}


def _name(moment: DrugExposure | Transplant) -> tuple[int, str]:
    if isinstance(moment, Transplant):
        return 0, moment.source
    return drug_table()[moment.drug].order, " ".join(moment.sources)


def _place_course(
    drafts: list[Draft], course: DrugExposure, day: date, progressions: Sequence[date], restarted: set[str]
) -> None:
    if drafts and not _with_the_first(drafts[-1], day) and _progressed(drafts[-1].start, day, progressions):
        drafts.append(Draft(start=day, courses=[course]))
        return
    joins, inferred = _joins(drafts[-1], course, day, restarted) if drafts else (False, None)
    if not joins:
        drafts.append(Draft(start=day, courses=[course], carried=_going_on(drafts[-1], day) if drafts else []))
        return
    drafts[-1].courses.append(course)
    if inferred:
        drafts[-1].inferred.add(inferred)


def _going_on(line: Draft, day: date) -> list[DrugExposure]:
    """The drugs that a new one is added to: still given a cycle after it began."""
    return _still_given([*line.courses, *line.carried], day)


def _still_given(courses: Iterable[DrugExposure], day: date) -> list[DrugExposure]:
    cycle = timedelta(days=definitions("lines")["same_regimen_start_days"])
    return [course for course in courses if course.ongoing or (last_day(course) or day) > day + cycle]


def _with_the_first(line: Draft, day: date) -> bool:
    """Within the first cycle: planned together, also when the progression that led to the line was written down between."""
    return (day - line.start).days <= definitions("lines")["same_regimen_start_days"] and not line.transplants


def _progressed(since: date, until: date, progressions: Sequence[date]) -> bool:
    return any(since < day <= until for day in progressions)


def _joins(line: Draft, course: DrugExposure, day: date, restarted: set[str]) -> tuple[bool, str | None]:
    """Whether a course that begins without a progression belongs to the line, and what had to be assumed for it."""
    rules = definitions("lines")
    since_start = (day - line.start).days
    if is_car_t(course.drug) and line.drugs and not any(map(is_car_t, line.drugs)):
        return (True, "bridging") if since_start <= rules["bridging_days"] else (False, None)
    if _with_the_first(line, day):
        return True, None
    if course.maintenance or course.consolidation:
        return True, None
    transplanted = line.last_transplant
    if (
        transplanted is not None
        and day >= transplanted
        and (day - transplanted).days <= rules["maintenance_after_transplant_days"]
    ):
        return True, "maintenance-planned"
    ended = line.last_dose()
    pause = timedelta(days=rules["maintenance_after_last_dose_days"])
    if course.drug in line.drugs and (ended is None or day <= ended + pause):
        return True, None
    if course.drug in line.drugs and restarted == line.last_regimen():
        return True, "same-regimen-resumed"
    if ended is None or day < ended or _end_reason(line) in (StopReason.PROGRESSION, StopReason.TOXICITY):
        return False, None
    if (day - ended).days <= rules["maintenance_after_last_dose_days"]:
        return True, "maintenance-planned"
    return False, None


def _place_transplant(drafts: list[Draft], transplant: Transplant, day: date, progressions: Sequence[date]) -> None:
    if not drafts:
        drafts.append(Draft(start=day, transplants=[transplant], inferred={"induction-not-recorded"}))
        return
    line = drafts[-1]
    if _progressed(line.start, day, progressions):
        drafts.append(Draft(start=day, transplants=[transplant]))
    elif not line.transplants:
        line.transplants.append(transplant)
        ended = line.last_dose()
        if ended is not None and (day - ended).days > definitions("lines")["transplant_after_induction_days"]:
            line.inferred.add("transplant-planned")
    elif transplant.tandem or any(each.tandem for each in line.transplants) or _soon_after(line, day):
        if not transplant.tandem:
            line.inferred.add("tandem-transplant")
        line.transplants.append(transplant)
    else:
        drafts.append(Draft(start=day, transplants=[transplant]))


def _soon_after(line: Draft, day: date) -> bool:
    """The second transplant follows within the tandem window, and no other therapy began between."""
    first = line.last_transplant
    if first is None or day > add_months(first, int(definitions("lines")["tandem_months"])):
        return False
    return not any(first < (first_day(course) or first) < day for course in line.courses)


def _at_least_a_cycle(line: Draft) -> bool:
    """Known to have lasted less than a cycle, and nothing like a transplant or a cell infusion in it: exposure, but no line."""
    if line.transplants or any(is_car_t(course.drug) for course in line.courses):
        return True
    ended = line.last_dose()
    if ended is None or _end_reason(line) is StopReason.PROGRESSION or any(course.start is None for course in line.courses):
        return True
    return (ended - line.start).days >= definitions("lines")["minimum_cycle_days"]


def _attach_steroids(drafts: list[Draft], courses: Sequence[DrugExposure]) -> None:
    lead = timedelta(days=definitions("lines")["same_regimen_start_days"])
    for course in courses:
        day = first_day(course)
        if day is None or not is_steroid(course.drug) or course.purpose not in OPENS_A_LINE:
            continue
        begun = [draft for draft in drafts if draft.courses and draft.start - lead <= day]
        same_record = [draft for draft in begun if any(set(course.sources) & set(each.sources) for each in draft.courses)]
        host = same_record[-1] if same_record else begun[-1] if begun else None
        if host is not None and day <= (host.last_dose() or day) + lead:
            host.steroids.append(course)
    for draft, following in pairwise(drafts):
        if following.carried:
            following.carried.extend(_still_given(draft.steroids, following.start))


def _end_reason(line: Draft) -> StopReason:
    """Why the line ended: the reason of the drugs that were stopped last."""
    ended = line.last_dose()
    last = [
        each for each in line.courses if not each.ongoing and (ended is None or (ended - (last_day(each) or ended)).days <= 7)
    ]
    return next((reason for reason in _REASONS if any(each.stop_reason is reason for each in last)), StopReason.UNKNOWN)


def finished(drafts: Sequence[Draft], as_of: date) -> list[LineOfTherapy]:
    """The lines as facts."""
    return [_finish(draft, number, as_of) for number, draft in enumerate(drafts, 1)]


def _finish(draft: Draft, number: int, as_of: date) -> LineOfTherapy:
    inferred = set(draft.inferred)
    following = draft.next_start if draft.next_start is not None and draft.next_start <= as_of else None
    ongoing = following is None and any(course.ongoing for course in draft.courses)
    end = None if ongoing else _end(draft, following, inferred)
    starts = [course.start for course in draft.courses if course.start]
    on = max((each.on for each in draft.transplants if each.on), key=lambda each: each.earliest, default=None)
    courses = [*draft.courses, *draft.steroids, *draft.carried]
    if draft.courses and number == 1 and all(course.maintenance for course in draft.courses):
        inferred.add("induction-not-recorded")
    return LineOfTherapy(
        number=number,
        drugs=tuple(sorted({course.drug for course in courses}, key=lambda drug: drug_table()[drug].order)),
        start=min(starts, key=lambda each: (each.earliest, each.latest), default=None) if draft.courses else on,
        end=end,
        ongoing=ongoing,
        transplant=on,
        had_transplant=bool(draft.transplants or draft.undated_transplants),
        end_reason=StopReason.UNKNOWN if ongoing else _end_reason(draft),
        inferred=tuple(sorted(inferred)),
        sources=tuple(sorted({source for course in courses for source in course.sources} | _transplant_sources(draft))),
    )


def _transplant_sources(draft: Draft) -> set[str]:
    return {each.source for each in [*draft.transplants, *draft.undated_transplants]}


def _end(draft: Draft, following: date | None, inferred: set[str]) -> PartialDate | None:
    """The last dose; the start of the next line for drugs that no record ends before it."""
    if not draft.courses:
        return None
    open_until_next = following is not None and (draft.handed_on or any(course.ongoing for course in draft.courses))
    if open_until_next and following is not None:
        inferred.add("end-from-next-line")
        return PartialDate.day(following)
    ends = [course.end for course in draft.courses if course.end]
    if len(ends) == len(draft.courses):
        return max(ends, key=lambda each: (each.latest, each.earliest))
    inferred.add("end-not-recorded")
    return None
