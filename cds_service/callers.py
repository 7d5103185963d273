"""Who may call: callers who sign as a tenant, or in the demo everyone. This runs before a byte of the body is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cds_service.service_definition import Caller
from cds_service.settings import Settings
from cds_service.tenants import Tenant
from cds_service.trust.refusal import Refusal

# The Authorization header, and the path below the base URL that is called, written as the service publishes it.
Authenticate = Callable[[str | None, str], Caller]

DISCOVERY_PATH = "/cds-services"
DEMO_TENANT = "demo"


def service_path(service_id: str) -> str:
    """Where a service is called."""
    return f"{DISCOVERY_PATH}/{service_id}"


def feedback_path(service_id: str) -> str:
    """Where feedback on the cards of a service is sent."""
    return f"{service_path(service_id)}/feedback"


def authentication(
    settings: Settings,
    tenants: tuple[Tenant, ...],
    *,
    service_ids: Iterable[str],
    on_refusal: Callable[[Refusal], None] = lambda _reason: None,
) -> Authenticate:
    """The check for this configuration: known callers only, or, in `demo` without tenants, everyone.

    Raises SettingsRefused when tokens are to be checked and it cannot be said for whom or remembered which were used.
    """
    if not tenants:
        everyone = Caller(tenant=DEMO_TENANT, jurisdiction=settings.jurisdiction, loopback_fhir=True)
        return lambda _authorization, _path: everyone
    from cds_service.token_authentication import token_authentication  # noqa: PLC0415  # cryptography: a demo starts without it

    paths = [DISCOVERY_PATH, *(path(service) for service in service_ids for path in (service_path, feedback_path))]
    return token_authentication(settings, tenants, paths=paths, on_refusal=on_refusal)
