"""Callers known by the tokens that they sign: each token stands for one call, and every refusal looks the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from jwt import PyJWK

from cds_service.errors import Busy, MemoryOut, NotAuthenticated
from cds_service.log_events import Event
from cds_service.service_definition import Caller
from cds_service.settings import Settings, SettingsRefused
from cds_service.store.database import open_database
from cds_service.store.used_tokens import SharedUsedTokens
from cds_service.telemetry import happened
from cds_service.tenants import Tenant
from cds_service.trust.allowance import Allowance
from cds_service.trust.client_token import CheckedToken, check, take_apart
from cds_service.trust.key_sets import key_set_of, keys_in
from cds_service.trust.key_source import KeysUnavailable, read_key_file
from cds_service.trust.refusal import Refusal, TokenRefused
from cds_service.trust.replay import MemoryUnavailable, TokenMemory, UsedTokens

USED_TOKENS_FILE = "used-tokens.sqlite"


def token_authentication(
    settings: Settings, tenants: Iterable[Tenant], *, paths: Iterable[str], on_refusal: Callable[[Refusal], None]
) -> TokenAuthentication:
    """The check of these tenants' tokens. Raises SettingsRefused when it cannot be said for whom they are made out, with which
    keys they are signed, or remembered which were used."""
    if settings.base_url is None:
        raise SettingsRefused("base_url must be set when there are tenants: their tokens are made out to it")
    check_keys(tenants)
    return TokenAuthentication(
        settings, tenants, _memory(settings), base_url=settings.base_url, paths=paths, on_refusal=on_refusal
    )


def check_keys(tenants: Iterable[Tenant]) -> None:
    """Raises SettingsRefused when a key file holds no key that its tenant's algorithms can use. Nothing is dialled."""
    for tenant in tenants:
        if tenant.jwks_file is None:
            continue
        try:
            keys = keys_in(read_key_file(tenant.jwks_file))
        except KeysUnavailable as failed:
            raise SettingsRefused(f"tenant {tenant.id}: jwks_file: {failed}") from None
        if not any(algorithm in tenant.algorithms for _kid, algorithm in keys):
            raise SettingsRefused(f"tenant {tenant.id}: jwks_file: it has no key that the algorithms can use")


class TokenAuthentication:
    """Admits who signs as one of the tenants, each token once. What it answers to all others says nothing."""

    def __init__(
        self,
        settings: Settings,
        tenants: Iterable[Tenant],
        used: TokenMemory,
        *,
        base_url: str,
        paths: Iterable[str],
        on_refusal: Callable[[Refusal], None] = lambda _reason: None,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tenants = {tenant.issuer: tenant for tenant in tenants}
        self._keys = {tenant.id: key_set_of(tenant, clock, ca_file=settings.ca_file) for tenant in self._tenants.values()}
        self._allowances = {
            tenant.id: Allowance(tenant.max_calls_per_minute, clock)
            for tenant in self._tenants.values()
            if tenant.max_calls_per_minute is not None
        }
        self._default = settings.jurisdiction
        self._used = used
        self._base_url = base_url
        self._ours = frozenset(base_url + path for path in paths)
        self._on_refusal = on_refusal
        self._now = now

    def __call__(self, authorization: str | None, path: str) -> Caller:
        """The caller. Raises NotAuthenticated for every token that does not stand, MemoryOut when it cannot be told whether the
        token was used before, and Busy when the tenant has had its calls."""
        try:
            token = check(
                take_apart(authorization),
                tenants=self._tenants,
                endpoint=self._base_url + path,
                ours=self._ours,
                find_key=self._find_key,
                now=self._now(),
            )
            self._use_up(token)
        except TokenRefused as refused:
            happened(
                Event.CALLER_REFUSED, error=NotAuthenticated.id, reason=refused.reason, tenant=refused.tenant, skew=refused.skew
            )
            self._on_refusal(refused.reason)
            raise NotAuthenticated from None
        tenant = token.tenant
        allowance = self._allowances.get(tenant.id)
        if allowance is not None and not allowance.take():
            raise Busy
        return Caller(
            tenant=tenant.id,
            jurisdiction=tenant.jurisdiction or self._default,
            fhir_base_urls=tenant.fhir_base_urls,
            client_id=tenant.client_id,
        )

    def _find_key(self, tenant: Tenant, kid: str, algorithm: str) -> PyJWK | None:
        return self._keys[tenant.id].find(kid, algorithm)

    def _use_up(self, token: CheckedToken) -> None:
        if token.tenant.may_reuse_tokens:
            return
        try:
            first = self._used.is_first_use(token.tenant.issuer, token.token_id, expires=token.expires, now=self._now())
        except MemoryUnavailable:
            happened(Event.USED_TOKENS_UNREACHABLE, error=MemoryOut.id)
            raise MemoryOut from None
        if not first:
            raise TokenRefused(Refusal.USED_BEFORE, tenant=token.tenant.id)


def _memory(settings: Settings) -> TokenMemory:
    """The database that the settings name, which other machines may share; else a file of our own."""
    if settings.database_url is not None:
        return SharedUsedTokens(open_database(settings.database_url.get_secret_value()))
    try:
        return UsedTokens(settings.state_folder / USED_TOKENS_FILE)
    except (MemoryUnavailable, RuntimeError):
        raise SettingsRefused("state_dir cannot be written, and used tokens must be remembered there") from None
