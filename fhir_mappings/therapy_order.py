"""Courses and transplants put in order of time, with the progressions that divide them into lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fhir_mappings.courses import first_day
from fhir_mappings.disease import Claim, relapse_claims
from fhir_mappings.facts import DrugExposure, PatientFacts, StopReason, Transplant
from fhir_mappings.facts.frozen import frozen
from fhir_mappings.lines import OPENS_A_LINE, Draft, build_lines
from fhir_mappings.progression import LabProgression, lab_progressions
from fhir_mappings.purposes import is_steroid


@frozen()
class Therapy:
    """The therapy of one chart in order. `unplaced`: courses that no date puts into a line; `undecidable`: the order
    of the dated ones
    is open. `claims` are the certain records of progression, `unsure` the uncertain ones."""

    drafts: list[Draft]
    unplaced: list[DrugExposure]
    undecidable: bool
    claims: list[Claim]
    unsure: list[Claim]
    undated_transplant: bool


def order_therapy(
    facts: PatientFacts,
    courses: Sequence[DrugExposure],
    transplants: Sequence[Transplant],
    undated_transplants: Sequence[Transplant],
    as_of: date,
) -> Therapy:
    """The lines of therapy and what divides them."""
    openers = [course for course in courses if course.purpose in OPENS_A_LINE and not is_steroid(course.drug)]
    dated = [course for course in courses if (day := first_day(course)) is not None and day <= as_of]
    days = [day for course in openers if (day := first_day(course)) is not None and day <= as_of]
    days += [each.on.earliest for each in transplants if each.on]
    first = min(days, default=None)
    certain, unsure = relapse_claims(facts, first)
    labs = lab_progressions(facts.measurements, since=first, as_of=as_of) if first else []
    certain += [_claim(each) for each in labs if each.confirmed] + _stopped_for_progression(openers)
    unsure += [_claim(each) for each in labs if not each.confirmed]
    days_of_progression = sorted({claim.on.earliest for claim in certain if claim.on and claim.on.earliest <= as_of})
    happened = [each for each in transplants if each.on and each.on.earliest <= as_of]
    drafts = build_lines(dated, happened, undated_transplants, days_of_progression)
    placed = {drug for draft in drafts for drug in draft.drugs}
    return Therapy(
        drafts=drafts,
        unplaced=[course for course in openers if first_day(course) is None and course.drug not in placed],
        undecidable=_undecidable(openers),
        claims=[claim for claim in certain if claim.on is None or claim.on.earliest <= as_of],
        unsure=[claim for claim in unsure if claim.on is None or claim.on.earliest <= as_of],
        undated_transplant=bool(undated_transplants),
    )


def _claim(found: LabProgression) -> Claim:
    return Claim(on=found.on, rank=2, kind=found.kind, sources=found.sources)


def _stopped_for_progression(courses: Sequence[DrugExposure]) -> list[Claim]:
    return [
        Claim(on=course.end, rank=3, sources=course.sources)
        for course in courses
        if course.stop_reason is StopReason.PROGRESSION and course.end is not None
    ]


def _undecidable(openers: Sequence[DrugExposure]) -> bool:
    """Two different drugs whose written dates do not tell which came first, nor that they came together."""
    dated = [course for course in openers if course.start is not None]
    for one in dated:
        for other in dated:
            if (
                one.drug < other.drug
                and one.start
                and other.start
                and one.start != other.start
                and not set(one.sources) & set(other.sources)
            ):
                coarse = not (one.start.exact and other.start.exact)
                span = max(one.start.latest, other.start.latest) - min(one.start.earliest, other.start.earliest)
                if coarse and one.start.before(other.start) is None and other.start.before(one.start) is None and span.days > 62:
                    return True
    return False
