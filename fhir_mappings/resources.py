"""The one place that knows `fhir.resources`: building and checking what leaves us.

Resources are built as plain dicts in FHIR's own member order; `check` reads one with the R4B model and raises what that finds.
Building does not validate: the shapes are few and fixed, so the tests check every one that the knowledge can produce, and the
only value that comes from a request, the patient's id, is held to FHIR's id grammar here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
SNOMED_CT = "http://snomed.info/sct"

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_MYELOMA = {"coding": [{"system": SNOMED_CT, "code": "109989006", "display": "Multiple myeloma"}], "text": "Multiple myeloma"}


class InvalidResourceError(ValueError):
    """A resource that the R4 model refuses. The message names members and reasons, never values."""


def medication_proposal(*, patient_id: str, drug: str, rxnorm: str | None, atc: str | None, dosage_text: str) -> dict[str, Any]:
    """A draft MedicationRequest that proposes one drug (an INN) to one patient.

    Raises ValueError when `patient_id` is not a FHIR id: such an id must have been refused at the door.
    """
    if not _ID.fullmatch(patient_id):
        raise ValueError("patient id outside FHIR's id grammar")
    concept: dict[str, Any] = {}
    coding = [{"system": system, "code": code, "display": drug} for system, code in ((RXNORM, rxnorm), (ATC, atc)) if code]
    if coding:
        concept["coding"] = coding
    concept["text"] = drug
    return {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": concept,
        "subject": {"reference": f"Patient/{patient_id}"},
        "reasonCode": [_MYELOMA],
        "dosageInstruction": [{"text": dosage_text}],
    }


def check(resource: Mapping[str, object]) -> None:
    """Read `resource` with its R4B model. Raises InvalidResourceError, also for an unknown or missing resourceType."""
    # Imported here because it costs a quarter of a second that no request and no start of the service should pay.
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415  # costly, and nothing that serves a call needs it
    from pydantic import ValidationError  # noqa: PLC0415  # costly, and nothing that serves a call needs it

    name = resource.get("resourceType")
    if not isinstance(name, str):
        raise InvalidResourceError("no resourceType")
    try:
        model = get_fhir_model_class(name)
    except (KeyError, LookupError, ValueError) as unknown:
        raise InvalidResourceError("unknown resourceType") from unknown
    try:
        model.model_validate(dict(resource))
    except ValidationError as refused:
        findings = "; ".join(
            f"{'.'.join(str(step) for step in error['loc'])}: {error['type']}"
            for error in refused.errors(include_input=False, include_url=False, include_context=False)
        )
        raise InvalidResourceError(findings) from None
