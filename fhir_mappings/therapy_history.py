"""Facts in, therapy history out: lines of therapy, resistance, and where the disease stands. Pure; no FHIR in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fhir_mappings.contradictions import contradictions
from fhir_mappings.courses import first_day, merge_courses
from fhir_mappings.disease import out_of_scope
from fhir_mappings.facts import Conflict, Course, DrugExposure, History, PatientFacts, StopReason
from fhir_mappings.lines import OPENS_A_LINE, Draft, distinct_transplants, finished
from fhir_mappings.purposes import is_car_t, is_steroid, with_purposes
from fhir_mappings.refractoriness import resistance
from fhir_mappings.relapse import Evidence, Standing, standing
from fhir_mappings.therapy_order import order_therapy

HISTORY_INCOMPLETE = "history-incomplete"
_DECIDED = frozenset({Course.IN_REMISSION, Course.ON_TREATMENT, Course.NEWLY_DIAGNOSED})


def reconstruct(facts: PatientFacts, *, as_of: date) -> History:
    """The therapy history as it stands on the day `as_of`."""
    transplants, undated_transplants = distinct_transplants(facts.transplants)
    courses = courses_of(facts, as_of=as_of)
    exposed = tuple(sorted({course.drug for course in courses}))
    therapy = order_therapy(facts, courses, transplants, undated_transplants, as_of)
    scope = out_of_scope(facts, treated=bool(therapy.drafts))
    if scope is not None:
        return History(course=scope, exposed_to=exposed, conflicts=facts.conflicts)
    evidence = Evidence.of(facts, therapy, as_of)
    stands = standing(facts, therapy, evidence, as_of)
    resisted = resistance(courses, therapy.drafts, evidence.progressions(therapy.drafts), facts.events, as_of)
    conflicts = (*_weighed(facts.conflicts, exposed), *contradictions(facts, therapy.drafts, as_of), *stands.conflicts)
    return History(
        course=_settled(stands, conflicts),
        lines=tuple(finished(therapy.drafts, as_of)),
        exposed_to=exposed,
        refractory_to=tuple(sorted(resisted.refractory)),
        intolerant_to=tuple(sorted(resisted.intolerant)),
        refractory_undecided=tuple(sorted(resisted.undecided)),
        last_given=tuple(sorted(resisted.last_given.items())),
        toxicities=tuple(sorted((drug, toxicity) for drug, toxicity in resisted.toxicities.items() if toxicity)),
        relapse=stands.relapse,
        unknown=tuple(sorted({*stands.unknown, *_unknown(facts, therapy.drafts, therapy.unplaced)})),
        notes=(HISTORY_INCOMPLETE,) if _incomplete(facts, therapy.drafts) else (),
        conflicts=conflicts,
    )


def courses_of(facts: PatientFacts, *, as_of: date) -> list[DrugExposure]:
    """Every course of every drug with what it was given for, each told once, in order of time."""
    transplants, _ = distinct_transplants(facts.transplants)
    return with_purposes(
        merge_courses(facts.exposures, as_of),
        transplants=[each.on.earliest for each in transplants if each.on],
        harvests=[each.earliest for each in facts.harvests],
        infusions=[day for each in facts.exposures if is_car_t(each.drug) and (day := first_day(each)) is not None],
        diagnoses=facts.diagnoses,
    )


def _settled(stands: Standing, conflicts: Iterable[Conflict]) -> Course:
    """A contradiction that decides outweighs every answer but the plain ones."""
    future = any(conflict.code == "dated-after-as-of" for conflict in conflicts)
    undecided = stands.course not in _DECIDED and any(conflict.decides for conflict in conflicts)
    return Course.CONTRADICTORY if future or undecided else stands.course


def _weighed(conflicts: Iterable[Conflict], exposed: tuple[str, ...]) -> list[Conflict]:
    """A drug whose code and name differ decides nothing when the chart shows both drugs elsewhere."""
    return [
        Conflict(
            code=each.code,
            decides=each.decides and not (each.drugs and set(each.drugs) <= set(exposed)),
            drugs=each.drugs,
            sources=each.sources,
        )
        for each in conflicts
    ]


def _unknown(facts: PatientFacts, drafts: list[Draft], unplaced: list[DrugExposure]) -> set[str]:
    unknown = set()
    if unplaced or facts.unnamed_therapies or _induction_missing(drafts):
        unknown.add("therapy-history")
    if drafts and any(
        not course.ongoing and course.stop_reason is StopReason.UNKNOWN
        for course in drafts[-1].courses
        if course.purpose in OPENS_A_LINE and not is_steroid(course.drug) and not is_car_t(course.drug)
    ):
        unknown.add("stop-reason")
    return unknown


def _induction_missing(drafts: list[Draft]) -> bool:
    """The first thing seen is a transplant or a maintenance: what came before was given elsewhere."""
    first = drafts[0] if drafts else None
    return first is not None and ("induction-not-recorded" in first.inferred or all(each.maintenance for each in first.courses))


def _incomplete(facts: PatientFacts, drafts: list[Draft]) -> bool:
    return bool(facts.accounting.incomplete or facts.unnamed_therapies) or _induction_missing(drafts)
