"""The request: strict on what the answer rests on, blind to everything else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.protocol.requirements import proves

PATH = "/cds-services/rrmm-regimen"
GONE = object()


def changed(request: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    holder = result = copy.deepcopy(request)
    *parents, name = path.split(".")
    for parent in parents:
        holder = holder[parent]
    if value is GONE:
        holder.pop(name, None)
    else:
        holder[name] = value
    return result


def refusal(client: FlaskClient, body: dict[str, Any]) -> tuple[int, str, list[str]]:
    """(status, error id, places that the answer names)"""
    answer = client.post(PATH, json=body)
    issues = answer.json["issue"]
    places = [place for issue in issues for place in issue.get("expression", [])]
    return answer.status_code, issues[0]["details"]["coding"][0]["code"], places


@proves("H1")
@pytest.mark.parametrize("hook", ["order-sign", "patient-View", "", "patient-view "])
def test_another_hook_is_refused(client: FlaskClient, founding_request: dict, hook: str):
    assert refusal(client, changed(founding_request, "hook", hook)) == (400, "CDS-2400", ["hook"])


@proves("H1", "H2", "H3", "H4")
@pytest.mark.parametrize("path", ["hook", "hookInstance", "context", "context.userId", "context.patientId"])
def test_a_required_member_that_is_missing_is_named(client: FlaskClient, founding_request: dict, path: str):
    status, error, places = refusal(client, changed(founding_request, path, GONE))
    assert (status, error) == (400, "CDS-1400")
    assert path in places


@proves("H2")
@pytest.mark.parametrize("value", [None, 7, "", "7abb9344fc1d5e87afbc53348dc58655", "7abb9344-fc1d-5e87-afbc-53348dc5865g"])
def test_a_hook_instance_that_is_no_uuid_is_refused(client: FlaskClient, founding_request: dict, value: object):
    assert refusal(client, changed(founding_request, "hookInstance", value)) == (400, "CDS-1400", ["hookInstance"])


BAD_IDS = [None, 1, "", "a b", "a\n", "1&_a=*", "../Patient/2", "1%2F2", "a\r\nX: y", "x" * 65, "Patient/1", "é", ["1"], "a_b"]


@proves("H4")
@pytest.mark.parametrize("path", ["context.patientId", "context.encounterId"])
@pytest.mark.parametrize("value", BAD_IDS, ids=repr)
def test_an_id_outside_the_grammar_of_fhir_is_refused(client: FlaskClient, founding_request: dict, path: str, value: object):
    assert refusal(client, changed(founding_request, path, value)) == (400, "CDS-1400", [path])


@proves("H4")
@pytest.mark.parametrize("value", [None, "", "haematologist-1", "Practitioner/", "/1", "Practitioner/1/2", "practitioner/1", {}])
def test_a_user_that_is_no_reference_is_refused(client: FlaskClient, founding_request: dict, value: object):
    assert refusal(client, changed(founding_request, "context.userId", value)) == (400, "CDS-1400", ["context.userId"])


@proves("H4")
@pytest.mark.parametrize("user", ["Practitioner/a", "PractitionerRole/b-1", "Patient/c.d", "RelatedPerson/E"])
def test_every_kind_of_user_is_taken(client: FlaskClient, founding_request: dict, user: str):
    assert client.post(PATH, json=changed(founding_request, "context.userId", user)).status_code == 200


@proves("H3")
@pytest.mark.parametrize("path", ["context", "prefetch"])
@pytest.mark.parametrize("value", [None, [], "x"])
def test_members_that_must_be_objects_are(client: FlaskClient, founding_request: dict, path: str, value: object):
    status, error, places = refusal(client, changed(founding_request, path, value))
    assert (status, error) == (400, "CDS-1400")
    assert path in places


@proves("H3")
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"1", b"{", b"\xff\xfe", b"<html>", b'{"hook":NaN}'])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, body: bytes):
    answer = client.post(PATH, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["resourceType"] == "OperationOutcome"


def test_all_problems_are_named_at_once(client: FlaskClient):
    places = ["context", "hook", "hookInstance", "prefetch", "context.userId", "context.patientId"]
    assert refusal(client, {"prefetch": 1}) == (400, "CDS-1400", places)


@proves("H5", "H6")
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("extension", {"com.example.request": {"any": [1, None, {}]}}),
        ("unheardOf", None),
        ("context.unheardOf", {"deep": []}),
        ("fhirServer", "http://localhost:8080/fhir"),
        ("fhirServer", 12),
        ("fhirAuthorization", {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "scope": "", "subject": "s"}),
        ("fhirAuthorization", None),
        ("prefetch.unheardOf", "text"),
    ],
)
def test_what_we_do_not_use_changes_nothing(client: FlaskClient, founding_request: dict, path: str, value: object):
    plain = client.post(PATH, json=founding_request).json["extension"]
    answer = client.post(PATH, json=changed(founding_request, path, value))
    assert answer.status_code == 200
    assert answer.json["extension"] == plain


@proves("H3")
def test_the_content_type_is_not_asked_for(client: FlaskClient, founding_request: dict):
    body = client.application.json.dumps(founding_request)
    for content_type in ("application/json", "application/fhir+json", "application/json; charset=utf-8", None):
        assert client.post(PATH, data=body, content_type=content_type).status_code == 200
