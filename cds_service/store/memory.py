"""The store as the service uses it: remember an answer, take feedback on it, forget both."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, CursorResult, Engine, delete, insert, select
from sqlalchemy.exc import OperationalError

from cds_service.store import tables
from cds_service.store.database import BUSY_SECONDS, insert_once
from cds_service.store.records import Answered, Feedback, stamp
from cds_service.store.writer import StoreFull, StoreUnavailable, Writer

_ADD_ANSWERS, _ADD_CARDS, _ADD_SUGGESTIONS = (insert(table) for table in (tables.evaluation, tables.card, tables.suggestion))
_ONCE = ("tenant", "card", "outcome", "outcome_timestamp")
FEEDBACK_SECONDS = 0.5  # no one looks at a screen meanwhile
SWEEP_EVERY = timedelta(hours=1)


def utc_now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class _Waiting:
    """An answer that is to be kept, with the moment it was given. The id is made once: kept twice would be refused."""

    answered: Answered
    at: datetime
    id: str = field(default_factory=lambda: str(uuid4()))
    kept: bool = False


class Memory:
    """Answers and feedback in one database. Safe to share between threads; every method of a call is bounded in time."""

    def __init__(
        self,
        engine: Engine,
        *,
        retention_days: int,
        now: Callable[[], datetime] = utc_now,
        hook_patience: float = BUSY_SECONDS,
        feedback_patience: float = FEEDBACK_SECONDS,
    ) -> None:
        self._engine = engine
        self._retention = timedelta(days=retention_days)
        self._now = now
        self._swept: datetime | None = None
        self._hook_patience = hook_patience
        self._feedback_patience = feedback_patience
        self._writer = Writer()
        self._waiting: deque[_Waiting] = deque()

    def remember(self, answered: Answered, *, lost: Callable[[], None]) -> None:
        """Keep what was answered, under its tenant. `lost` is called, perhaps later and from another thread, when that could not
        be done or not in time; it may still be kept then.

        An answer with cards is waited for: the next call may be feedback on them. One without is kept soon.
        """
        own = _Waiting(answered, self._now())
        self._waiting.append(own)
        try:
            if answered.cards:
                self._writer.do(lambda: self._keep(own), patience=self._hook_patience, even_late=True)
            else:
                self._writer.soon(lambda: self._keep(own), failed=lost)
        except StoreFull:
            with suppress(ValueError):  # it went along with another
                self._waiting.remove(own)
            lost()
        except StoreUnavailable:
            lost()

    def take(self, items: Sequence[Feedback], *, tenant: str) -> int:
        """Keep feedback on cards that were issued to the tenant, all of it or nothing, each item once; pass over the rest.

        Returns how many items were new. Raises StoreUnavailable.
        """
        now = self._now()
        return self._writer.do(lambda: self._take(items, tenant, now), patience=self._feedback_patience)

    def _keep(self, own: _Waiting) -> None:
        """Keep an answer and, in the same transaction, those that wait behind it: a transaction costs more than what is in it."""
        if own.kept:
            return
        together = [own, *(each for each in self._take_all() if each is not own)]
        try:
            self._insert(together)
        except Exception as failed:
            if len(together) == 1 or isinstance(failed, OperationalError):  # the store itself is out: one alone fares no better
                raise
            self._insert([own])  # whichever it is that cannot be kept, it costs the others nothing
        finally:
            self._waiting.extendleft(reversed([each for each in together if not each.kept and each is not own]))
        if self._swept is None or own.at - self._swept > SWEEP_EVERY:
            self._swept = own.at
            forget_before(self._engine, own.at - self._retention)

    def _take_all(self) -> Iterator[_Waiting]:
        """Everything that waits, taken out one by one: a call that finds no room takes its own out at the same time."""
        with suppress(IndexError):
            for _ in range(len(self._waiting)):
                yield self._waiting.popleft()

    def _insert(self, answers: Sequence[_Waiting]) -> None:
        with self._engine.begin() as connection:
            _insert_answers(connection, answers)
        for each in answers:
            each.kept = True

    def _take(self, items: Sequence[Feedback], tenant: str, now: datetime) -> int:
        with self._engine.begin() as connection:
            issued = _issued(connection, {item.card for item in items}, tenant)
            rows = [_feedback_row(item, tenant, issued[item.card], stamp(now)) for item in items if item.card in issued]
            return sum(insert_once(connection, tables.feedback, row, unique=_ONCE) for row in rows)


def forget_before(engine: Engine, moment: datetime) -> int:
    """Delete the answers given before, with their cards and feedback. Returns how many answers."""
    with engine.begin() as connection:
        return _count(connection.execute(delete(tables.evaluation).where(tables.evaluation.c.at < stamp(moment))))


def forget_tenant(engine: Engine, tenant: str) -> int:
    """Delete all that is kept of a tenant. Returns how many answers."""
    with engine.begin() as connection:
        return _count(connection.execute(delete(tables.evaluation).where(tables.evaluation.c.tenant == tenant)))


def forget_card(engine: Engine, tenant: str, uuid: str) -> int:
    """Delete the answer that a tenant's card belongs to. Returns how many answers: one, or none when there is no such card."""
    of_card = select(tables.card.c.evaluation).where(tables.card.c.tenant == tenant, tables.card.c.uuid == uuid.lower())
    with engine.begin() as connection:
        return _count(connection.execute(delete(tables.evaluation).where(tables.evaluation.c.id.in_(of_card))))


