"""The public keys of a tenant: read from where its block of the tenants file says, kept for a while, and read anew for a new key.

A key that is not there can cause a reading at most once in RETRY_SECONDS, whatever a token says. Keys that were read stay in use
while their source fails, but no longer than STALE_SECONDS.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from cds_service import strict_json
from cds_service.errors import NotJson
from cds_service.log_events import Event
from cds_service.telemetry import happened
from cds_service.tenants import Tenant
from cds_service.trust.key_source import KeysUnavailable, read_key_file, read_key_url

FRESH_SECONDS = 600.0
STALE_SECONDS = 3600.0
RETRY_SECONDS = 30.0
MIN_RSA_BITS = 2048
MAX_KEYS = 100

KINDS: Mapping[str, tuple[str, str | None]] = {  # algorithm -> kty, crv
    "ES384": ("EC", "P-384"),
    "RS384": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "RS256": ("RSA", None),
    "PS384": ("RSA", None),
}
_PUBLIC_MEMBERS = {"EC": ("kty", "crv", "x", "y"), "RSA": ("kty", "n", "e")}

Keys = Mapping[tuple[str, str], PyJWK]  # by kid and algorithm


def keys_in(content: bytes) -> Keys:
    """The usable keys of a JWK set, once per algorithm that each may be used with. Raises KeysUnavailable when it is no set.

    A key that is symmetric, too short, on another curve, for encryption, or that names another algorithm is left out.
    """
    try:
        value = strict_json.load(content)
    except NotJson:
        raise KeysUnavailable("it is not JSON") from None
    listed = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise KeysUnavailable("it is not a JWK set")
    found: dict[tuple[str, str], PyJWK] = {}
    for jwk in listed:
        for algorithm in KINDS:
            if isinstance(jwk, dict) and _is_for(jwk, algorithm) and (key := _built(jwk, algorithm)) is not None:
                found.setdefault((jwk["kid"], algorithm), key)
    return found


def _is_for(jwk: Mapping[str, Any], algorithm: str) -> bool:
    kty, curve = KINDS[algorithm]
    operations = jwk.get("key_ops", ["verify"])
    return (
        isinstance(jwk.get("kid"), str)
        and jwk.get("kty") == kty
        and (curve is None or jwk.get("crv") == curve)
        and jwk.get("alg", algorithm) == algorithm
        and jwk.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _built(jwk: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    public = {name: jwk[name] for name in _PUBLIC_MEMBERS[jwk["kty"]] if name in jwk}
    try:
        key = PyJWK(public, algorithm)
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    return None if jwk["kty"] == "RSA" and key.key.key_size < MIN_RSA_BITS else key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    keys: Keys
    at: float


class KeySet:
    """The keys of one tenant in one worker. `clock` counts seconds and never goes back."""

    def __init__(self, read: Callable[[], bytes], *, owner: str, clock: Callable[[], float]) -> None:
        self._read = read
        self._owner = owner
        self._clock = clock
        self._reading: _Reading | None = None
        self._in_vain_at: float | None = None
        self._one_reader = threading.Lock()

    def find(self, kid: str, algorithm: str) -> PyJWK | None:
        """The key, or None. Reads the source when the key is not known or the last reading is no longer fresh."""
        key = self._known(kid, algorithm, within=FRESH_SECONDS)
        if key is not None:
            return key
        key = self._known(kid, algorithm, within=STALE_SECONDS)
        # Who has a key that will do does not wait while another call reads.
        if self._one_reader.acquire(blocking=key is None):
            try:
                if self._known(kid, algorithm, within=FRESH_SECONDS) is None:
                    self._read_again(kid, algorithm)
            finally:
                self._one_reader.release()
        return self._known(kid, algorithm, within=STALE_SECONDS)

    def _known(self, kid: str, algorithm: str, *, within: float) -> PyJWK | None:
        reading = self._reading
        if reading is None or self._clock() - reading.at > within:
            return None
        return reading.keys.get((kid, algorithm))

    def _read_again(self, kid: str, algorithm: str) -> None:
        now = self._clock()
        if self._in_vain_at is not None and now - self._in_vain_at < RETRY_SECONDS:
            return
        try:
            self._reading = _Reading(keys=keys_in(self._read()), at=now)
        except KeysUnavailable as failed:
            happened(Event.KEYS_NOT_READ, tenant=self._owner, reason=failed)
        # A reading that finds what was asked for is no one's trick: the next new key is looked for at once.
        self._in_vain_at = None if self._known(kid, algorithm, within=FRESH_SECONDS) else now


def key_set_of(tenant: Tenant, clock: Callable[[], float], *, ca_file: Path | None = None) -> KeySet:
    """The key set of a tenant, not read yet. `ca_file`: as for `read_key_url`."""
    file, url = tenant.jwks_file, tenant.jwks_url
    if file is not None:
        return KeySet(lambda: read_key_file(file), owner=tenant.id, clock=clock)
    if url is None:
        raise ValueError("a tenant without keys")
    return KeySet(lambda: read_key_url(url, ca_file=ca_file), owner=tenant.id, clock=clock)
