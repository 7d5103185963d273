"""The Patient resource."""

from __future__ import annotations

from collections.abc import Sequence

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import string
from fhir_mappings.dates import partial_date
from fhir_mappings.facts import Patient, Sex

_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE}


def read_patient(copies: Sequence[Resource], patient_id: str) -> Patient:
    """Birth date, administrative sex and death, from the first copy; a death that any copy records has happened. `other` and
    `unknown` genders leave the sex unknown."""
    if not copies:
        return Patient(id=patient_id)
    resource = copies[0]
    died = next((day for each in copies if (day := partial_date(each.get("deceasedDateTime")))), None)
    return Patient(
        id=patient_id,
        birth_date=partial_date(resource.get("birthDate")),
        sex=_SEXES.get(string(resource.get("gender")).lower(), Sex.UNKNOWN),
        deceased=any(each.get("deceasedBoolean") is True or each.get("deceasedDateTime") is not None for each in copies),
        deceased_on=died,
    )
