"""Every answer that is not a success is an OperationOutcome with a stable id and nothing of the request."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import app as app_module
from cds_service.app import create_app
from cds_service.errors import ALL_ERRORS, as_operation_outcome
from cds_service.settings import Profile, Settings
from fhir_mappings.resources import check
from tests.protocol.requirements import proves
from tests.support.tokens import BASE_URL, OWN_KEY, write_tenants

PATH = "/cds-services/rrmm-regimen"
CANARY = "canary-7f3a"


def outcome_of(answer: Any) -> str:
    assert answer.content_type == "application/json"
    assert answer.json["resourceType"] == "OperationOutcome"
    return answer.json["issue"][0]["details"]["coding"][0]["code"]


@proves("R5")
@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/reasoning/no-such-sample", 404, "CDS-0404"),
        ("POST", "/", 405, "CDS-0405"),
        ("GET", "/nowhere", 404, "CDS-0404"),
        ("POST", "/cds-services/no-such-service", 404, "CDS-0404"),
        ("POST", "/cds-services/rrmm-regimen/feedback/x", 404, "CDS-0404"),
        ("GET", PATH, 405, "CDS-0405"),
        ("PUT", "/cds-services", 405, "CDS-0405"),
        ("DELETE", "/ready", 405, "CDS-0405"),
        ("POST", PATH, 400, "CDS-0400"),
    ],
)
def test_wrong_addresses_and_methods(client: FlaskClient, method: str, path: str, status: int, error: str):
    answer = client.open(path, method=method)
    assert (answer.status_code, outcome_of(answer)) == (status, error)


@proves("R5")
def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient):
    assert client.get(PATH).headers["Allow"] == "OPTIONS, POST"


@proves("R5")
def test_a_body_at_the_limit_is_read_and_one_byte_more_is_413(founding_request: dict):
    app = create_app(Settings(as_of=date(2026, 11, 22), max_body_bytes=200_000))
    body = app.json.dumps(founding_request).encode()
    at_limit = body + b" " * (200_000 - len(body))
    assert app.test_client().post(PATH, data=at_limit).status_code == 200
    answer = app.test_client().post(PATH, data=at_limit + b" ")
    assert (answer.status_code, outcome_of(answer)) == (413, "CDS-0413")


@proves("T1")
def test_production_admits_no_one_it_cannot_verify(founding_request: dict, tmp_path: Path):
    settings = Settings(
        profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=write_tenants(tmp_path, OWN_KEY), state_dir=tmp_path / "state"
    )
    answer = create_app(settings).test_client().post(PATH, json=founding_request)
    assert (answer.status_code, outcome_of(answer)) == (401, "CDS-0401")
    assert "diagnostics" not in answer.json["issue"][0]


def test_a_call_beyond_the_limit_is_503_and_the_next_is_served(founding_request: dict, monkeypatch: pytest.MonkeyPatch):
    app = create_app(Settings(as_of=date(2026, 11, 22), max_in_flight=1))
    inner: list[Any] = []
    read = app_module.read_body

    def read_while_another_calls(request: Any, *, limit: int) -> bytes:
        if not inner:
            inner.append(None)
            inner[0] = app.test_client().post(PATH, json=founding_request)
        return read(request, limit=limit)

    monkeypatch.setattr(app_module, "read_body", read_while_another_calls)
    assert app.test_client().post(PATH, json=founding_request).status_code == 200
    assert (inner[0].status_code, outcome_of(inner[0]), inner[0].headers["Retry-After"]) == (503, "CDS-0503", "1")
    assert app.test_client().post(PATH, json=founding_request).status_code == 200


def test_what_nobody_foresaw_is_500_and_logs_no_word_of_it(
    client: FlaskClient, founding_request: dict, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(app_module, "read_hook_call", fail)
    with caplog.at_level(logging.DEBUG):
        answer = client.post(PATH, json=founding_request, headers={"Origin": "https://ehr.example"})
    assert (answer.status_code, outcome_of(answer)) == (500, "CDS-0500")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    incident = answer.json["issue"][0]["diagnostics"]
    assert incident in caplog.text
    assert CANARY not in caplog.text + answer.text


def poisoned(value: object) -> object:
    """The value with every string replaced: what the service says of it must not repeat it."""
    if isinstance(value, dict):
        return {name: poisoned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [poisoned(each) for each in value]
    return CANARY + "!" if isinstance(value, str) else value


@proves("R5")
@pytest.mark.parametrize("where", ["body", "context", "prefetch", "path", "query", "header", "name"])
def test_an_error_repeats_nothing_of_the_request(client: FlaskClient, founding_request: dict, where: str, caplog: Any):
    with caplog.at_level(logging.DEBUG):
        match where:
            case "body":
                answer = client.post(PATH, json=poisoned(founding_request))
            case "context":
                answer = client.post(PATH, json=founding_request | {"context": poisoned(founding_request["context"])})
            case "prefetch":
                answer = client.post(PATH, json=founding_request | {"prefetch": poisoned(founding_request["prefetch"])})
            case "path":
                answer = client.post(f"/cds-services/{CANARY}", json=founding_request)
            case "query":
                answer = client.get(f"/nowhere?patient={CANARY}")
            case "header":
                answer = client.post(PATH, data=b"{", headers={"Authorization": CANARY, "X-Any": CANARY})
            case "name":
                answer = client.post(PATH, json={CANARY: 1, "context": {CANARY: 2}, "prefetch": {CANARY: None}})
    assert answer.status_code >= 400
    assert CANARY not in answer.text + str(answer.headers) + caplog.text


@proves("R5")
@pytest.mark.parametrize("error", ALL_ERRORS, ids=lambda error: error.id)
def test_every_error_body_is_fhir(error: type):
    check(as_operation_outcome(error(("context.patientId", "It is required.")), incident="7abb9344-fc1d-5e87-afbc-53348dc58655"))


def test_ids_are_unique_and_end_in_their_status():
    assert len({error.id for error in ALL_ERRORS}) == len(ALL_ERRORS)
    assert all(error.id.startswith("CDS-") and int(error.id[5:]) == error.status for error in ALL_ERRORS)
