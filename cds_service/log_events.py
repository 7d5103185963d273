"""Every event that the service logs, and the keys that each may carry. What is not listed here is never written.

No key ever holds a word from a request: values are ids that this service defines, counts, times, digests, and names from the
tenants file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened, in the past tense."""

    SERVICE_STARTED = "service-started"
    CALLER_REFUSED = "caller-refused"
    USED_TOKENS_UNREACHABLE = "used-tokens-unreachable"
    FHIR_TOKEN_REFUSED = "fhir-token-refused"  # noqa: S105  # a word, not a secret
    KEYS_NOT_READ = "keys-not-read"
    CHART_ANSWERED = "chart-answered"
    FETCH_FAILED = "fetch-failed"
    FEEDBACK_TAKEN = "feedback-taken"
    STORE_FAILED = "store-failed"
    STORE_UNREACHABLE = "store-unreachable"
    CALL_FAILED = "call-failed"
    REQUEST_NOT_READ = "request-not-read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How one event is logged."""

    level: int
    keys: frozenset[str]
    meaning: str


def _entry(level: int, keys: str, meaning: str) -> Entry:
    return Entry(level=level, keys=frozenset(keys.split()), meaning=meaning)


# Every line has these beside its own.
COMMON_KEYS = frozenset({"event", "level", "at", "trace"})

EVENTS: Mapping[Event, Entry] = {
    Event.SERVICE_STARTED: _entry(logging.INFO, "profile tenants knowledge_version knowledge_digest", "The service is up."),
    Event.CALLER_REFUSED: _entry(
        logging.WARNING,
        "error reason tenant skew",
        "A token was not admitted; `reason` says why, `skew` by how many seconds its clock is off. The caller is told nothing.",
    ),
    Event.USED_TOKENS_UNREACHABLE: _entry(
        logging.ERROR, "error", "It could not be told whether a token was used before; the call was answered 503."
    ),
    Event.FHIR_TOKEN_REFUSED: _entry(
        logging.WARNING, "reason tenant", "The token for the FHIR server did not fit the call; nothing was fetched."
    ),
    Event.KEYS_NOT_READ: _entry(logging.WARNING, "reason tenant", "The public keys of a tenant could not be read."),
    Event.CHART_ANSWERED: _entry(
        logging.INFO,
        "service tenant outcome reason rules cards fact_digest answer_digest knowledge_digest",
        "A chart was judged. `myeloma-cds replay` finds the answer by either digest.",
    ),
    Event.FETCH_FAILED: _entry(logging.WARNING, "tenant key outcome", "Data that was not sent could not be fetched whole."),
    Event.FEEDBACK_TAKEN: _entry(
        logging.INFO,
        "service tenant items new",
        "Feedback came in; `new` items were kept, the others were known or for no card of theirs.",
    ),
    Event.STORE_FAILED: _entry(
        logging.ERROR, "operation", "The store did not keep an answer (the card went out) or feedback (answered 503)."
    ),
    Event.STORE_UNREACHABLE: _entry(
        logging.ERROR, "", "The store could not be reached at start; the service runs, and keeps nothing until it can be."
    ),
    Event.CALL_FAILED: _entry(
        logging.ERROR, "error incident kind places", "The service failed; the answer carries the same `incident`."
    ),
    Event.REQUEST_NOT_READ: _entry(logging.ERROR, "error kind", "The service failed before a request reached the application."),
}
