"""Evaluations for every kind of card, built by hand, and the card that is made of one."""

from __future__ import annotations

from cds_service.cards import cards_for
from cds_service.knowledge.evaluation import (
    CurrentPractice,
    Effect,
    Finding,
    Option,
    Outcome,
    RegimenReasons,
    SupportiveCheck,
    SwitchClass,
    UnusableMeasurement,
    Verdict,
)
from cds_service.knowledge.logic import Truth
from fhir_mappings.facts import Accounting, Analyte, Conflict, Course, StopReason
from tests.support.evaluations import a_history, a_line, an_evaluation, day
from tests.support.small_knowledge import a_knowledge

HOSTILE = "Observation/<img src=x onerror=alert(1)>`` www.evil.example\n# x"


def option(regimen, verdict=Verdict.SUITABLE, rank=1, **more):
    return Option(regimen=regimen, verdict=verdict, rank=rank, **more)


def practice(*options):
    return CurrentPractice(situation="C1", title="First relapse", options=options)


def missing(regimen, verdict, *names):
    unknown = Finding(rule="r", effect=Effect.BLOCK, truth=Truth.UNKNOWN, because="b", unknown=names)
    return option(regimen, verdict, because=names, findings=(unknown,))


FOUNDING = an_evaluation()
REMOVED = an_evaluation(
    switch_class=SwitchClass(
        row="S-R1",
        title="Row",
        rationale="Reason.",
        suppressed=(RegimenReasons(regimen="Rd", because=("creatinine-clearance-below-30",)),),
    )
)
TO_CHECK = an_evaluation(
    switch_class=SwitchClass(
        row="S-R2",
        title="Row",
        preferred=("Vd", "Kd"),
        check_first=(
            RegimenReasons(regimen="Vd", because=("neuropathy-grade",)),
            RegimenReasons(regimen="Kd", because=("heart-function",)),
        ),
    ),
    current_practice=practice(missing("DKd", Verdict.CHECK_FIRST, "heart-function")),
    unknown=("neuropathy-grade", "heart-function"),
)
LATER = an_evaluation(
    reason="later-relapse",
    history=a_history(lines=(a_line(), a_line(2), a_line(3)), course=Course.LATER_RELAPSE),
    switch_class=SwitchClass(row="S-R3", title="Row", preferred=("Pd",), notes=("later-relapse-teaching-answer",)),
)
NOTHING_LEFT = an_evaluation(
    outcome=Outcome.NO_REGIMEN,
    reason="all-options-removed",
    switch_class=REMOVED.switch_class,
    current_practice=practice(option("DRd", Verdict.AVOID, because=("creatinine-clearance-below-30",))),
)
INSUFFICIENT = an_evaluation(
    outcome=Outcome.INSUFFICIENT_DATA,
    reason="dates-undecidable",
    switch_class=SwitchClass(),
    current_practice=None,
    unknown=("relapse-date",),
    history=a_history(unknown=("relapse-date", "therapy-history")),
)
CONFLICT = an_evaluation(
    outcome=Outcome.CONFLICTING_DATA,
    reason="records-contradict",
    switch_class=SwitchClass(),
    current_practice=None,
    conflicts=(
        Conflict(code="lvef-results-disagree", decides=False, sources=("Observation/o1",)),
        Conflict(code="relapse-before-therapy", decides=True, sources=("Condition/c1", "MedicationStatement/m1")),
    ),
)
CROWDED = an_evaluation(
    history=a_history(
        lines=tuple(
            a_line(number, inferred=("maintenance-planned",), sources=(HOSTILE,) * 5, end_reason=StopReason.PROGRESSION)
            for number in range(1, 12)
        ),
        refractory_to=("lenalidomide", "bortezomib"),
        intolerant_to=("thalidomide",),
        toxicities=(("thalidomide", "peripheral-neuropathy"),),
    ),
    measurements=FOUNDING.measurements * 3,
    unusable=(UnusableMeasurement(analyte=Analyte.LVEF, why="stale", value=60.0, unit="%", on=day("2024"), sources=(HOSTILE,)),),
    current_practice=practice(*(option(name, rank=rank) for rank, name in enumerate(("DRd", "KRd", "DKd", "IberDd", "Kd"), 1))),
    unknown=("neuropathy-grade", "heart-function", "pregnancy-status"),
    supportive=tuple(SupportiveCheck(code=f"s{n}", text=f"Supportive line {n}.", regimens=("Rd",)) for n in range(6)),
    accounting=Accounting(unreadable=1, not_recognised=2, foreign=3, incomplete=("procedures",)),
    conflicts=(Conflict(code="same-day-values", decides=False, sources=(HOSTILE,)),),
)
EVERY = {
    "founding": FOUNDING,
    "removed": REMOVED,
    "to-check": TO_CHECK,
    "later": LATER,
    "nothing-left": NOTHING_LEFT,
    "insufficient": INSUFFICIENT,
    "conflict": CONFLICT,
    "crowded": CROWDED,
}


def card_of(evaluation, knowledge=None, base_url="https://cds.example"):
    (card,) = cards_for(evaluation, knowledge or a_knowledge(), patient_id="p1", base_url=base_url)
    return card
