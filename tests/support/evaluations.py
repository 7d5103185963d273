"""Evaluations built by hand, for tests of what is said about them: no chart is read and no policy runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from cds_service.knowledge.evaluation import (
    Comparison,
    CurrentPractice,
    Dose,
    Evaluation,
    Jurisdiction,
    Option,
    Outcome,
    RegimenReasons,
    SwitchClass,
    UsedMeasurement,
    Verdict,
)
from fhir_mappings.facts import Analyte, Course, History, LineOfTherapy, PartialDate, Relapse, RelapseKind, StopReason

AS_OF = date(2026, 11, 22)


def day(text: str) -> PartialDate:
    """`2024-05-20`, `2024-05` or `2024` as a partial date."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return PartialDate.day(date(*parts))
    return PartialDate.month(*parts) if len(parts) == 2 else PartialDate.year(*parts)


def a_line(number: int = 1, **changes: Any) -> LineOfTherapy:
    """Induction with bortezomib, thalidomide and dexamethasone, then a transplant."""
    line = LineOfTherapy(
        number=number,
        drugs=("bortezomib", "thalidomide", "dexamethasone"),
        start=day("2024-01-05"),
        end=day("2024-05-20"),
        transplant=day("2024-07-01"),
        had_transplant=True,
        end_reason=StopReason.COMPLETED,
        sources=("MedicationStatement/m1", "Procedure/p1"),
    )
    return replace(line, **changes)


def a_history(**changes: Any) -> History:
    """One line of therapy, then a relapse 18 months after the transplant."""
    history = History(
        course=Course.FIRST_RELAPSE,
        lines=(a_line(),),
        exposed_to=("bortezomib", "thalidomide", "dexamethasone"),
        relapse=Relapse(
            on=day("2026-01-10"),
            kind=RelapseKind.CLINICAL,
            anchor="transplant",
            anchor_date=day("2024-07-01"),
            months=18,
            early=False,
            sources=("Condition/c1",),
        ),
    )
    return replace(history, **changes)


def an_evaluation(**changes: Any) -> Evaluation:
    """The founding patient: first relapse at 18 months, Rd preferred, DRd first in current practice."""
    evaluation = Evaluation(
        outcome=Outcome.RECOMMENDATION,
        reason=Course.FIRST_RELAPSE.value,
        as_of=AS_OF,
        jurisdiction=Jurisdiction.US,
        knowledge_version="2026.11.1",
        knowledge_digest="sha256:" + "0" * 64,
        history=a_history(),
        measurements=(
            UsedMeasurement(
                analyte=Analyte.CREATININE_CLEARANCE,
                value=71.875,
                unit="mL/min",
                method="cockcroft-gault",
                on=day("2026-11-10"),
                sources=("Observation/o1",),
            ),
            UsedMeasurement(analyte=Analyte.NEUROPATHY_GRADE, value=0.0, on=day("2026-11-10"), sources=("Observation/o2",)),
        ),
        switch_class=SwitchClass(
            row="S-R1",
            title="Proteasome inhibitor before, no lenalidomide or pomalidomide before",
            rationale="A drug of a class not used before is expected to work where the last class has been used up.",
            preferred=("Rd",),
            why_not=(
                RegimenReasons(regimen="Pd", because=("not-lenalidomide-refractory",)),
                RegimenReasons(regimen="Vd", because=("bortezomib-already-used",)),
                RegimenReasons(regimen="Kd", because=("relapse-not-early",)),
            ),
            notes=("thalidomide-is-an-imid",),
        ),
        current_practice=CurrentPractice(
            situation="C1",
            title="First relapse, sensitive to lenalidomide and to anti-CD38",
            options=(
                Option(regimen="DRd", verdict=Verdict.SUITABLE, rank=1, evidence=("POLLUX",)),
                Option(regimen="KRd", verdict=Verdict.SUITABLE, rank=2, evidence=("ASPIRE",)),
            ),
        ),
        comparison=Comparison(agrees=False, text="Randomised trials used Rd as the losing arm."),
        doses=(
            Dose(regimen="Rd", drug="lenalidomide", text="25 mg by mouth on days 1 to 21 of 28"),
            Dose(regimen="Rd", drug="dexamethasone", text="40 mg by mouth on days 1, 8, 15 and 22 of 28"),
            Dose(regimen="DRd", drug="daratumumab", because=("dose-not-verified",)),
        ),
    )
    return replace(evaluation, **changes)
