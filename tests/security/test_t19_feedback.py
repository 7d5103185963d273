"""T19, and T12 for what is remembered: feedback is kept once, to the letter, and never crosses from tenant to tenant."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service.app import create_app
from cds_service.settings import Profile, Settings
from cds_service.store import tables
from cds_service.store.database import open_database, sqlite_url
from cds_service.store.opening import FILE
from tests.support.tokens import BASE_URL, FEEDBACK, SERVICE, Signer, bearer, jwk, private_key, write_blocks

HERE = Signer(key=private_key("P-384", "here"), issuer="https://here.example")
THERE = Signer(key=private_key("P-384", "there"), issuer="https://there.example")
FOUNDING = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()
HOSTILE = "'; DROP TABLE feedback; -- <img src=x onerror=alert(1)> canary-91c2"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    for name, signer in (("here", HERE), ("there", THERE)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"keys": [jwk(signer.key, "key-1")]}))
    blocks = (
        {"id": name, "issuer": each.issuer, "jwks_file": f"{name}.json"} for name, each in (("here", HERE), ("there", THERE))
    )
    settings = Settings(
        profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=write_blocks(tmp_path, *blocks), state_dir=tmp_path
    )
    return create_app(settings, today=lambda: date(2026, 11, 22)).test_client()


def kept(folder: Path) -> list[Any]:
    with open_database(sqlite_url(folder / FILE)).connect() as connection:
        return list(connection.execute(select(tables.feedback)))


def card_for(client: FlaskClient, signer: Signer) -> str:
    answer = client.post("/cds-services/rrmm-regimen", data=FOUNDING, headers=bearer(signer.token(SERVICE)))
    return answer.json["cards"][0]["uuid"]


def say(client: FlaskClient, signer: Signer, card: str) -> tuple[int, bytes]:
    item = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T09:03:13Z"}
    item["overrideReason"] = {"userComment": HOSTILE}
    answer = client.post("/cds-services/rrmm-regimen/feedback", json={"feedback": [item]}, headers=bearer(signer.token(FEEDBACK)))
    return answer.status_code, answer.data


def test_feedback_on_a_card_of_another_tenant_is_answered_like_an_unknown_one_and_not_kept(client: FlaskClient, tmp_path: Path):
    card = card_for(client, HERE)
    foreign = say(client, THERE, card)
    unknown = say(client, THERE, "00000000-0000-4000-8000-000000000000")
    assert foreign == unknown == (200, b"{}")
    assert kept(tmp_path) == []
    assert say(client, HERE, card) == foreign
    assert [(row.tenant, row.card) for row in kept(tmp_path)] == [("here", card)]


def test_the_name_of_a_card_cannot_be_guessed(client: FlaskClient):
    assert {UUID(card_for(client, HERE)).version for _ in range(3)} == {4}


def test_what_a_user_writes_is_kept_and_appears_nowhere_else(
    client: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    card = card_for(client, HERE)
    with caplog.at_level(logging.DEBUG):
        answers = [say(client, HERE, card) for _ in range(3)]
    assert [row.user_comment for row in kept(tmp_path)] == [HOSTILE]
    assert "canary-91c2" not in caplog.text + str(answers) + client.get("/metrics").text


def test_a_token_for_the_service_is_none_for_feedback(client: FlaskClient):
    card = card_for(client, HERE)
    answer = client.post("/cds-services/rrmm-regimen/feedback", json={"feedback": []}, headers=bearer(HERE.token(SERVICE)))
    assert answer.status_code == 401
    assert card
