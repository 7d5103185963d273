"""Whose FHIR server may be asked, and with which token. What a request names is only looked up: what is dialled comes from us."""

from __future__ import annotations

from urllib.parse import urlsplit

from cds_service.addresses import is_loopback
from cds_service.fetched import FhirSource
from cds_service.fhir_address import canonical
from cds_service.hook_call import HookCall
from cds_service.log_events import Event
from cds_service.service_definition import Caller
from cds_service.telemetry import happened
from cds_service.trust.fhir_authorization import AuthorizationMisused, access_token

_STEPS = frozenset({".", ".."})  # ids by FHIR's grammar, but in a path they lead elsewhere


def source_for(call: HookCall, caller: Caller) -> FhirSource | None:
    """The server for this call, or None: then the answer rests on what was prefetched.

    A caller's own servers are dialled as configured, and only with a token for this patient. Where no one is asked who they are
    (`demo`), a server on this machine is taken as it is named, with or without a token.
    """
    named = canonical(call.fhir_server)
    if named is None or call.patient_id in _STEPS:
        return None
    on_this_machine = caller.loopback_fhir and is_loopback(urlsplit(named).hostname or "")
    base = named if on_this_machine else next((each for each in map(canonical, caller.fhir_base_urls) if each == named), None)
    if base is None:
        return None
    if call.fhir_authorization is None:
        return FhirSource(base=base) if caller.loopback_fhir else None
    try:
        token = access_token(call.fhir_authorization, patient_id=call.patient_id, client_id=caller.client_id)
    except AuthorizationMisused as misused:
        happened(Event.FHIR_TOKEN_REFUSED, reason=misused.reason, tenant=caller.tenant)
        return None
    return FhirSource(base=base, token=token)
