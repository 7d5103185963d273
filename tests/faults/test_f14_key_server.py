"""F14: the keys of a tenant while its server is down, and when they change."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cds_service.trust.key_sets import FRESH_SECONDS, RETRY_SECONDS, STALE_SECONDS, KeySet
from cds_service.trust.key_source import DEADLINE_SECONDS, read_key_url
from tests.support.key_server import KeyServer, serving_keys
from tests.support.tokens import OWN_KEY, jwk, private_key

NEW_KEY = jwk(private_key("P-384", "new"), "key-2")


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with serving_keys(OWN_KEY) as serving:
        yield serving


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(server: KeyServer, clock: Clock) -> KeySet:
    return KeySet(lambda: read_key_url(server.url), owner="general-hospital", clock=clock)


def test_a_rotated_key_is_picked_up_with_its_first_token(server: KeyServer, keys: KeySet):
    assert keys.find("key-1", "ES384")
    server.keys = [NEW_KEY]
    assert keys.find("key-2", "ES384")
    assert keys.find("key-1", "ES384") is None


def test_a_key_that_was_withdrawn_is_forgotten_when_the_reading_is_old(server: KeyServer, keys: KeySet, clock: Clock):
    assert keys.find("key-1", "ES384")
    server.keys = [NEW_KEY]
    clock.now = FRESH_SECONDS
    assert keys.find("key-1", "ES384")
    clock.now += 1
    assert keys.find("key-1", "ES384") is None


@pytest.mark.parametrize("fault", ["down", "drip", "html", "large"])
def test_known_keys_serve_while_their_server_fails_but_for_no_more_than_an_hour(
    server: KeyServer, keys: KeySet, clock: Clock, fault: str
):
    assert keys.find("key-1", "ES384")
    server.fault = fault
    clock.now = FRESH_SECONDS + 1
    start = time.monotonic()
    assert keys.find("key-1", "ES384")
    assert time.monotonic() - start < DEADLINE_SECONDS + 0.3
    start = time.monotonic()
    clock.now = STALE_SECONDS
    assert keys.find("key-1", "ES384")
    clock.now += 1
    assert keys.find("key-1", "ES384") is None
    server.fault = ""
    clock.now += RETRY_SECONDS
    assert keys.find("key-1", "ES384")


def test_a_server_that_is_down_is_asked_once_per_window(server: KeyServer, keys: KeySet, clock: Clock):
    server.fault = "down"
    assert not any(keys.find("key-1", "ES384") for _ in range(20))
    assert len(server.asked) == 1
    server.fault = ""
    clock.now += RETRY_SECONDS
    assert keys.find("key-1", "ES384")
