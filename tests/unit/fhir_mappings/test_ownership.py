"""Whose record a resource is."""

from __future__ import annotations

import pytest

from fhir_mappings.ownership import Owner, Subject, owner_of, source_of

SERVER = "https://ehr.example/fhir"
INDEX: dict[str, dict[str, object]] = {"urn:uuid:aa": {"resourceType": "Patient", "id": "p-1"}}


@pytest.mark.parametrize(
    ("reference", "server", "owner"),
    [
        ("Patient/p-1", SERVER, Owner.THIS_PATIENT),
        ("Patient/p-1/_history/3", SERVER, Owner.THIS_PATIENT),
        ("https://ehr.example/fhir/Patient/p-1", SERVER, Owner.THIS_PATIENT),
        ("https://ehr.example/fhir/Patient/p-1", SERVER + "/", Owner.THIS_PATIENT),
        ("http://ehr.example/fhir/Patient/p-1", SERVER, Owner.THIS_PATIENT),
        ("https://ehr.example/fhir/Patient/p-1", None, Owner.THIS_PATIENT),
        ("urn:uuid:aa", SERVER, Owner.THIS_PATIENT),
        ("urn:uuid:p-1", SERVER, Owner.THIS_PATIENT),
        ("https://other.example/fhir/Patient/p-1", SERVER, Owner.ANOTHER),
        ("https://ehr.example.evil/fhir/Patient/p-1", SERVER, Owner.ANOTHER),
        ("https://ehr.example/other/Patient/p-1", SERVER, Owner.ANOTHER),
        ("Patient/p-10", SERVER, Owner.ANOTHER),
        ("Patient/P-1", SERVER, Owner.ANOTHER),
        ("Group/p-1", SERVER, Owner.ANOTHER),
        ("urn:uuid:bb", SERVER, Owner.ANOTHER),
        ("#p", SERVER, Owner.NOBODY),
        ("", SERVER, Owner.NOBODY),
        (None, SERVER, Owner.NOBODY),
        (7, SERVER, Owner.NOBODY),
    ],
)
def test_owner(reference: object, server: str | None, owner: Owner) -> None:
    resource: dict[str, object] = {"resourceType": "Condition", "subject": {"reference": reference}}
    assert owner_of(resource, Subject(patient_id="p-1", fhir_server=server), INDEX) is owner


def test_a_subject_that_is_only_an_identifier_is_nobody() -> None:
    resource: dict[str, object] = {"resourceType": "Condition", "subject": {"identifier": {"value": "p-1"}}}
    assert owner_of(resource, Subject(patient_id="p-1"), {}) is Owner.NOBODY


def test_a_resource_without_an_id_has_a_name_that_its_place_does_not_change() -> None:
    resource: dict[str, object] = {"resourceType": "Condition", "code": {"text": "x"}}
    assert source_of(resource) == source_of(dict(reversed(resource.items())))
    assert source_of(resource) != source_of({**resource, "code": {"text": "y"}})
