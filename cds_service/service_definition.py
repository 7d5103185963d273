"""What a CDS service is to the rest of the house: what discovery publishes of it, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.hook_call import HookCall
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.model import Knowledge
from cds_service.prefetch import Fetcher
from cds_service.witness import Witness
from fhir_mappings.facts.frozen import frozen


@frozen()
class Caller:
    """Who calls: the organisation, and whose labels count there.

    `fhir_base_urls` are the servers that may be asked on its behalf, and `client_id` is who we are to them. `loopback_fhir`: any
    server on this machine may be asked, which holds only where no caller is asked who they are.
    """

    tenant: str
    jurisdiction: Jurisdiction
    fhir_base_urls: tuple[str, ...] = ()
    client_id: str | None = None
    loopback_fhir: bool = False


@frozen()
class CallContext:
    """Everything an answer rests on besides the call itself. `as_of` is the day on which the chart is judged.

    `fetcher` gets what was not sent; without one the answer rests on what was. `witness` is told what was answered.
    `traceparent` is the header for calls that this one causes.
    """

    knowledge: Knowledge
    caller: Caller
    as_of: date
    base_url: str | None
    fetcher: Fetcher | None = None
    witness: Witness | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CdsService:
    """One entry of discovery. `respond` returns the body of a 200 answer or raises a ServiceError."""

    id: str
    hook: str
    hook_version: str
    title: str
    description: str
    usage_requirements: str
    prefetch: Mapping[str, str]
    respond: Callable[[HookCall, CallContext], dict[str, Any]]