def _count(result: CursorResult[Any]) -> int:
    return int(result.rowcount)


def _insert_answers(connection: Connection, answers: Iterable[_Waiting]) -> None:
    evaluations, cards, suggestions = [], [], []
    for each in answers:
        answered = each.answered
        evaluations.append(_answer_row(answered) | {"id": each.id, "at": stamp(each.at)})
        for card in answered.cards:
            cards.append({"uuid": card.uuid, "tenant": answered.tenant, "evaluation": each.id})
            suggestions += [
                {"uuid": uuid, "tenant": answered.tenant, "card": card.uuid, "regimen": regimen}
                for uuid, regimen in card.suggestions
            ]
    for statement, rows in ((_ADD_ANSWERS, evaluations), (_ADD_CARDS, cards), (_ADD_SUGGESTIONS, suggestions)):
        if rows:
            connection.execute(statement, rows)


def _answer_row(answered: Answered) -> dict[str, object]:
    row: dict[str, object] = {
        name: getattr(answered, name)
        for name in ("service", "tenant", "jurisdiction", "knowledge_version", "knowledge_digest", "fact_digest", "answer_digest")
    }
    row |= {"outcome": answered.outcome, "reason": answered.reason, "rules": list(answered.rules)}
    return row | {"as_of": answered.as_of.isoformat()}


def _issued(connection: Connection, uuids: Iterable[str], tenant: str) -> dict[str, dict[str, str]]:
    """The tenant's cards among these, each with the regimens of its suggestions by uuid."""
    known = tables.card.c.tenant == tenant, tables.card.c.uuid.in_(sorted(uuids))
    issued: dict[str, dict[str, str]] = {row.uuid: {} for row in connection.execute(select(tables.card.c.uuid).where(*known))}
    offered = select(tables.suggestion).where(tables.suggestion.c.tenant == tenant, tables.suggestion.c.card.in_(sorted(issued)))
    for row in connection.execute(offered):
        issued[row.card][row.uuid] = row.regimen
    return issued


def _feedback_row(item: Feedback, tenant: str, offered: dict[str, str], now: str) -> dict[str, object]:
    system, code = item.reason or (None, None)
    return {
        "tenant": tenant,
        "card": item.card,
        "outcome": item.outcome.value,
        "outcome_timestamp": stamp(item.on),
        "accepted_regimens": [offered[uuid] for uuid in item.suggestions if uuid in offered],
        "reason_system": system,
        "reason_code": code,
        "user_comment": item.comment,
        "at": now,
    }
