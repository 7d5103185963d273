"""What fetching is about, as values: where from, what came, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from fhir_mappings.facts.frozen import frozen


class Outcome(StrEnum):
    """How a fetch ended."""

    OK = "ok"
    NOT_REACHABLE = "not-reachable"
    REFUSED = "refused"
    NOT_FOUND = "not-found"
    UNSUPPORTED = "unsupported"
    THROTTLED = "throttled"
    FAILED = "failed"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    LATE = "late"


@frozen()
class FhirSource:
    """A server to read one patient's chart from. `base` is a canonical address, `token` has the characters of a bearer token."""

    base: str
    token: str | None = field(default=None, repr=False)
    traceparent: str | None = None


@frozen()
class Fetched:
    """The resource when the outcome is `ok`, else none. `size` is the number of bytes read, after decompression."""

    outcome: Outcome
    resource: Mapping[str, object] | None = None
    size: int = 0
