"""The Patient resource."""

from __future__ import annotations

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import string
from fhir_mappings.dates import partial_date
from fhir_mappings.facts import Patient, Sex

_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE}


def read_patient(resource: Resource | None, patient_id: str) -> Patient:
    """Birth date, administrative sex and death. `other` and `unknown` genders leave the sex unknown."""
    if resource is None:
        return Patient(id=patient_id)
    died = partial_date(resource.get("deceasedDateTime"))
    return Patient(
        id=patient_id,
        birth_date=partial_date(resource.get("birthDate")),
        sex=_SEXES.get(string(resource.get("gender")).lower(), Sex.UNKNOWN),
        deceased=resource.get("deceasedBoolean") is True or resource.get("deceasedDateTime") is not None,
        deceased_on=died,
    )
