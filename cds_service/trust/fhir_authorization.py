"""The `fhirAuthorization` of a request: the access token in it, if it is meant for this call."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cds_service.hook_call import BEARER_TOKEN

MAX_TOKEN = 8192


class Misuse(StrEnum):
    """Why an authorization is not used. The call is then served as if none had been sent."""

    NOT_A_TOKEN = "not-a-token"  # noqa: S105  # a word, not a secret
    OTHER_TYPE = "other-type"
    EXPIRED = "expired"
    OTHER_CLIENT = "other-client"
    OTHER_PATIENT = "other-patient"


class AuthorizationMisused(Exception):
    """The token was not meant for this call."""

    def __init__(self, reason: Misuse) -> None:
        super().__init__(reason.value)
        self.reason = reason


def access_token(authorization: Mapping[str, object], *, patient_id: str, client_id: str | None) -> str:
    """The token, if it is a bearer token that lives, for this patient and, where `client_id` is configured, issued to us.

    Raises AuthorizationMisused otherwise.
    """
    token, kind, life = (authorization.get(name) for name in ("access_token", "token_type", "expires_in"))
    if not isinstance(token, str) or len(token) > MAX_TOKEN or not BEARER_TOKEN.fullmatch(token):
        raise AuthorizationMisused(Misuse.NOT_A_TOKEN)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise AuthorizationMisused(Misuse.OTHER_TYPE)
    if "expires_in" in authorization and (isinstance(life, bool) or not isinstance(life, int | float) or life <= 0):
        raise AuthorizationMisused(Misuse.EXPIRED)
    if client_id is not None and authorization.get("subject") != client_id:
        raise AuthorizationMisused(Misuse.OTHER_CLIENT)
    if authorization.get("patient", patient_id) != patient_id:
        raise AuthorizationMisused(Misuse.OTHER_PATIENT)
    return token
