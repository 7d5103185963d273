"""What can go wrong in a call, one class per outcome, and the one renderer of an error body.

The last three digits of an id are its HTTP status. Nothing here ever holds a value from a request: messages are constants, and
`where` is a path made of member names that this service defines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

ID_SYSTEM = "urn:org.myeloma-cds:error"


class ServiceError(Exception):
    """A call that gets no answer. `problems` are (where, what) pairs: a member path or "", and a constant sentence."""

    id: ClassVar[str]
    status: ClassVar[int]
    code: ClassVar[str]  # FHIR issue-type
    message: ClassVar[str]
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(self.id)
        self.problems = problems


class NotJson(ServiceError):
    id = "CDS-0400"
    status = 400
    code = "structure"
    message = "The body is not JSON as this service reads it."


class WrongShape(ServiceError):
    id = "CDS-1400"
    status = 400
    code = "invalid"
    message = "The body is not a CDS Hooks request."


class WrongHook(ServiceError):
    id = "CDS-2400"
    status = 400
    code = "not-supported"
    message = "The hook of the request is not the hook of this service."


class BadRequest(ServiceError):
    id = "CDS-3400"
    status = 400
    code = "invalid"
    message = "The HTTP request cannot be read."


class WrongFeedback(ServiceError):
    id = "CDS-4400"
    status = 400
    code = "invalid"
    message = "The body is not feedback of CDS Hooks; nothing of it was kept."


class NotAuthenticated(ServiceError):
    """The body says no more than this on purpose."""

    id = "CDS-0401"
    status = 401
    code = "login"
    message = "The caller is not known."
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class NotFound(ServiceError):
    id = "CDS-0404"
    status = 404
    code = "not-found"
    message = "There is nothing at this address. The services are listed at /cds-services."


class MethodNotAllowed(ServiceError):
    id = "CDS-0405"
    status = 405
    code = "not-supported"
    message = "This address does not take this method."


class RequiredDataMissing(ServiceError):
    id = "CDS-0412"
    status = 412
    code = "incomplete"
    message = "Required data was neither prefetched nor could be fetched."


class BodyTooLarge(ServiceError):
    id = "CDS-0413"
    status = 413
    code = "too-long"
    message = "The body is larger than this service takes."


class Unexpected(ServiceError):
    id = "CDS-0500"
    status = 500
    code = "exception"
    message = "The service failed. The log has an entry under the id given here."


class Busy(ServiceError):
    id = "CDS-0503"
    status = 503
    code = "throttled"
    message = "The service has as many calls in hand as it takes. Try again shortly."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class MemoryOut(ServiceError):
    """Rather no answer than one to a token that may have been used before."""

    id = "CDS-1503"
    status = 503
    code = "transient"
    message = "The service cannot reach its own memory. Try again shortly."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


ALL_ERRORS: tuple[type[ServiceError], ...] = tuple(ServiceError.__subclasses__())


def as_operation_outcome(error: ServiceError, *, incident: str | None = None) -> dict[str, object]:
    """A FHIR R4 OperationOutcome: one issue per problem, or one that carries the class's own message."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [_issue(error, where, what, incident) for where, what in error.problems or (("", ""),)],
    }


def _issue(error: ServiceError, where: str, what: str, incident: str | None) -> dict[str, object]:
    issue: dict[str, object] = {
        "severity": "error",
        "code": error.code,
        "details": {"coding": [{"system": ID_SYSTEM, "code": error.id}], "text": f"{error.message} {what}".strip()},
    }
    if incident:
        issue["diagnostics"] = incident
    if where:
        issue["expression"] = [where]
    return issue
