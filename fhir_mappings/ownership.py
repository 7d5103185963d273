"""Whose record a resource is. A record of another patient never counts; one that names nobody cannot be used."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum, auto

import orjson

from fhir_mappings.bundle import Resource, relative
from fhir_mappings.coding import string
from fhir_mappings.facts.frozen import frozen


class Owner(Enum):
    """The outcome of looking at `subject`."""

    THIS_PATIENT = auto()
    ANOTHER = auto()
    NOBODY = auto()


@frozen()
class Subject:
    """The patient whose chart is read. `fhir_server`: the base URL that the caller names; absolute references to a patient of the
    same id on another server are another patient's."""

    patient_id: str
    fhir_server: str | None = None


def owner_of(resource: Resource, whose: Subject, index: Mapping[str, Resource]) -> Owner:
    """Whether `subject` (or `patient`, as older versions call it) is the patient of the hook's context."""
    if resource.get("resourceType") == "Patient":
        return Owner.THIS_PATIENT if resource.get("id") == whose.patient_id else Owner.ANOTHER
    subject = resource.get("subject")
    if subject is None:
        subject = resource.get("patient")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if reference == f"Patient/{whose.patient_id}":
        return Owner.THIS_PATIENT
    reference = string(reference)
    if not reference or reference.startswith("#"):
        return Owner.NOBODY
    if relative(reference) == f"Patient/{whose.patient_id}" and _on_the_same_server(reference, whose.fhir_server):
        return Owner.THIS_PATIENT
    if reference == f"urn:uuid:{whose.patient_id}":
        return Owner.THIS_PATIENT
    addressed = index.get(reference)
    if addressed is not None and addressed.get("resourceType") == "Patient" and addressed.get("id") == whose.patient_id:
        return Owner.THIS_PATIENT
    return Owner.ANOTHER


def _on_the_same_server(reference: str, fhir_server: str | None) -> bool:
    """The scheme does not count: proxies change it."""
    _, absolute, address = reference.partition("://")
    if not absolute or fhir_server is None:
        return True
    return address.startswith(fhir_server.partition("://")[2].rstrip("/") + "/Patient/")


def source_of(resource: Resource) -> str:
    """`Type/id`; a resource without an id is named by a short digest of its content, wherever in the chart it stands."""
    id_ = resource.get("id")
    if isinstance(id_, str) and id_:
        return f"{resource['resourceType']}/{id_}"
    digest = hashlib.blake2b(orjson.dumps(resource, option=orjson.OPT_SORT_KEYS), digest_size=4).hexdigest()
    return f"{resource['resourceType']}/#{digest}"
