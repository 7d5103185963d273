"""How cards fared: per rule and per regimen, how often shown, accepted and overridden, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, select

from cds_service.store import tables
from cds_service.store.records import FeedbackOutcome


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of cards. A card that was answered twice in the same way counts once; `why` counts the reasons that were given."""

    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    why: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReport:
    """Tallies by rule id and by regimen id. Of a regimen `accepted` counts the cards on which it was the one accepted."""

    cards: Tally
    rules: Mapping[str, Tally]
    regimens: Mapping[str, Tally]


@dataclass(slots=True, kw_only=True)
class _Card:
    rules: tuple[str, ...]
    regimens: set[str] = field(default_factory=set)
    accepted: bool = False
    accepted_regimens: set[str] = field(default_factory=set)
    overridden: bool = False
    why: set[str] = field(default_factory=set)


def feedback_report(engine: Engine, *, tenant: str | None = None) -> FeedbackReport:
    """The report for one tenant, or for all."""
    with engine.connect() as connection:
        cards = _cards(connection, tenant)
    rules: defaultdict[str, Tally] = defaultdict(Tally)
    regimens: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for card in cards:
        for tally in (total, *(rules[rule] for rule in card.rules)):
            _count(tally, card, accepted=card.accepted)
        for regimen in card.regimens:
            _count(regimens[regimen], card, accepted=regimen in card.accepted_regimens)
    return FeedbackReport(cards=total, rules=dict(sorted(rules.items())), regimens=dict(sorted(regimens.items())))


def _count(tally: Tally, card: _Card, *, accepted: bool) -> None:
    tally.shown += 1
    tally.accepted += accepted
    tally.overridden += card.overridden
    tally.why.update(card.why)


def _cards(connection: Connection, tenant: str | None) -> Iterable[_Card]:
    evaluation, card, suggestion, feedback = tables.evaluation, tables.card, tables.suggestion, tables.feedback
    shown = select(card.c.uuid, evaluation.c.rules).join(evaluation, card.c.evaluation == evaluation.c.id)
    offered = select(suggestion.c.card, suggestion.c.regimen)
    said = select(feedback.c.card, feedback.c.outcome, feedback.c.accepted_regimens, feedback.c.reason_code)
    if tenant is not None:
        shown = shown.where(card.c.tenant == tenant)
        offered = offered.where(suggestion.c.tenant == tenant)
        said = said.where(feedback.c.tenant == tenant)
    cards = {row.uuid: _Card(rules=tuple(row.rules)) for row in connection.execute(shown)}
    for row in connection.execute(offered):
        cards[row.card].regimens.add(row.regimen)
    for item in connection.execute(said):
        _note(cards[item.card], item)
    return cards.values()


def _note(card: _Card, row: Any) -> None:  # noqa: ANN401  # a row of the select above
    if row.outcome == FeedbackOutcome.ACCEPTED:
        card.accepted = True
        card.accepted_regimens.update(row.accepted_regimens)
    else:
        card.overridden = True
        card.why.add(row.reason_code or "no-reason")


def as_json(report: FeedbackReport) -> dict[str, Any]:
    """The report for a program."""
    return {
        "cards": _tally(report.cards),
        "rules": {rule: _tally(tally) for rule, tally in report.rules.items()},
        "regimens": {regimen: _tally(tally) for regimen, tally in report.regimens.items()},
    }


def _tally(tally: Tally) -> dict[str, Any]:
    counts = {"shown": tally.shown, "accepted": tally.accepted, "overridden": tally.overridden}
    return counts | {"why": dict(sorted(tally.why.items(), key=lambda pair: (-pair[1], pair[0])))}


def as_text(report: FeedbackReport) -> str:
    """The report for a terminal."""
    lines = [f"{'':34}{'shown':>8}{'accepted':>10}{'overridden':>12}  why"]
    for title, tallies in (("all cards", {"": report.cards}), ("rule", report.rules), ("regimen", report.regimens)):
        for name, tally in tallies.items():
            why = ", ".join(f"{reason} {count}" for reason, count in _tally(tally)["why"].items())
            counts = f"{tally.shown:>8}{tally.accepted:>10}{tally.overridden:>12}"
            lines.append(f"{f'{title} {name}'.strip():34}{counts}  {why}".rstrip())
    return "\n".join(lines) + "\n"
