"""T15: a browser page may call only from an origin that is listed to the letter, and never with cookies."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.security.conftest import REQUEST, SERVICE_PATH, production_client
from tests.support.tokens import Signer, bearer

LISTED = "https://portal.example:8443"
OTHERS = [
    "null", "*", "", "https://portal.example", "http://portal.example:8443", "https://portal.example:8443/", "https://portal.example:84430",
    "https://portal.example:8443.evil.example", "https://evil-portal.example:8443", "https://evil.example/https://portal.example:8443",
    "https://PORTAL.example:8443", "https://portal.example:8443, https://evil.example", "https://portal.example:8443@evil.example",
    "https://portalXexample:8443", "file://",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return production_client(tmp_path_factory.mktemp("production"), cors_origins=[LISTED])


def allowances(answer: object) -> list[str]:
    return [name for name, _ in answer.headers if name.startswith("Access-Control")]  # type: ignore[attr-defined]  # a response


@pytest.mark.parametrize("origin", OTHERS)
def test_any_other_origin_gets_nothing_even_with_a_good_token(client: FlaskClient, ehr: Signer, origin: str):
    preflight = client.options(SERVICE_PATH, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    called = client.post(SERVICE_PATH, data=REQUEST, headers={"Origin": origin, **bearer(ehr.token())})
    assert called.status_code == 200
    assert allowances(preflight) == allowances(called) == []


def test_the_listed_origin_is_named_and_a_preflight_says_nothing_else(client: FlaskClient, ehr: Signer):
    preflight = client.options(SERVICE_PATH, headers={"Origin": LISTED, "Access-Control-Request-Method": "POST"})
    called = client.post(SERVICE_PATH, data=REQUEST, headers={"Origin": LISTED, **bearer(ehr.token())})
    assert (preflight.status_code, preflight.data) == (204, b"")
    for answer in (preflight, called):
        assert answer.headers["Access-Control-Allow-Origin"] == LISTED
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_preflight_neither_needs_nor_uses_up_a_token(client: FlaskClient, ehr: Signer):
    token = ehr.token()
    assert client.options(SERVICE_PATH, headers={"Origin": LISTED, **bearer(token)}).status_code == 204
    assert client.options(SERVICE_PATH, headers={"Origin": LISTED, **bearer("forged")}).status_code == 204
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token)).status_code == 200
