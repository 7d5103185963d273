"""A CDS Hooks request, read strictly: the members this service rests on must be right, all others are not looked at.

Messages name members, never values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field

from cds_service.errors import WrongHook, WrongShape
from fhir_mappings.facts.frozen import frozen

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
BEARER_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, b64token
FHIR_REFERENCE = re.compile(r"[A-Z][A-Za-z]{1,63}/[A-Za-z0-9\-.]{1,64}")


@frozen()
class HookCall:
    """What an answer needs of a request. `prefetch` is empty when the request has none.

    `fhir_server` and `fhir_authorization` are as they were sent; what is no text, or no object, counts as not sent.
    """

    patient_id: str
    prefetch: Mapping[str, object]
    fhir_server: str | None = None
    fhir_authorization: Mapping[str, object] | None = field(default=None, repr=False)


def read_hook_call(body: object, *, hook: str) -> HookCall:
    """The call in a parsed body, for a service of this `hook`.

    Raises WrongShape with one problem per member that is missing or wrong, or WrongHook when everything else is right.
    """
    if not isinstance(body, dict):
        raise WrongShape(("", "The body must be an object."))
    problems: list[tuple[str, str]] = []
    context = body.get("context")
    if not isinstance(context, dict):
        problems.append(("context", "It must be an object."))
        context = {}
    server, authorization = body.get("fhirServer"), body.get("fhirAuthorization")
    checks: tuple[tuple[str, Mapping[str, object], Callable[[object], bool], bool, str], ...] = (
        ("hook", body, _is_string, True, "It must be a string."),
        ("hookInstance", body, _matches(UUID), True, "It must be a UUID."),
        ("prefetch", body, _is_object, False, "It must be an object when it is given."),
        ("context.userId", context, _matches(FHIR_REFERENCE), True, "It must be a resource type and an id with a slash between."),
        ("context.patientId", context, _matches(FHIR_ID), True, "It must be a FHIR id."),
        ("context.encounterId", context, _matches(FHIR_ID), False, "It must be a FHIR id when it is given."),
        (
            "fhirAuthorization.access_token",
            authorization if isinstance(authorization, dict) else {},
            _matches(BEARER_TOKEN),
            False,
            "It must be a bearer token.",
        ),
    )
    for path, holder, is_right, required, complaint in checks:
        name = path.rpartition(".")[2]
        if name in holder and not is_right(holder[name]):
            problems.append((path, complaint))
        elif name not in holder and required:
            problems.append((path, "It is required."))
    if problems:
        raise WrongShape(*problems)
    if body["hook"] != hook:
        raise WrongHook(("hook", ""))
    return HookCall(
        patient_id=context["patientId"],
        prefetch=body.get("prefetch", {}),
        fhir_server=server if isinstance(server, str) else None,
        fhir_authorization=authorization if isinstance(authorization, dict) else None,
    )


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _matches(grammar: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and grammar.fullmatch(value) is not None
