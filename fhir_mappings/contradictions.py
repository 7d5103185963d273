"""Records that contradict each other about therapy: shown, not silently resolved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from fhir_mappings.courses import first_day, last_day
from fhir_mappings.definitions import definitions
from fhir_mappings.facts import (
    Conflict,
    DiagnosisKind,
    DiseaseStatus,
    DrugExposure,
    Origin,
    PartialDate,
    PatientFacts,
    Response,
)
from fhir_mappings.lines import Draft
from fhir_mappings.medication import ACTIVE_WITH_END
from fhir_mappings.progression import MARKERS, disagreeing


def contradictions(facts: PatientFacts, drafts: Sequence[Draft], as_of: date) -> list[Conflict]:
    """Everything in the chart's therapy that cannot be true together."""
    return [*_future(facts, as_of), *_active_after_stop(facts, as_of), *_overlapping_lines(drafts), *_results_differ(facts)]


def _future(facts: PatientFacts, as_of: date) -> list[Conflict]:
    """Therapy, transplant or relapse dated after the day the chart is judged on."""
    dated: list[tuple[PartialDate | None, str]] = [(each.on, each.source) for each in facts.transplants]
    dated += [(each.start, source) for each in facts.exposures for source in each.sources]
    dated += [(each.on, each.source) for each in facts.events if each.response is Response.PD]
    dated += [
        (each.since, each.source)
        for each in facts.diagnoses
        if each.kind is DiagnosisKind.MYELOMA and each.status is DiseaseStatus.RELAPSE
    ]
    sources = tuple(sorted({source for on, source in dated if on is not None and on.earliest > as_of}))
    return [Conflict(code="dated-after-as-of", decides=True, sources=sources)] if sources else []


def _active_after_stop(facts: PatientFacts, as_of: date) -> list[Conflict]:
    """One record says that a course ended, another of the same course that it is still given."""
    found = [
        Conflict(code="active-after-stop", decides=False, drugs=(each.drug,), sources=each.sources)
        for each in facts.exposures
        if ACTIVE_WITH_END in each.inferred and each.end is not None and each.end.latest < as_of
    ]
    told = [each for each in facts.exposures if each.origin in (Origin.STATEMENT, Origin.ORDER) and each.start is not None]
    for ended in told:
        for running in told:
            if ended.drug == running.drug and running.ongoing and ended.end is not None and _one_course(ended, running):
                sources = tuple(sorted({*ended.sources, *running.sources}))
                found.append(Conflict(code="active-after-stop", decides=False, drugs=(ended.drug,), sources=sources))
    return found


def _one_course(ended: DrugExposure, running: DrugExposure) -> bool:
    lead = timedelta(days=definitions("courses")["order_lead_days"])
    one, other = first_day(ended), first_day(running)
    return one is not None and other is not None and abs(one - other) <= lead


def _overlapping_lines(drafts: Sequence[Draft]) -> list[Conflict]:
    """A drug of the earlier line is recorded well into the next, of which it is no part."""
    tolerance = timedelta(days=definitions("lines")["same_regimen_start_days"])
    found = []
    for draft, following in pairwise(drafts):
        late = [
            course
            for course in draft.courses
            if course.drug not in following.drugs
            and course not in following.carried
            and (end := last_day(course)) is not None
            and end > following.start + tolerance
        ]
        if late:
            sources = tuple(sorted({source for course in late for source in course.sources}))
            found.append(
                Conflict(
                    code="overlapping-lines", decides=False, drugs=tuple(sorted({each.drug for each in late})), sources=sources
                )
            )
    return found


def _results_differ(facts: PatientFacts) -> list[Conflict]:
    """Two results of one myeloma marker at one time that are not the same number: neither is used."""
    found = []
    markers = [each for each in facts.measurements if each.analyte in MARKERS]
    for (analyte, _), values in disagreeing(markers).items():
        sources = tuple(sorted({each.source for each in values}))
        found.append(Conflict(code=f"{analyte}-results-disagree", decides=False, sources=sources))
    return found
