"""Condition resources: plasma-cell disorders, comorbidities, and transplants that stand only as a history."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import Concept, System, code_of, concept, matches_icd, members, notes, string
from fhir_mappings.dates import moment_or_period, partial_date
from fhir_mappings.facts import (
    Analyte,
    Comorbidity,
    ComorbidityKind,
    Diagnosis,
    DiagnosisKind,
    DiseaseStatus,
    Measurement,
    PartialDate,
    Problem,
    Transplant,
)
from fhir_mappings.ledger import Ledger
from fhir_mappings.quantity import Reading, read_ordinal
from fhir_mappings.terminology import ConceptRow, concept_rows, rows_by_code, rows_by_text

_NEVER = frozenset({"entered-in-error", "refuted"})
_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_VERIFIED = frozenset({"", "confirmed"})
_OTHER_PERSON = re.compile(
    r"\b(?:family history|family hx|fh of|fhx|screening for|rule[ -]?out|ruled out|r/o|at risk|maternal|paternal|exclude|"
    r"no evidence of(?! disease)|no history of)\b",
    re.IGNORECASE,
)
_SUSPECTED = re.compile(r"\b(?:suspect\w*|possible|probable|query|\?)", re.IGNORECASE)
_PAIN = re.compile(r"\b(?:with pain|painful)\b", re.IGNORECASE)
_NO_PAIN = re.compile(r"\b(?:without pain|no pain|painless|not painful)\b", re.IGNORECASE)
_CAUSED = re.compile(r"\b(?:due to|secondary to|caused by|induced by|associated with)\b")
_NYHA = re.compile(r"\bnyha\b", re.IGNORECASE)
_CLINICAL = {
    "active": DiseaseStatus.ACTIVE,
    "relapse": DiseaseStatus.RELAPSE,
    "recurrence": DiseaseStatus.RELAPSE,
    "remission": DiseaseStatus.REMISSION,
    "resolved": DiseaseStatus.INACTIVE,
    "inactive": DiseaseStatus.INACTIVE,
}
_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"


@dataclass(slots=True)
class ConditionFacts:
    """What the Conditions of one chart gave."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    comorbidities: list[Comorbidity] = field(default_factory=list)
    transplants: list[Transplant] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    car_t: list[str] = field(default_factory=list)


def read_condition(resource: Resource, source: str, facts: ConditionFacts, ledger: Ledger) -> None:
    """Add what one Condition says to `facts`."""
    verification = code_of(resource.get("verificationStatus"))
    read = concept(resource.get("code"))
    if verification in _NEVER or any(_OTHER_PERSON.search(words) for words in read.words):
        ledger.ignored += 1
        return
    if read.empty or verification not in _VERIFIED | _UNSURE:
        ledger.unreadable += 1
        return
    row = _row_of(read)
    if row is None:
        return
    sure = verification not in _UNSURE and not any(_SUSPECTED.search(words) for words in read.words)
    if row.concept == "diagnosis":
        if sure and row.kind == DiagnosisKind.PLASMA_CELL_LEUKAEMIA:
            _comorbidity(resource, ComorbidityKind.EXTRAMEDULLARY_DISEASE, source, facts)
        facts.diagnoses.append(_diagnosis(resource, row, read, sure=sure, source=source, ledger=ledger))
    elif not sure:
        ledger.ignored += 1
    elif row.concept == "comorbidity":
        _comorbidity(resource, ComorbidityKind(row.kind), source, facts)
    elif row.concept == "transplant-history":
        if not read.codes(System.ICD10, System.SNOMED) and "myeloma" in " ".join(read.words).lower():
            facts.diagnoses.append(Diagnosis(kind=DiagnosisKind.MYELOMA, source=source))
        facts.transplants.append(Transplant(on=None, autologous=row.kind == "autologous", source=source))
    elif row.concept == "car-t-history":
        facts.car_t.append(source)


def _row_of(read: Concept) -> ConceptRow | None:
    """The row of the condition list that the concept means. Words refine the code: a smouldering myeloma is often
    coded C90.00."""
    icd = read.codes(System.ICD10)
    snomed = read.codes(System.SNOMED)
    by_code = _row_by_code(icd, snomed)
    words = " ".join(read.words).lower()
    by_text = _row_by_text(words) if words else None
    if by_code is None:
        return by_text
    refined = by_text is not None and by_text.kind == DiagnosisKind.SMOULDERING and by_code.concept == "diagnosis"
    return by_text if refined else _most_telling(by_code, icd, snomed)


def _row_by_code(icd: tuple[str, ...], snomed: tuple[str, ...]) -> ConceptRow | None:
    rows, by_code = concept_rows("conditions"), rows_by_code("conditions")
    places = [by_code[code] for code in snomed if code in by_code]
    if icd:
        places += [place for place, row in enumerate(rows) if row.icd10 and any(matches_icd(code, row.icd10) for code in icd)]
    return rows[min(places)] if places else None


def _most_telling(by_code: ConceptRow, icd: tuple[str, ...], snomed: tuple[str, ...]) -> ConceptRow:
    """Among several codes of one concept the one that states the course (C90.02) says more than the plain disease."""
    if by_code.status or by_code.concept != "diagnosis":
        return by_code
    for row in concept_rows("conditions"):
        if (
            row.kind == by_code.kind
            and row.status
            and (row.codes.intersection(snomed) or any(matches_icd(code, row.icd10) for code in icd))
        ):
            return row
    return by_code


