"""F12 and F13: clocks that differ. A minute is borne, ten are not; the log says by how much, and the service its own time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds_service.callers import DISCOVERY_PATH
from cds_service.errors import NotAuthenticated
from cds_service.settings import Settings
from cds_service.tenants import Tenant
from cds_service.token_authentication import TokenAuthentication
from cds_service.trust.replay import UsedTokens
from tests.support.service import _app
from tests.support.tokens import BASE_URL, DISCOVERY, ISSUER, OWN_KEY, Signer, private_key, write_tenants

EHR = Signer(key=private_key("P-384"))
NOW = 1_800_000_000

Admits = Callable[..., bool]


@pytest.fixture
def admits(tmp_path: Path) -> Admits:
    """Whether a service whose clock stands at NOW admits a token with these times, relative to it."""
    write_tenants(tmp_path, OWN_KEY)
    tenant = Tenant(id="general-hospital", issuer=ISSUER, jwks_file=tmp_path / "keys.json")
    authenticate = TokenAuthentication(
        Settings(), [tenant], UsedTokens(tmp_path / "used.sqlite"), base_url=BASE_URL, paths=[DISCOVERY_PATH], now=lambda: NOW
    )

    def admitted(**times: float) -> bool:
        token = EHR.token(DISCOVERY, **{name: NOW + seconds for name, seconds in times.items()})
        begin = time.monotonic()
        try:
            authenticate(f"Bearer {token}", DISCOVERY_PATH)
        except NotAuthenticated:
            return False
        finally:
            assert time.monotonic() - begin < 0.5
        return True

    return admitted


@pytest.mark.parametrize("client_is_ahead_by", [-60, -59.5, -1, 0, 0.35, 1, 59, 60])
def test_a_minute_is_borne(admits: Admits, client_is_ahead_by: float):
    assert admits(iat=client_is_ahead_by, exp=client_is_ahead_by + 300)


@pytest.mark.parametrize("client_is_ahead_by", [-600, -361, -360, 61, 600])
def test_ten_minutes_are_not_and_the_log_says_by_how_much(
    admits: Admits, client_is_ahead_by: int, caplog: pytest.LogCaptureFixture
):
    assert not admits(iat=client_is_ahead_by, exp=client_is_ahead_by + 300)
    (said,) = [json.loads(record.getMessage()) for record in caplog.records]
    assert (said["tenant"], said["skew"]) == ("general-hospital", client_is_ahead_by)
    assert said["reason"] == ("expired" if client_is_ahead_by < 0 else "not-yet-valid")


def test_the_end_of_a_token_is_borne_for_a_minute(admits: Admits):
    assert admits(iat=-359, exp=-59)
    assert not admits(iat=-360, exp=-60)


def test_a_token_may_say_that_it_began_before_it_was_issued(admits: Admits):
    assert admits(nbf=-300, iat=0, exp=900)
    assert admits(nbf=60, iat=0, exp=300)
    assert not admits(nbf=61, iat=0, exp=300)


def test_the_service_says_its_own_time():
    said = _app("2026-11-22", "US").test_client().get("/ready").json["time"]
    assert abs((datetime.fromisoformat(said) - datetime.now(UTC)).total_seconds()) < 5
