"""T14: whatever callers send, the number of metric series does not grow, and a log line stays one line."""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from cds_service.app import create_app
from cds_service.log_events import COMMON_KEYS, EVENTS, Event
from cds_service.settings import Profile, Settings
from cds_service.store.memory import Memory
from cds_service.telemetry import happened


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(as_of=date(2026, 11, 22))).test_client()


def series(client: FlaskClient) -> set[str]:
    page = client.get("/metrics").text
    return {line.rpartition(" ")[0] for line in page.splitlines() if not line.startswith("#")}


def test_ten_thousand_addresses_make_no_new_series(client: FlaskClient):
    for path in ("/nowhere", "/cds-services/no-such", "/cds-services/no-such/feedback"):
        client.get(path)
        client.post(path, data=b"{")
    client.get("/metrics")
    before = series(client)
    for number in range(2500):
        client.get(f"/nowhere-{number}")
        client.get(f"/cds-services/service-{number}")
        client.post(f"/cds-services/service-{number}", data=b"{}", headers={"traceparent": f"bad-{number}"})
        client.post(f"/cds-services/service-{number}/feedback", data=b"{}")
    assert series(client) == before


def test_labels_are_words_of_our_own(client: FlaskClient):
    client.post("/cds-services/rrmm-regimen", data=b"{")
    values = [value for line in series(client) for value in re.findall(r'"([^"]*)"', line)]
    assert values
    assert [value for value in values if not re.fullmatch(r"[a-zA-Z0-9.+-]{1,40}", value)] == []


@pytest.mark.parametrize(("profile", "said", "status"), [("demo", None, 200), ("demo", False, 404), ("production", None, 404)])
def test_metrics_answer_where_they_are_meant_to(tmp_path: Path, profile: str, said: bool | None, status: int):
    settings = Settings(profile=Profile.DEMO, metrics=said)
    if profile == "production":
        assert not Settings(profile=Profile.PRODUCTION, base_url="https://a.example", tenants=tmp_path).serves_metrics
    else:
        assert create_app(settings).test_client().get("/metrics").status_code == status


def test_a_value_cannot_begin_a_new_line(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        happened(Event.CALLER_REFUSED, reason="a\nb\r\u2028\x1b[31m" + "and so on " * 100, tenant="t")
    (message,) = caplog.messages
    assert message.isprintable()
    assert len(json.loads(message)["reason"]) == 300


@pytest.mark.parametrize("event", Event)
def test_a_key_that_is_not_listed_is_not_written(event: Event, caplog: pytest.LogCaptureFixture):
    listed = dict.fromkeys(EVENTS[event].keys, "1")
    with caplog.at_level(logging.DEBUG):
        happened(event, **listed, patient="canary", url="canary", exception="canary")
    (record,) = caplog.records
    assert json.loads(record.message).keys() - COMMON_KEYS == EVENTS[event].keys
    assert record.levelno == EVENTS[event].level
    assert "canary" not in record.message


def test_the_trace_of_a_call_is_on_what_is_told_of_its_record_later(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def unable(*_: object) -> None:
        raise OperationalError("INSERT", {}, OSError())

    monkeypatch.setattr(Memory, "_insert", unable)
    request = (Path(__file__).parents[2] / "samples" / "no-myeloma" / "request.json").read_bytes()
    trace = "0af7651916cd43dd8448eb211c80319c"
    with caplog.at_level(logging.ERROR):
        header = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
        assert client.post("/cds-services/rrmm-regimen", data=request, headers=header).json["cards"] == []
        until = time.monotonic() + 20
        while not caplog.messages:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert [(json.loads(line)["event"], json.loads(line)["trace"]) for line in caplog.messages] == [("store-failed", trace)]


def test_the_trace_of_a_call_is_on_its_lines_and_on_no_others(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    request = (Path(__file__).parents[2] / "samples" / "no-myeloma" / "request.json").read_bytes()
    trace = "0af7651916cd43dd8448eb211c80319c"
    with caplog.at_level(logging.INFO):
        for header in ({"traceparent": f"00-{trace}-b7ad6b7169203331-01"}, {}, {"traceparent": "00-canary-b7ad6b7169203331-01"}):
            client.post("/cds-services/rrmm-regimen", data=request, headers=header)
            happened(Event.STORE_FAILED, operation="answer")  # the same thread, after the call
    assert [json.loads(line).get("trace") for line in caplog.messages] == [trace, None, None, None, None, None]
