"""The sheet that an encoder writes on: resources by prefetch key, numbered as they come, and the request made of them."""

from __future__ import annotations

import uuid
from typing import Any

Json = dict[str, Any]

KEYS = (
    "patient",
    "conditions",
    "medicationStatements",
    "medicationRequests",
    "medicationAdministrations",
    "procedures",
    "observations",
)
MEDICATION_KEYS = ("medicationStatements", "medicationRequests", "medicationAdministrations")

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
UCUM = "http://unitsofmeasure.org"
CPT = "http://www.ama-assn.org/go/cpt"
HL7 = "http://terminology.hl7.org/CodeSystem/"

_NAMESPACE = uuid.UUID("6b1f4e4e-3d55-5a5e-9d0c-4a1f2f3c7d10")
_PREFIX = {
    "Condition": "c",
    "MedicationStatement": "ms",
    "MedicationRequest": "mr",
    "MedicationAdministration": "ma",
    "Medication": "med",
    "Procedure": "p",
    "Observation": "o",
}
_KEY = {
    "Condition": "conditions",
    "MedicationStatement": "medicationStatements",
    "MedicationRequest": "medicationRequests",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "Observation": "observations",
}


class Page:
    """What has been written so far for one patient."""

    def __init__(self, patient_id: str) -> None:
        self.patient_id = patient_id
        self.patient: Json = {"resourceType": "Patient", "id": patient_id}
        self.resources: dict[str, list[Json]] = {key: [] for key in KEYS if key != "patient"}
        self._counts: dict[str, int] = {}

    @property
    def subject(self) -> Json:
        return {"reference": f"Patient/{self.patient_id}"}

    def put(self, resource_type: str, content: Json, *, key: str | None = None) -> str:
        """Adds a resource under the prefetch key of its type; gives the reference to it. Members that are None are left out."""
        number = self._counts[resource_type] = self._counts.get(resource_type, 0) + 1
        name = f"{_PREFIX[resource_type]}{number}"
        body = {member: value for member, value in content.items() if value is not None}
        self.resources[key or _KEY[resource_type]].append({"resourceType": resource_type, "id": name, **body})
        return f"{resource_type}/{name}"

    def request(self) -> Json:
        """The complete patient-view call."""
        prefetch: Json = {"patient": self.patient}
        prefetch |= {key: searchset(resources) for key, resources in self.resources.items()}
        return {
            "hook": "patient-view",
            "hookInstance": str(uuid.uuid5(_NAMESPACE, self.patient_id)),
            "context": {"userId": "Practitioner/haematologist-1", "patientId": self.patient_id},
            "prefetch": prefetch,
        }


def searchset(resources: list[Json]) -> Json:
    """A search answer. Medications stand beside what refers to them, as an include would bring them."""
    matches = sum(resource["resourceType"] != "Medication" for resource in resources)
    entries = [
        {
            "fullUrl": f"https://ehr.example/fhir/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "search": {"mode": "include" if resource["resourceType"] == "Medication" else "match"},
        }
        for resource in resources
    ]
    bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": matches}
    return bundle | ({"entry": entries} if entries else {})


def coding(system: str, code: str, display: str | None = None) -> Json:
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(*codings: Json, text: str | None = None) -> Json:
    return ({"coding": list(codings)} if codings else {}) | ({"text": text} if text else {})


def clinical_status(code: str) -> Json:
    return concept(coding(f"{HL7}condition-clinical", code))


def confirmed() -> Json:
    return concept(coding(f"{HL7}condition-ver-status", "confirmed"))


def period(start: str | None, end: str | None) -> Json | None:
    found = ({"start": start} if start else {}) | ({"end": end} if end else {})
    return found or None


def category(code: str) -> list[Json]:
    return [concept(coding(f"{HL7}observation-category", code))]


def quantity(value: float, unit: str, code: str | None) -> Json:
    return {"value": value, "unit": unit} | ({"system": UCUM, "code": code} if code else {})
