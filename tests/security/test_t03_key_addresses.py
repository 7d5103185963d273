"""T3: keys come from where the tenants file says; what a token says of them is compared, never dialled."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds_service.trust.key_sets import RETRY_SECONDS, KeySet
from cds_service.trust.key_source import DEADLINE_SECONDS, KeysUnavailable, read_key_url
from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.key_server import KeyServer, serving_keys
from tests.support.tokens import JWKS_URL, OWN_KEY, Signer, bearer, jwk, private_key


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    with serving_keys(OWN_KEY) as server:
        yield server


@pytest.fixture
def no_calls_out(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was dialled; dialling fails."""
    dialled: list[Any] = []

    def refuse(_self: socket.socket, address: Any) -> None:
        dialled.append(address)
        raise OSError("no calls out in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: refuse(None, host))  # type: ignore[arg-type]  # not looked at
    return dialled


ELSEWHERE = [
    "https://evil.example/jwks.json",
    "https://ehr.example@evil.example/jwks.json",
    "https://user@ehr.example/jwks.json",
    "https://ehr.example:443/jwks.json",
    "https://ehr.example:8443/jwks.json",
    "https://ehr.example./jwks.json",
    "https://ehr.example.evil.example/jwks.json",
    "https://evil-ehr.example/jwks.json",
    "https://EHR.example/jwks.json",
    "HTTPS://ehr.example/jwks.json",
    "http://ehr.example/jwks.json",
    "https://ehr.example/jwks.json/",
    "https://ehr.example/jwks.json?",
    "https://ehr.example/jwks.json#",
    "https://ehr.example/../jwks.json",
    "https://ehr.example//jwks.json",
    "https://ehr.example/jwks%2Ejson",
    "https://127.0.0.1/jwks.json",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    " https://ehr.example/jwks.json",
    "",
    None,
    ["https://ehr.example/jwks.json"],
]


@pytest.mark.parametrize("address", ELSEWHERE, ids=str)
def test_another_jku_is_401_and_dials_no_one(client: FlaskClient, ehr: Signer, no_calls_out: list[Any], address: Any):
    for signer in (ehr, Signer(key=private_key("P-384", "stranger"))):
        answer = client.post(SERVICE_PATH, data=REQUEST, headers=bearer(signer.token(header={"jku": address})))
        assert answer.status_code == 401
    assert no_calls_out == []


def test_a_jku_is_refused_where_none_is_configured(production: Production, ehr: Signer):
    client = production(jwks_url=None)
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token(header={"jku": JWKS_URL}))).status_code == 401
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token())).status_code == 200


def keys_of(server: KeyServer, clock: list[float]) -> KeySet:
    return KeySet(lambda: read_key_url(server.url), owner="general-hospital", clock=lambda: clock[0])


def test_a_thousand_unknown_keys_cause_one_reading_per_window(key_server: KeyServer):
    clock = [0.0]
    keys = keys_of(key_server, clock)
    for window in range(1, 4):
        assert not any(keys.find(str(uuid4()), "ES384") for _ in range(1000))
        assert len(key_server.asked) == window
        clock[0] += RETRY_SECONDS
    assert keys.find("key-1", "ES384") is not None


def test_unknown_keys_in_parallel_cause_one_reading(key_server: KeyServer):
    keys = keys_of(key_server, [0.0])
    threads = [threading.Thread(target=keys.find, args=(str(number), "ES384")) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(key_server.asked) == 1


def test_known_keys_in_parallel_cause_one_reading(key_server: KeyServer):
    keys = keys_of(key_server, [0.0])
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(keys.find("key-1", "ES384"))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(key_server.asked) == 1
    assert len(found) == 30
    assert None not in found


@pytest.mark.parametrize("fault", ["down", "drip", "redirect", "large", "cut"])
def test_a_server_that_misbehaves_gives_no_keys_in_its_time(key_server: KeyServer, fault: str):
    key_server.fault = fault
    start = time.monotonic()
    with pytest.raises(KeysUnavailable) as failed:
        read_key_url(key_server.url)
    assert time.monotonic() - start < DEADLINE_SECONDS + 0.3
    assert key_server.asked == ["/jwks.json"]
    assert "127.0.0.1" not in str(failed.value)


def test_a_server_that_never_accepts_gives_no_keys_in_its_time():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        start = time.monotonic()
        with pytest.raises(KeysUnavailable):
            read_key_url(f"http://127.0.0.1:{silent.getsockname()[1]}/jwks.json")
        assert time.monotonic() - start < DEADLINE_SECONDS + 0.3
        for filler in fillers:
            filler.close()


def test_a_name_that_is_looked_up_forever_gives_no_keys_in_its_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    start = time.monotonic()
    with pytest.raises(KeysUnavailable):
        read_key_url("https://ehr.example/jwks.json")
    assert time.monotonic() - start < DEADLINE_SECONDS + 0.3


def test_proxies_of_the_environment_are_not_used(key_server: KeyServer, monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert b"key-1" in read_key_url(key_server.url)


@pytest.mark.parametrize("content", [[], [{"kty": "EC"}], [None, 1], [jwk(private_key("P-384"), "x") | {"x": "!"}]])
def test_a_set_with_odd_members_is_read_for_what_is_good_in_it(key_server: KeyServer, content: list[Any]):
    key_server.keys = [*content, OWN_KEY]
    keys = keys_of(key_server, [0.0])
    assert keys.find("key-1", "ES384") is not None
    assert keys.find("x", "ES384") is None
