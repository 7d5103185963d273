"""The token with which a CDS client signs a call (CDS Hooks, "Trusting CDS Clients"): taken apart, then checked step by step.

The order is issuer, audience, time, subject and tenant, key, signature. Whether the token was used before is asked after that, so
that only the holder of the key can fill the memory of used tokens. Nothing in a token is ever dialled or kept.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwt import PyJWK, PyJWS
from jwt.exceptions import PyJWTError

from cds_service import strict_json
from cds_service.errors import NotJson
from cds_service.tenants import Tenant
from cds_service.trust.refusal import Refusal, TokenRefused

LEEWAY_SECONDS = 60
MAX_TOKEN_BYTES = 16 * 1024
MAX_TEXT = 1024

# Ways to bring one's own key or to change what the signature covers. A client that needs one of them is not served.
_FORBIDDEN_HEADERS = ("crit", "b64", "zip", "enc", "jwk", "x5c", "x5u")
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_LATEST = 2**53  # beyond it a number of seconds is no longer exact

FindKey = Callable[[Tenant, str, str], PyJWK | None]  # tenant, kid, alg


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedToken:
    """A token taken apart. Nothing in it is to be believed before `check` has returned."""

    compact: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedToken:
    """Who signed, and what is needed to see that the token is used once. `expires` is in seconds since the epoch."""

    tenant: Tenant
    token_id: str
    expires: int


def take_apart(authorization: str | None) -> ReceivedToken:
    """The token in an Authorization header. Raises TokenRefused when there is none, or none of the form that is asked for."""
    if authorization is None:
        raise TokenRefused(Refusal.NO_TOKEN)
    scheme, _, compact = authorization.partition(" ")
    if scheme != "Bearer" or len(compact) > MAX_TOKEN_BYTES or not _COMPACT.fullmatch(compact):
        raise TokenRefused(Refusal.NOT_A_TOKEN)
    header, claims, _signature = compact.split(".")
    return ReceivedToken(compact=compact, header=_object_in(header), claims=_object_in(claims))


def check(
    token: ReceivedToken, *, tenants: Mapping[str, Tenant], endpoint: str, ours: frozenset[str], find_key: FindKey, now: float
) -> CheckedToken:
    """Who signed this token for this endpoint.

    `tenants` by issuer; `endpoint` is the URL that is called and `ours` every URL of this service, both built from the configured
    base URL and never from the request; `now` in seconds since the epoch. Raises TokenRefused.
    """
    _check_forms(token)
    claims = token.claims
    tenant = tenants.get(claims["iss"])
    if tenant is None:
        raise TokenRefused(Refusal.ISSUER_UNKNOWN)
    reason = (
        _wrong_audience(claims["aud"], tenant, endpoint, ours)
        or _wrong_time(claims, tenant, now)
        or _wrong_party(claims, tenant)
        or _wrong_key_named(token.header, tenant)
    )
    if reason is not None:
        raise TokenRefused(reason, tenant=tenant.id, skew=round(claims["iat"] - now))
    algorithm = token.header["alg"]
    key = find_key(tenant, token.header["kid"], algorithm)
    if key is None:
        raise TokenRefused(Refusal.KEY_UNKNOWN, tenant=tenant.id)
    try:
        PyJWS([algorithm], options={"verify_signature": True, "enforce_minimum_key_length": True}).decode(
            token.compact, key, algorithms=[algorithm]
        )
    except PyJWTError:
        raise TokenRefused(Refusal.SIGNATURE_WRONG, tenant=tenant.id) from None
    return CheckedToken(tenant=tenant, token_id=claims["jti"], expires=int(claims["exp"]))


def _object_in(part: str) -> Mapping[str, Any]:
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        value = strict_json.load(raw)
    except (ValueError, NotJson):
        raise TokenRefused(Refusal.NOT_A_TOKEN) from None
    if not isinstance(value, dict):
        raise TokenRefused(Refusal.NOT_A_TOKEN)
    return value


def _check_forms(token: ReceivedToken) -> None:
    header, claims = token.header, token.claims
    if header.get("typ") != "JWT" or not (_is_text(header.get("alg")) and _is_text(header.get("kid"))):
        raise TokenRefused(Refusal.HEADER_UNFIT)
    if any(name in header for name in _FORBIDDEN_HEADERS):
        raise TokenRefused(Refusal.HEADER_UNFIT)
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if not (all(map(_is_time, times)) and _is_text(claims.get("iss")) and _is_text(claims.get("jti"))):
        raise TokenRefused(Refusal.CLAIM_UNFIT)
    audience = claims.get("aud")
    if not (_is_text(audience) or (isinstance(audience, list) and audience and all(map(_is_text, audience)))):
        raise TokenRefused(Refusal.CLAIM_UNFIT)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LATEST


def _wrong_audience(audience: str | list[str], tenant: Tenant, endpoint: str, ours: frozenset[str]) -> Refusal | None:
    named = [audience] if isinstance(audience, str) else audience
    if tenant.audience:
        fits = all(each in tenant.audience for each in named)
    else:
        # One more name would be one more party that could use this token against us, or we against it.
        fits = endpoint in named and all(each == endpoint or each in ours for each in named)
    return None if fits else Refusal.AUDIENCE_OTHER


def _wrong_time(claims: Mapping[str, Any], tenant: Tenant, now: float) -> Refusal | None:
    if claims["exp"] + LEEWAY_SECONDS <= now:
        return Refusal.EXPIRED
    if max(claims["iat"], claims.get("nbf", 0)) > now + LEEWAY_SECONDS:
        return Refusal.NOT_YET_VALID
    life = claims["exp"] - claims["iat"]
    return None if 0 < life <= tenant.max_token_seconds else Refusal.LIFE_TOO_LONG


def _wrong_party(claims: Mapping[str, Any], tenant: Tenant) -> Refusal | None:
    if tenant.subject is not None and claims.get("sub") != tenant.subject:
        return Refusal.SUBJECT_OTHER
    if tenant.token_tenants and claims.get("tenant") not in tenant.token_tenants:
        return Refusal.TOKEN_TENANT_OTHER
    return None


def _wrong_key_named(header: Mapping[str, Any], tenant: Tenant) -> Refusal | None:
    if header["alg"] not in tenant.algorithms:
        return Refusal.ALGORITHM_OTHER
    if "jku" in header and header["jku"] != tenant.jwks_url:
        return Refusal.KEY_ADDRESS_OTHER
    return None
