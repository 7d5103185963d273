"""T23: a request that does not fit the service is 400 with the place of the fault and never its value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.security.conftest import REQUEST, SERVICE_PATH
from tests.support.tokens import Signer, bearer

CANARY = "canary-9c20"
UNFIT: list[tuple[str, Any, str]] = [
    ("hook", "order-sign", "hook"),
    ("hook", CANARY, "hook"),
    ("hook", "PATIENT-VIEW", "hook"),
    ("hook", [CANARY], "hook"),
    ("hookInstance", CANARY, "hookInstance"),
    ("hookInstance", None, "hookInstance"),
    ("hookInstance", "{d1577c69-dfbe-44ad-ba6d-3e05e953b2ea}", "hookInstance"),
    ("context", CANARY, "context"),
    ("context", [], "context"),
    ("prefetch", CANARY, "prefetch"),
    ("prefetch", [CANARY], "prefetch"),
    ("context.patientId", CANARY + "/..", "context.patientId"),
    ("context.patientId", {"id": CANARY}, "context.patientId"),
    ("context.userId", CANARY, "context.userId"),
    ("context.encounterId", CANARY + "?", "context.encounterId"),
]


@pytest.mark.parametrize(("member", "value", "place"), UNFIT, ids=str)
def test_the_place_is_named_and_the_value_is_not(
    client: FlaskClient, ehr: Signer, caplog: pytest.LogCaptureFixture, member: str, value: Any, place: str
):
    request = json.loads(REQUEST)
    holder = request["context"] if "." in member else request
    holder[member.rpartition(".")[2]] = value
    answer = client.post(SERVICE_PATH, json=request, headers=bearer(ehr.token()))
    assert answer.status_code == 400
    assert answer.json["resourceType"] == "OperationOutcome"
    assert place in [where for issue in answer.json["issue"] for where in issue.get("expression", [])]
    assert "canary" not in answer.text + caplog.text


def test_members_that_no_one_knows_are_passed_over(client: FlaskClient, ehr: Signer):
    request = json.loads(REQUEST) | {CANARY: {"a": [1]}, "extension": {CANARY: 1}}
    request["context"][CANARY] = CANARY
    answer = client.post(SERVICE_PATH, json=request, headers=bearer(ehr.token()))
    assert answer.status_code == 200
    assert "canary" not in answer.text
