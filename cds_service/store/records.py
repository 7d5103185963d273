"""What goes into the store, as values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

from fhir_mappings.facts.frozen import frozen


class FeedbackOutcome(StrEnum):
    """What the user did with a card."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


@frozen()
class IssuedCard:
    """A card as it went out. `suggestions` are (uuid, regimen id)."""

    uuid: str
    suggestions: tuple[tuple[str, str], ...] = ()


@frozen()
class Answered:
    """One answer. Digests are `sha256:` and hex: of the knowledge, of the facts that were read, of the evaluation as it was sent.

    `rules` are the ids of the knowledge that decided: row, situation and the rules that took a regimen away.
    """

    service: str
    tenant: str
    as_of: date
    jurisdiction: str
    knowledge_version: str
    knowledge_digest: str
    fact_digest: str
    answer_digest: str
    outcome: str
    reason: str
    rules: tuple[str, ...] = ()
    cards: tuple[IssuedCard, ...] = ()


@frozen()
class Feedback:
    """One item of feedback. `on` is when the user did it; `reason` is (system, code)."""

    card: str
    outcome: FeedbackOutcome
    on: datetime
    suggestions: tuple[str, ...] = ()
    reason: tuple[str, str] | None = None
    comment: str | None = None


def stamp(moment: datetime) -> str:
    """An aware moment as it stands in the tables: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
