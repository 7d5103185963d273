"""The response, and the cards in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.protocol.requirements import proves
from tests.support.card_rules import faults

PATH = "/cds-services/rrmm-regimen"
REQUESTS = sorted((Path(__file__).parents[2] / "samples").glob("*/request.json"))


@proves("R1", "J1")
def test_success_is_200_with_a_list_of_cards(client: FlaskClient, founding_request: dict):
    answer = client.post(PATH, json=founding_request)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert len(answer.json["cards"]) == 1


@proves("R2")
def test_nothing_to_say_is_200_with_no_cards(client: FlaskClient, healthy_request: dict):
    answer = client.post(PATH, json=healthy_request)
    assert (answer.status_code, answer.json["cards"]) == (200, [])


@proves("R7", "J4", "J5", "C1", "C2", "C3", "C4", "C5", "C10", "C12", "C14", "C23")
@pytest.mark.parametrize("request_file", REQUESTS, ids=lambda path: path.parent.name)
def test_cards_keep_the_rules(client: FlaskClient, request_file: Path):
    request = json.loads(request_file.read_text())
    answer = client.post(PATH, json=request)
    assert answer.status_code == 200
    assert faults(answer.json, patient_id=request["context"]["patientId"]) == []


@proves("C29")
def test_the_extension_is_an_object_under_a_reverse_domain_name(client: FlaskClient, healthy_request: dict):
    extension = client.post(PATH, json=healthy_request).json["extension"]
    assert list(extension) == ["org.myeloma-cds.evaluation"]
    assert isinstance(extension["org.myeloma-cds.evaluation"], dict)


def test_answers_are_not_kept_by_anyone_on_the_way(client: FlaskClient, founding_request: dict):
    for answer in (client.post(PATH, json=founding_request), client.post(PATH, data=b""), client.get("/nowhere")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_chart_gives_the_same_evaluation(client: FlaskClient, founding_request: dict):
    first, second = (client.post(PATH, json=founding_request).json for _ in range(2))
    assert json.dumps(first["extension"]) == json.dumps(second["extension"])


@pytest.mark.parametrize(("path", "status"), [("/health", "ok"), ("/ready", "ready")])
def test_operations_can_ask(client: FlaskClient, path: str, status: str):
    answer = client.get(path)
    assert (answer.status_code, answer.json["status"]) == (200, status)
