"""What a configuration means, in words: what the service will accept, from whom, and whom it will ask. Printed, never logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cds_service.callers import DISCOVERY_PATH, feedback_path, service_path
from cds_service.settings import Settings
from cds_service.tenants import Tenant, origins_of
from cds_service.trust.client_token import LEEWAY_SECONDS
from cds_service.trust.key_sets import keys_in
from cds_service.trust.key_source import read_key_file


def configuration_report(settings: Settings, tenants: tuple[Tenant, ...], *, service_ids: Iterable[str]) -> str:
    """The report, one line per thing to know. Key files, checked before, are read; nothing is dialled."""
    lines = [f"profile: {settings.profile.value}"]
    if not tenants:
        lines.append("callers: everyone on this machine, without a token")
    else:
        lines.append(f"callers: {len(tenants)} known, each call with a token that is used once")
        lines.append("a token must be made out to the address that is called, to the letter:")
        paths = [DISCOVERY_PATH, *(path(service) for service in service_ids for path in (service_path, feedback_path))]
        lines += [f"  {settings.base_url}{path}" for path in paths]
    if settings.ca_file is not None:
        lines.append(f"certificates of other servers: only those that {settings.ca_file.name} vouches for")
    lines.append(f"labels: {settings.jurisdiction.value}, unless a tenant says otherwise")
    origins = sorted({*settings.cors_origins, *origins_of(tenants)})
    lines.append(f"browser pages that may call: {', '.join(origins) or 'none'} (in the demo: any)")
    for tenant in tenants:
        lines += ["", *_about(tenant)]
    return "\n".join(lines) + "\n"


def _about(tenant: Tenant) -> Iterator[str]:
    yield f"tenant {tenant.id}"
    yield f"  iss: {tenant.issuer}"
    if tenant.audience:
        yield f"  aud: one of {', '.join(tenant.audience)}, instead of the address that is called"
    if tenant.subject is not None:
        yield f"  sub: {tenant.subject}"
    if tenant.token_tenants:
        yield f"  tenant: one of {', '.join(tenant.token_tenants)}"
    yield f"  alg: {', '.join(tenant.algorithms)}"
    yield f"  keys: {_keys_of(tenant)}"
    yield f"  jku: {f'{tenant.jwks_url}, or none' if tenant.jwks_url else 'a token that has one is refused'}"
    yield f"  life: at most {tenant.max_token_seconds} s from iat to exp; clocks may differ by {LEEWAY_SECONDS} s"
    if tenant.may_reuse_tokens:
        yield "  WARNING: its tokens may be used again while they live, so a stolen one admits whoever has it"
    if tenant.max_calls_per_minute is not None:
        yield f"  calls: at most {tenant.max_calls_per_minute} a minute in each worker"
    if tenant.jurisdiction is not None:
        yield f"  labels: {tenant.jurisdiction.value}"
    yield f"  FHIR servers that may be asked: {', '.join(tenant.fhir_base_urls) or 'none, only what is prefetched is used'}"
    if tenant.fhir_base_urls and tenant.client_id is None:
        yield "  access tokens are used whoever they were issued to, as client_id is not set"


def _keys_of(tenant: Tenant) -> str:
    if tenant.jwks_file is None:
        return f"fetched from {tenant.jwks_url} when the first token comes"
    keys = keys_in(read_key_file(tenant.jwks_file))
    usable = sorted({kid for kid, algorithm in keys if algorithm in tenant.algorithms})
    return f"{', '.join(usable)} (in {tenant.jwks_file.name})"
