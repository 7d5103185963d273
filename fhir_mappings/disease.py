"""Which plasma-cell disorder the patient has, and what the records claim of its course: relapse, remission,
response, progression."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fhir_mappings.facts import (
    ComorbidityKind,
    Course,
    Diagnosis,
    DiagnosisKind,
    DiseaseStatus,
    PartialDate,
    PatientFacts,
    RelapseKind,
    Response,
    Source,
)
from fhir_mappings.facts.frozen import frozen

_OTHER = frozenset(
    {
        DiagnosisKind.SOLITARY_PLASMACYTOMA,
        DiagnosisKind.PLASMA_CELL_LEUKAEMIA,
        DiagnosisKind.AL_AMYLOIDOSIS,
        DiagnosisKind.WALDENSTROM,
    }
)


def out_of_scope(facts: PatientFacts, *, treated: bool) -> Course | None:
    """Why this chart is none of ours; None for a myeloma. A code for myeloma beside a smouldering one is active only
    once treated."""
    if facts.patient.deceased:
        return Course.DECEASED
    kinds = {diagnosis.kind for diagnosis in facts.diagnoses if diagnosis.established}
    if DiagnosisKind.MYELOMA in kinds and (treated or DiagnosisKind.SMOULDERING not in kinds):
        return None
    if DiagnosisKind.SMOULDERING in kinds:
        return Course.PRECURSOR
    if kinds & _OTHER or any(each.kind is ComorbidityKind.EXTRAMEDULLARY_DISEASE for each in facts.comorbidities):
        return Course.OTHER_DISORDER
    return Course.PRECURSOR if DiagnosisKind.MGUS in kinds else Course.NO_MYELOMA


@frozen()
class Claim:
    """One record that says that the disease progressed (or responded) on a day. `rank` orders records by how well they date it:
    0 a relapse record, 1 a coded status, 2 laboratory results, 3 the reason a drug was stopped."""

    on: PartialDate | None
    rank: int
    kind: RelapseKind = RelapseKind.CODED
    sources: tuple[Source, ...]


def relapse_claims(facts: PatientFacts, first_therapy: date | None) -> tuple[list[Claim], list[Claim]]:
    """(certain, unsure) claims of relapse or progression by records. A relapse record whose onset is not after the first therapy
    carries the onset of the disease: it cannot date the relapse."""
    certain: list[Claim] = []
    unsure: list[Claim] = []
    for diagnosis in facts.diagnoses:
        if diagnosis.kind is DiagnosisKind.MYELOMA and diagnosis.status is DiseaseStatus.RELAPSE:
            claim = Claim(on=_relapse_date(diagnosis, first_therapy), rank=0, sources=(diagnosis.source,))
            (certain if diagnosis.established else unsure).append(claim)
    certain.extend(Claim(on=event.on, rank=1, sources=(event.source,)) for event in facts.events if event.response is Response.PD)
    return certain, unsure


def _relapse_date(diagnosis: Diagnosis, first_therapy: date | None) -> PartialDate | None:
    on = diagnosis.since
    if on is None or (first_therapy is not None and on.latest <= first_therapy):
        return None
    return on


def response_claims(facts: PatientFacts, first_therapy: date | None) -> list[Claim]:
    """Records that the disease responded: a response of at least minimal degree, or a record of remission."""
    claims = [Claim(on=event.on, rank=1, sources=(event.source,)) for event in facts.events if event.response.is_response]
    for diagnosis in facts.diagnoses:
        if diagnosis.kind is DiagnosisKind.MYELOMA and diagnosis.status is DiseaseStatus.REMISSION and diagnosis.established:
            on = next((each for each in _dates(diagnosis) if first_therapy is None or each.earliest > first_therapy), None)
            claims.append(Claim(on=on, rank=0, sources=(diagnosis.source,)))
    return claims


def _dates(diagnosis: Diagnosis) -> Iterable[PartialDate]:
    return (each for each in (diagnosis.onset, diagnosis.recorded, diagnosis.asserted) if each is not None)