def _row_by_text(words: str) -> ConceptRow | None:
    found = [row for text, row in rows_by_text("conditions") if text in words]
    if not found:
        return None
    telling = {row.kind: row for row in found}
    if _CAUSED.search(words):  # "neuropathy due to multiple myeloma" names its cause second
        found = [row for row in found if row.concept == "comorbidity"] or found
        telling = {row.kind: row for row in found}
    for first in ("al-amyloidosis", "smouldering-myeloma", "plasma-cell-leukaemia", "mgus", "autologous", "allogeneic"):
        if first in telling and not (first == "mgus" and "multiple-myeloma" in telling):
            return telling[first]
    return found[0]


def _diagnosis(resource: Resource, row: ConceptRow, read: Concept, *, sure: bool, source: str, ledger: Ledger) -> Diagnosis:
    clinical = _CLINICAL.get(code_of(resource.get("clinicalStatus")), DiseaseStatus.UNKNOWN)
    coded = DiseaseStatus(row.status) if row.status else DiseaseStatus.UNKNOWN
    words = " ".join(read.words).lower()
    if coded is DiseaseStatus.UNKNOWN and row.kind == DiagnosisKind.MYELOMA:
        coded = _status_in(words)
    if (coded, clinical) == (DiseaseStatus.REMISSION, DiseaseStatus.RELAPSE):
        ledger.contradiction("remission-and-relapse-in-one-record", source, decides=True)
    return Diagnosis(
        kind=DiagnosisKind(row.kind),
        status=_status(clinical, coded),
        established=sure,
        onset=moment_or_period(resource, "onset").start,
        recorded=partial_date(resource.get("recordedDate")),
        asserted=_asserted(resource),
        abated=moment_or_period(resource, "abatement").start,
        source=source,
    )


def _status(clinical: DiseaseStatus, coded: DiseaseStatus) -> DiseaseStatus:
    """C90.02 counts whatever clinicalStatus says; a stated relapse or remission says more than "active"."""
    for telling in (DiseaseStatus.RELAPSE, DiseaseStatus.REMISSION):
        if coded is telling or clinical is telling:
            return telling
    return clinical if clinical is not DiseaseStatus.UNKNOWN else coded


def _status_in(words: str) -> DiseaseStatus:
    if re.search(r"\b(?:relapsed|in relapse|relapse|refractory|rezidiv)\b", words) and not re.search(
        r"\b(?:no|without) relapse", words
    ):
        return DiseaseStatus.RELAPSE
    if re.search(r"\bnot (?:having achieved|in) remission\b|\bwithout remission\b", words):
        return DiseaseStatus.ACTIVE
    return (
        DiseaseStatus.REMISSION if re.search(r"\bin (?:complete |partial |full )?remission\b", words) else DiseaseStatus.UNKNOWN
    )


def _asserted(resource: Resource) -> PartialDate | None:
    for extension in members(resource.get("extension")):
        if string(extension.get("url")) == _ASSERTED:
            return partial_date(extension.get("valueDateTime"))
    return partial_date(resource.get("assertedDate"))  # STU3


def _comorbidity(resource: Resource, kind: ComorbidityKind, source: str, facts: ConditionFacts) -> None:
    clinical = code_of(resource.get("clinicalStatus"))
    abated = any(
        resource.get(key) is not None for key in ("abatementDateTime", "abatementPeriod", "abatementString", "abatementAge")
    )
    active = False if abated or clinical in ("inactive", "resolved", "remission") else (True if clinical else None)
    onset = moment_or_period(resource, "onset").start or _asserted(resource) or partial_date(resource.get("recordedDate"))
    facts.comorbidities.append(Comorbidity(kind=kind, active=active, onset=onset, source=source))
    if active is False:
        return
    if kind is ComorbidityKind.NEUROPATHY:
        facts.measurements.append(_neuropathy(resource, onset, source, current=active is True))
    elif kind in (ComorbidityKind.HEART_FAILURE, ComorbidityKind.CARDIOMYOPATHY):
        facts.measurements.extend(_nyha(resource, onset, source, current=active is True))


def _graded_words(resource: Resource) -> list[Concept]:
    stages = [concept(stage.get("summary")) for stage in members(resource.get("stage"))]
    written = [concept(resource.get("severity")).text, notes(resource), *concept(resource.get("code")).words]
    return [stage for stage in stages if not stage.empty] + [Concept((), words) for words in written if words]


def _neuropathy(resource: Resource, onset: PartialDate | None, source: str, *, current: bool) -> Measurement:
    """The CTCAE grade of a recorded neuropathy. "moderate" is not a grade: then the grade is unknown, the neuropathy is not."""
    told = _graded_words(resource)
    readings = [read_ordinal(Analyte.NEUROPATHY_GRADE, each) for each in told]
    best = next((reading for reading in readings if reading.problem is None), Reading(problem=Problem.NO_GRADE))
    words = " ".join(piece for each in told for piece in each.words)
    recorded = partial_date(resource.get("recordedDate"))
    return Measurement(
        analyte=Analyte.NEUROPATHY_GRADE,
        value=best.value,
        low=best.low,
        high=best.high,
        problem=best.problem,
        on=recorded or onset,
        with_pain=pain_in(words),
        current=current,
        source=source,
    )


def pain_in(words: str) -> bool | None:
    """Whether a text says that the neuropathy hurts; None when it does not say."""
    if _NO_PAIN.search(words):
        return False
    return True if _PAIN.search(words) else None


def _nyha(resource: Resource, onset: PartialDate | None, source: str, *, current: bool) -> list[Measurement]:
    for each in _graded_words(resource):
        if any(_NYHA.search(words) for words in each.words):
            reading = read_ordinal(Analyte.NYHA_CLASS, each)
            if reading.problem is None:
                on = partial_date(resource.get("recordedDate")) or onset
                return [
                    Measurement(
                        analyte=Analyte.NYHA_CLASS,
                        value=reading.value,
                        low=reading.low,
                        high=reading.high,
                        on=on,
                        current=current,
                        source=source,
                    )
                ]
    return []
