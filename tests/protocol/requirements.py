"""What CDS Hooks asks of a service, in our words, and how a test says which of it it proves.

The ids group the requirements of the specification (J JSON and transport, D discovery, H the request, P prefetch, R the response,
C the card, T trust, F feedback, X cross-origin calls). `kit` holds the numbers of the same statements in Inferno's Da Vinci CRD
list `cds-hooks_2.0`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    id: str
    level: str
    says: str
    kit: str = ""
    not_tested: str = ""  # why, when no test can prove it here


def _r(id_: str, level: str, says: str, kit: str = "", not_tested: str = "") -> Requirement:
    return Requirement(id=id_, level=level, says=says, kit=kit, not_tested=not_tested)


REQUIREMENTS: tuple[Requirement, ...] = (
    _r("J1", "SHALL", "Answers are JSON.", "1, 2"),
    _r("J4", "SHALL NOT", "No member is null."),
    _r("J5", "SHALL NOT", "No member is an empty string, list or object, except `cards`."),
    _r("J7", "SHALL", "Patient data travels over TLS.", not_tested="TLS ends at the proxy in front of the service."),
    _r("D1", "SHALL", "Discovery is at `{baseUrl}/cds-services`."),
    _r("D2", "SHALL", "Discovery is an object whose `services` is a list."),
    _r("D4", "SHALL", "Discovery answers 200."),
    _r("D5", "REQUIRED", "An entry names its `hook`."),
    _r("D6", "RECOMMENDED", "An entry has a `title`."),
    _r("D7", "REQUIRED", "An entry has a `description`."),
    _r("D8", "REQUIRED", "An entry's `id` is the last part of its address."),
    _r("D9", "OPTIONAL", "`prefetch` maps keys to FHIR queries."),
    _r("D10", "OPTIONAL", "`usageRequirements` says what the service needs."),
    _r("D11", "RECOMMENDED", "`version` is the edition of CDS Hooks, not of the service."),
    _r("D12", "SHALL", "`hookVersion` is the published version of the hook."),
    _r("D13", "MAY", "Ids may be shared between hooks; here no two entries share one, so that no client loses a service.", "211"),
    _r("H1", "REQUIRED", "`hook` is the hook of the service that is called."),
    _r("H2", "REQUIRED", "`hookInstance` is a UUID."),
    _r("H3", "REQUIRED", "`context` is an object with the members of its hook."),
    _r("H4", "REQUIRED", "`context.userId` is a reference, `context.patientId` and `encounterId` are ids."),
    _r("H5", "MAY", "`extension` and members we do not know never break the service."),
    _r("H6", "OPTIONAL", "`fhirServer` and `fhirAuthorization` may be there."),
    _r("P1", "SHALL", "Templates for the data needed are in discovery.", "29"),
    _r("P2", "MAY", "A client may honour all, some or none of the templates."),
    _r("P4", "SHALL", "412 when required data is neither prefetched nor to be had.", "54"),
    _r("P5", "SHOULD", "An OperationOutcome under a key is seen for what it is.", "52"),
    _r("P6", "SHALL", "Absent, null, an error and an empty search are told apart."),
    _r("P7", "MAY", "A first page that links to a next one is not taken for the whole."),
    _r("P9", "SHOULD", "The answer takes on the order of 500 ms.", "27"),
    _r("P10", "SHALL", "Tokens are `{{context.…}}` of the hook's own context."),
    _r("P12", "SHALL", "A context token is written `context.<field>`."),
    _r("P15", "SHOULD", "Templates keep to widely supported search parameters."),
    _r("R1", "SHALL", "Success is 200 and an object with a list `cards`."),
    _r("R2", "SHOULD", "Nothing to say is 200 with `cards: []`.", "77"),
    _r("R5", "SHOULD", "Every other status carries an OperationOutcome."),
    _r("R7", "MAY", "A service changes nothing by itself: no system actions."),
    _r("C1", "OPTIONAL", "Each card has its own `uuid`, and so has each suggestion (C15)."),
    _r("C2", "REQUIRED", "`summary` is one sentence of fewer than 140 characters."),
    _r("C3", "SHALL", "`detail` is GitHub-flavoured Markdown."),
    _r("C4", "REQUIRED", "`indicator` is `info`, `warning` or `critical`."),
    _r("C5", "REQUIRED", "`source.label` names the source (C6); `url`, `topic` when given are well formed (C7, C9)."),
    _r("C10", "OPTIONAL", "With `suggestions` there is a `selectionBehavior` (C11)."),
    _r("C12", "SHALL", "Override reasons are codings with a display."),
    _r("C14", "REQUIRED", "A suggestion has a label; its actions have type, description and resource (C19 to C21)."),
    _r("C23", "REQUIRED", "A link has label, url and type; nothing starts by itself (C25)."),
    _r("C29", "SHOULD", "An extension has a reverse-domain name and is an object."),
    _r("T1", "SHOULD", "Callers are authenticated where answers may hold patient data."),
    _r("T2", "SHALL (client)", "Every call carries a token: discovery and services alike."),
    _r("T3", "REQUIRED", "A token's header has `alg`, `kid` and `typ`."),
    _r("T4", "REQUIRED", "A token has `iss`, `aud`, `exp`, `iat` and `jti`."),
    _r("T5", "SHOULD", "Issuers and key addresses are on a list."),
    _r("T6", "SHALL NOT", "No unsigned token and no shared secret; ES384 and RS384 are taken."),
    _r("X1", "required by browsers", "A preflight is answered on every address without token or redirect.", "208"),
    _r("X2", "required by browsers", "Errors too say which origin may read them."),
    _r("F1", "MAY", "Feedback on cards is taken at `{baseUrl}/cds-services/{id}/feedback`."),
    _r("F2", "SHALL", "A call may hold several items, and the same item may come again."),
    _r("F3", "REQUIRED", "An item has `card`, `outcome`, `outcomeTimestamp`, and `acceptedSuggestions` when it is accepted."),
    _r("F5", "example", "The coding of a reason comes without `display`."),
    _r("F6", "our own", "The answer is 200 with an empty object: no body is defined, and every client can read that."),
    _r("X3", "our own", "In `production` only listed origins may call, and never with credentials."),
)


def proves(*ids: str) -> Callable[[F], F]:
    """Mark a test as proof of these requirements."""
    unknown = set(ids) - {requirement.id for requirement in REQUIREMENTS}
    if unknown:
        raise ValueError(f"no such requirement: {sorted(unknown)}")

    def mark(test: F) -> F:
        test.__dict__["proves"] = ids
        return test

    return mark
