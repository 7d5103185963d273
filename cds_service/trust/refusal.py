"""Why a caller is turned away. The word goes to the log; the caller learns only that it was not admitted."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """One word per check, in the order in which the checks are made."""

    NO_TOKEN = "no-token"  # noqa: S105  # a word, not a secret
    NOT_A_TOKEN = "not-a-token"  # noqa: S105  # a word, not a secret
    HEADER_UNFIT = "header-unfit"
    CLAIM_UNFIT = "claim-unfit"
    ISSUER_UNKNOWN = "issuer-unknown"
    AUDIENCE_OTHER = "audience-other"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    LIFE_TOO_LONG = "life-too-long"
    SUBJECT_OTHER = "subject-other"
    TOKEN_TENANT_OTHER = "token-tenant-other"  # noqa: S105  # a word, not a secret
    ALGORITHM_OTHER = "algorithm-other"
    KEY_ADDRESS_OTHER = "key-address-other"
    KEY_UNKNOWN = "key-unknown"
    SIGNATURE_WRONG = "signature-wrong"
    USED_BEFORE = "used-before"


class TokenRefused(Exception):
    """A token that admits no one. `tenant` is the configured id once the issuer is known; `skew` the seconds its `iat` is off."""

    def __init__(self, reason: Refusal, *, tenant: str | None = None, skew: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.tenant = tenant
        self.skew = skew
