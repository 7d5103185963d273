"""The discovery document: what `GET /cds-services` answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cds_service.service_definition import CdsService

# The published edition whose rules for requests and answers are kept; 3.0 is still a ballot.
SPECIFICATION_VERSION = "2.0.1"


def discovery_document(services: Iterable[CdsService]) -> dict[str, Any]:
    """The object with one entry per service, in the order of the registry."""
    return {"services": [_entry(service) for service in services]}


def _entry(service: CdsService) -> dict[str, Any]:
    return {
        "id": service.id,
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "usageRequirements": service.usage_requirements,
        "version": SPECIFICATION_VERSION,
        "hookVersion": service.hook_version,
        "prefetch": dict(service.prefetch),
    }
