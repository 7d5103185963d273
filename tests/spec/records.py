"""Charts told as dated records, and the history that is reconstructed from them, each in one line of text.

    VTd 2024-01-08 to 2024-05-13; transplant 2024-07-02; relapse 2026-01-10; M-protein 2025-01-06 0.2, 2025-07-07 0.9

A course is a regimen or a drug with its first and last dose (or `since` its first), then why it ended and what it was for.
"""

from __future__ import annotations

import re

from fhir_mappings.dates import partial_date
from fhir_mappings.drug_text import read_drug_text
from fhir_mappings.facts import (
    Analyte,
    Diagnosis,
    DiagnosisKind,
    DiseaseEvent,
    DiseaseStatus,
    DrugExposure,
    History,
    LineOfTherapy,
    Measurement,
    PartialDate,
    Patient,
    PatientFacts,
    Purpose,
    Response,
    StopReason,
    Transplant,
)
from fhir_mappings.terminology import labs
from fhir_mappings.therapy_history import reconstruct
from tests.spec.language import AS_OF

NOTHING = "—"
_DATE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_COURSE = re.compile(
    rf"(?P<drugs>\S+) (?:(?P<start>{_DATE}) to (?P<end>{_DATE})|since (?P<since>{_DATE})|on (?P<day>{_DATE})|undated)"
    r"(?P<rest>.*)$"
)
_SHORT = {
    "V": "bortezomib",
    "R": "lenalidomide",
    "D": "daratumumab",
    "T": "thalidomide",
    "K": "carfilzomib",
    "dex": "dexamethasone",
}
_RESULTS = {
    "M-protein": Analyte.SERUM_M_PROTEIN,
    "urine M-protein": Analyte.URINE_M_PROTEIN,
    "kappa": Analyte.FREE_KAPPA,
    "lambda": Analyte.FREE_LAMBDA,
    "calcium": Analyte.CALCIUM,
    "haemoglobin": Analyte.HAEMOGLOBIN,
}


def answered(row: dict[str, str]) -> dict[str, str]:
    """The row with what the history says in each of its columns."""
    history = reconstruct(facts_of(row["chart"]), as_of=AS_OF)
    return {name: row["chart"] if name == "chart" else _column(name, history) for name in row}


def facts_of(text: str) -> PatientFacts:
    """The facts that the text tells; a multiple myeloma unless it says otherwise."""
    diagnoses = [Diagnosis(kind=DiagnosisKind.MYELOMA, status=DiseaseStatus.ACTIVE, source="Condition/myeloma")]
    exposures: list[DrugExposure] = []
    transplants: list[Transplant] = []
    events: list[DiseaseEvent] = []
    measurements: list[Measurement] = []
    for number, said in enumerate(part.strip() for part in text.split(";")):
        source = f"Record/{number:02}"
        word, _, rest = said.partition(" ")
        name = next((name for name in _RESULTS if said.startswith(name + " ")), None)
        if name:
            measurements += _results(_RESULTS[name], said.removeprefix(name), source)
        elif word in ("relapse", "remission"):
            diagnoses.append(
                Diagnosis(kind=DiagnosisKind.MYELOMA, status=DiseaseStatus(word), onset=partial_date(rest), source=source)
            )
        elif word == "transplant":
            transplants.append(Transplant(on=_first_date(rest), tandem="tandem" in rest, source=source))
        elif word == "response":
            grade, _, on = rest.partition(" ")
            events.append(DiseaseEvent(response=Response(grade), on=partial_date(on), source=source))
        elif word == "only":
            diagnoses = [Diagnosis(kind=DiagnosisKind(rest), source="Condition/other")]
        else:
            exposures += _course(said, source)
    return PatientFacts(
        patient=Patient(id="p"),
        diagnoses=tuple(diagnoses),
        exposures=tuple(exposures),
        transplants=tuple(transplants),
        events=tuple(events),
        measurements=tuple(measurements),
    )


def _first_date(text: str) -> PartialDate | None:
    found = re.search(_DATE, text)
    return partial_date(found[0]) if found else None


def _results(analyte: Analyte, text: str, source: str) -> list[Measurement]:
    pairs = re.findall(rf"({_DATE}) ([\d.]+)", text)
    assert labs()[analyte]
    return [
        Measurement(analyte=analyte, value=float(value), on=partial_date(on), source=f"{source}.{place}")
        for place, (on, value) in enumerate(pairs)
    ]


def _course(said: str, source: str) -> list[DrugExposure]:
    match = _COURSE.match(said)
    assert match is not None, said
    rest = match["rest"]
    named = [_SHORT[match["drugs"]]] if match["drugs"] in _SHORT else sorted(read_drug_text(match["drugs"], 2024).drugs)
    assert named, said
    start, end = match["start"] or match["since"] or match["day"], match["end"] or match["day"]
    reason = next(
        (each for each in StopReason if re.search(rf"\b{each}\b", rest)), StopReason.COMPLETED if end else StopReason.UNKNOWN
    )
    purpose = next((each for each in Purpose if each is not Purpose.MYELOMA and each.value in rest), Purpose.UNKNOWN)
    return [
        DrugExposure(
            drug=drug,
            start=partial_date(start),
            end=partial_date(end),
            ongoing=match["since"] is not None,
            stop_reason=StopReason.UNKNOWN if "no reason" in rest else reason,
            purpose=purpose,
            maintenance="maintenance" in rest,
            sources=(source,),
        )
        for drug in named
    ]


def _column(name: str, history: History) -> str:
    relapse = history.relapse
    plain = {
        "course": history.course.value,
        "lines": str(len(history.lines)),
        "drugs": " / ".join(" + ".join(line.drugs) for line in history.lines) or NOTHING,
        "ends": " / ".join(_ended(line) for line in history.lines) or NOTHING,
        "assumed": " / ".join(", ".join(line.inferred) or NOTHING for line in history.lines) or NOTHING,
        "transplants": " / ".join(str(line.transplant or NOTHING) for line in history.lines) or NOTHING,
        "exposed": ", ".join(history.exposed_to) or NOTHING,
        "refractory": ", ".join(history.refractory_to) or NOTHING,
        "intolerant": ", ".join(history.intolerant_to) or NOTHING,
        "open": ", ".join(history.refractory_undecided) or NOTHING,
        "unknown": ", ".join(history.unknown) or NOTHING,
        "notes": ", ".join(history.notes) or NOTHING,
        "conflicts": ", ".join(conflict.code for conflict in history.conflicts) or NOTHING,
        "relapse": str(relapse.on or NOTHING) if relapse else NOTHING,
        "kind": relapse.kind.value if relapse else NOTHING,
        "from": f"{relapse.anchor} {relapse.anchor_date or 'undated'}" if relapse and relapse.anchor else NOTHING,
        "months": str(relapse.months) if relapse and relapse.months is not None else NOTHING,
        "early": {True: "yes", False: "no", None: NOTHING}[relapse.early] if relapse else NOTHING,
    }
    return plain[name]


def _ended(line: LineOfTherapy) -> str:
    return "ongoing" if line.ongoing else f"{line.end or NOTHING} {line.end_reason}"
