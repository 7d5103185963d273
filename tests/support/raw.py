"""Single resources and requests written by hand, for charts that say one thing in an unusual way."""

from __future__ import annotations

from typing import Any

from tests.support.dialects.page import HL7, ICD10CM, LOINC, RXNORM, Json, clinical_status, coding, concept, searchset

PATIENT = "p-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}
START, END = "2024-01-08", "2024-06-10"
RELAPSE = "2026-10-05"
_KEYS = {
    "Condition": "conditions",
    "MedicationStatement": "medicationStatements",
    "MedicationRequest": "medicationRequests",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "Observation": "observations",
    "Medication": "medicationRequests",
}


def a_request(*resources: Json, patient: Json | None = None, **prefetch: Any) -> Json:
    """A patient-view call with each resource under the key of its type. Keyword arguments replace whole prefetch keys; the value
    `...` leaves the key out. Resources without an id are numbered."""
    by_key: dict[str, list[Json]] = {key: [] for key in dict.fromkeys(_KEYS.values())}
    for number, resource in enumerate(resources, start=1):
        by_key[_KEYS[resource["resourceType"]]].append({"id": f"r{number}", **resource})
    person = {"resourceType": "Patient", "id": PATIENT, "gender": "male", "birthDate": "1961-04-12"}
    content: Json = {"patient": patient or person} | {key: searchset(found) for key, found in by_key.items()} | prefetch
    return {
        "hook": "patient-view",
        "hookInstance": "5c1d5f0e-2a53-4c11-8a1c-33f0a1f1c001",
        "context": {"userId": "Practitioner/d-1", "patientId": PATIENT},
        "prefetch": {key: value for key, value in content.items() if value is not ...},
    }


def relapsed(*resources: Json, on: str = RELAPSE, **prefetch: Any) -> Json:
    """Myeloma known since the end of 2023, coded as relapsed, with the given resources."""
    return a_request(myeloma(), in_relapse(on), *resources, **prefetch)


def condition(
    code: str | None = None, text: str | None = None, *, system: str = ICD10CM, status: str | None = "active", **more: Any
) -> Json:
    body: Json = {
        "resourceType": "Condition",
        "code": concept(*([coding(system, code)] if code else []), text=text),
        "subject": SUBJECT,
    }
    return body | ({"clinicalStatus": clinical_status(status)} if status else {}) | more


def myeloma(**more: Any) -> Json:
    return condition("C90.00", "Multiple myeloma", **{"onsetDateTime": "2023-12-18", **more})


def in_relapse(on: str = RELAPSE, **more: Any) -> Json:
    return condition("C90.02", "Multiple myeloma in relapse", **{"recordedDate": on, **more})


def verification(code: str) -> Json:
    return {"verificationStatus": concept(coding(f"{HL7}condition-ver-status", code))}


def drug(text: str | None = None, *, rxnorm: str | None = None, code: tuple[str, str] | None = None) -> Json:
    """`medicationCodeableConcept` from text, an RxNorm code or any (system, code)."""
    codings = ([coding(RXNORM, rxnorm)] if rxnorm else []) + ([coding(*code)] if code else [])
    return {"medicationCodeableConcept": concept(*codings, text=text)}


def statement(
    text: str | None = None,
    start: str | None = START,
    end: str | None = END,
    *,
    status: str = "completed",
    stop: str | None = "completed as planned",
    **more: Any,
) -> Json:
    """A MedicationStatement. Without `text` the medication is to be given in `more`."""
    dates = ({"start": start} if start else {}) | ({"end": end} if end else {})
    body: Json = {"resourceType": "MedicationStatement", "status": status, "subject": SUBJECT}
    body |= drug(text) if text else {}
    body |= {"effectivePeriod": dates} if dates else {}
    return body | ({"statusReason": [concept(text=stop)]} if stop else {}) | more


def order(
    text: str | None = None,
    start: str | None = START,
    end: str | None = END,
    *,
    status: str = "completed",
    intent: str = "order",
    **more: Any,
) -> Json:
    bounds = ({"start": start} if start else {}) | ({"end": end} if end else {})
    body: Json = {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": intent,
        "subject": SUBJECT,
        "authoredOn": start,
    }
    body |= drug(text) if text else {}
    return body | {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": bounds}}}]} | more


def administration(text: str, on: str, *, status: str = "completed", **more: Any) -> Json:
    return {
        "resourceType": "MedicationAdministration",
        "status": status,
        "subject": SUBJECT,
        **drug(text),
        "effectiveDateTime": on,
        **more,
    }


def procedure(text: str, on: str | None, **more: Any) -> Json:
    body: Json = {"resourceType": "Procedure", "status": "completed", "code": concept(text=text), "subject": SUBJECT}
    return body | ({"performedDateTime": on} if on else {}) | more


def transplant(on: str | None, **more: Any) -> Json:
    return procedure("Autologous stem cell transplantation", on, **more)


def observation(loinc: str, on: str | None, *, status: str = "final", **more: Any) -> Json:
    body: Json = {"resourceType": "Observation", "status": status, "code": concept(coding(LOINC, loinc)), "subject": SUBJECT}
    return body | ({"effectiveDateTime": on} if on else {}) | more


def measured(loinc: str, value: float, unit: str | None, on: str, **more: Any) -> Json:
    """A laboratory result; `unit` is written both for people and as the UCUM code."""
    quantity: Json = {"value": value}
    quantity |= {"unit": unit, "system": "http://unitsofmeasure.org", "code": unit} if unit else {}
    return observation(loinc, on, valueQuantity=quantity, **more)


def outcome(text: str, code: str = "forbidden") -> Json:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code, "details": {"text": text}}]}
