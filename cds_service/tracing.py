"""The trace that a call belongs to (W3C `traceparent`): taken over, logged, and passed on to the FHIR server."""

from __future__ import annotations

import re
import secrets

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})", re.ASCII)


def passed_on(traceparent: str | None) -> str | None:
    """The header for calls that this one causes: the same trace, a step of our own. None without a usable header."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    return match and f"00-{match[1]}-{secrets.token_hex(8)}-{match[2]}"


def trace_of(traceparent: str | None) -> str | None:
    """The id of the trace, for the log."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    return match and match[1]
