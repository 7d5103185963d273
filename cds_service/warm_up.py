"""Judges one made-up chart before the first call: the lists are read and the patterns built before the workers are forked, so
that no caller waits for them and the workers share them."""

from __future__ import annotations

from datetime import date

from cds_service.cards import cards_for
from cds_service.evaluation_json import as_extension
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.model import Knowledge
from fhir_mappings.chart import missing_required, read_chart
from fhir_mappings.therapy_history import reconstruct

_DAY = date(2026, 11, 22)
_ICD, _LOINC = "http://hl7.org/fhir/sid/icd-10-cm", "http://loinc.org"


def warm_up(knowledge: Knowledge) -> None:
    """One call's work, without the call."""
    chart = _chart()
    missing_required(chart, patient_id="nobody")
    facts = read_chart(chart, patient_id="nobody", as_of=_DAY)
    history = reconstruct(facts, as_of=_DAY)
    evaluation = evaluate(facts, history, knowledge, as_of=_DAY, jurisdiction=Jurisdiction.US)
    cards_for(evaluation, knowledge, patient_id="nobody", base_url=None)
    as_extension(evaluation)


def _chart() -> dict[str, object]:
    drug = _record(
        "MedicationStatement", status="stopped", medicationCodeableConcept={"text": "VTd"}, statusReason=[{"text": "x"}]
    )
    drug["effectivePeriod"] = {"start": "2024-01-08", "end": "2024-06-03"}
    relapse = _record("Condition", code={"coding": [{"system": _ICD, "code": "C90.02"}], "text": "Multiple myeloma"})
    relapse["onsetDateTime"] = "2026-10-05"
    result = _record("Observation", status="final", code={"coding": [{"system": _LOINC, "code": "2160-0"}]})
    result |= {"effectiveDateTime": "2026-11-10", "valueQuantity": {"value": 1.0, "unit": "mg/dL"}}
    home = _record("MedicationStatement", id="home", status="active", medicationCodeableConcept={"text": "amlodipine 5 mg"})
    named = _record("Observation", id="named", status="final", code={"text": "Creatinine"}, valueString="1.0 mg/dL")
    response = _record("Observation", id="response", status="final", code={"text": "Response"}, valueString="VGPR")
    transplant = _record("Procedure", status="completed", code={"text": "Autologous stem cell transplant"})
    chart: dict[str, object] = {
        key: {"resourceType": "Bundle", "entry": [{"resource": each} for each in records]}
        for key, records in (
            ("conditions", [relapse]),
            ("medicationStatements", [drug, home]),
            ("observations", [result, named, response]),
            ("procedures", [transplant]),
        )
    }
    chart["patient"] = {"resourceType": "Patient", "id": "nobody", "birthDate": "1960-01-01", "gender": "female"}
    return chart


def _record(kind: str, **members: object) -> dict[str, object]:
    return {"resourceType": kind, "id": "x", "subject": {"reference": "Patient/nobody"}, **members}
