"""Feedback on cards, as CDS Hooks defines it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.errors import WrongFeedback
from cds_service.feedback import LONGEST_COMMENT, MOST_BYTES, MOST_ITEMS, read_feedback
from cds_service.settings import Settings
from cds_service.store.database import open_database, sqlite_url
from cds_service.store.opening import FILE
from cds_service.store.report import as_json, feedback_report
from tests.protocol.requirements import proves

HOOK = "/cds-services/rrmm-regimen"
PATH = f"{HOOK}/feedback"
MOMENT = "2026-11-22T09:03:13.653Z"
REASON = {"system": "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes", "code": "patient-refuses"}


@pytest.fixture
def own(tmp_path: Path) -> FlaskClient:
    """A service that remembers nothing yet."""
    return create_app(Settings(as_of=date(2026, 11, 22), state_dir=tmp_path)).test_client()


@pytest.fixture
def card(own: FlaskClient, founding_request: dict[str, Any]) -> dict[str, Any]:
    """A card that the service has issued."""
    return own.post(HOOK, json=founding_request).json["cards"][0]


def counts(folder: Path) -> dict[str, Any]:
    return as_json(feedback_report(open_database(sqlite_url(folder / FILE))))


def accepted(uuid: str, suggestion: str, **changes: Any) -> dict[str, Any]:
    item = {"card": uuid, "outcome": "accepted", "acceptedSuggestions": [{"id": suggestion}], "outcomeTimestamp": MOMENT}
    return {name: value for name, value in (item | changes).items() if value is not ...}


def overridden(card: str, **changes: Any) -> dict[str, Any]:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": MOMENT, **changes}


@proves("F1", "F3", "F5", "F6")
def test_what_becomes_of_a_card_is_reported_back(own: FlaskClient, card: dict[str, Any], tmp_path: Path):
    chosen = card["suggestions"][1]
    for item in (accepted(card["uuid"], chosen["uuid"]), overridden(card["uuid"], overrideReason={"reason": REASON})):
        answer = own.post(PATH, json={"feedback": [item]})
        assert (answer.status_code, answer.json, answer.content_type) == (200, {}, "application/json")
    report = counts(tmp_path)
    assert report["cards"] == {"shown": 1, "accepted": 1, "overridden": 1, "why": {"patient-refuses": 1}}
    assert [name for name, tally in report["regimens"].items() if tally["accepted"]] == ["DRd"]
    assert "DRd" in chosen["label"]


@proves("F2")
def test_several_items_and_the_same_again_are_taken_and_count_once(own: FlaskClient, card: dict[str, Any], tmp_path: Path):
    items = [accepted(card["uuid"], card["suggestions"][0]["uuid"]), overridden(card["uuid"]), overridden(card["uuid"])]
    for _ in range(3):
        assert own.post(PATH, json={"feedback": items}).status_code == 200
    assert counts(tmp_path)["cards"] == {"shown": 1, "accepted": 1, "overridden": 1, "why": {"no-reason": 1}}


def test_an_unknown_card_is_answered_like_a_known_one(own: FlaskClient, card: dict[str, Any], tmp_path: Path):
    known = own.post(PATH, json={"feedback": [overridden(card["uuid"])]})
    unknown = own.post(PATH, json={"feedback": [overridden(str(uuid4()))]})
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert counts(tmp_path)["cards"]["overridden"] == 1


@proves("F3")
@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"card": ...}, "card"),
        ({"card": "card-1"}, "card"),
        ({"outcome": "ignored"}, "outcome"),
        ({"outcome": ["accepted"]}, "outcome"),
        ({"outcome": ...}, "outcome"),
        ({"outcomeTimestamp": ...}, "outcomeTimestamp"),
        ({"outcomeTimestamp": "2026-11-22"}, "outcomeTimestamp"),
        ({"outcomeTimestamp": "2026-11-22T09:03:13"}, "outcomeTimestamp"),
        ({"outcomeTimestamp": "2026-13-22T09:03:13Z"}, "outcomeTimestamp"),
        ({"outcomeTimestamp": "0001-01-01T00:00:00+14:00"}, "outcomeTimestamp"),
        ({"outcomeTimestamp": 5}, "outcomeTimestamp"),
        ({"acceptedSuggestions": ...}, "acceptedSuggestions"),
        ({"acceptedSuggestions": []}, "acceptedSuggestions"),
        ({"acceptedSuggestions": [{}]}, "acceptedSuggestions"),
        ({"acceptedSuggestions": ["x"]}, "acceptedSuggestions"),
        ({"overrideReason": {}}, "overrideReason"),
        ({"overrideReason": "no"}, "overrideReason"),
        ({"overrideReason": {"reason": {"code": "x"}}}, "overrideReason.reason"),
        ({"overrideReason": {"reason": {"code": "x" * 257, "system": "y"}}}, "overrideReason.reason"),
        ({"overrideReason": {"userComment": "x" * (LONGEST_COMMENT + 1)}}, "overrideReason.userComment"),
        ({"overrideReason": {"userComment": 5}}, "overrideReason.userComment"),
    ],
)
def test_an_item_that_does_not_fit_is_named_and_nothing_is_taken(changes: dict[str, Any], where: str):
    good = overridden(str(uuid4()))
    bad = accepted(str(uuid4()), str(uuid4()), **changes)
    with pytest.raises(WrongFeedback) as wrong:
        read_feedback({"feedback": [good, bad]})
    assert [place for place, _ in wrong.value.problems] == [f"feedback[1].{where}"]


@pytest.mark.parametrize("body", [{}, [], {"feedback": {}}, {"feedback": []}, {"feedback": [1]}, {"feedback": [None]}, "x"])
def test_a_body_that_is_no_feedback_is_400(own: FlaskClient, body: Any):
    answer = own.post(PATH, json=body)
    assert (answer.status_code, answer.json["issue"][0]["details"]["coding"][0]["code"]) == (400, "CDS-4400")


def test_the_size_of_a_call_is_bounded(own: FlaskClient):
    item = overridden(str(uuid4()))
    assert own.post(PATH, json={"feedback": [item] * MOST_ITEMS}).status_code == 200
    assert own.post(PATH, json={"feedback": [item] * (MOST_ITEMS + 1)}).status_code == 400
    assert own.post(PATH, data=b'{"feedback": []}' + b" " * MOST_BYTES).status_code == 413


def test_only_services_that_there_are_take_feedback(own: FlaskClient):
    assert own.post("/cds-services/no-such/feedback", json={"feedback": []}).status_code == 404
    assert own.get(PATH).status_code == 405
    assert own.options(PATH).status_code == 204
