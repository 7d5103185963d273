"""What is remembered, for whom and for how long: the same on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from cds_service.store import tables
from cds_service.store.memory import Memory, forget_before, forget_card, forget_tenant
from cds_service.store.records import Answered, Feedback, FeedbackOutcome, IssuedCard
from cds_service.store.report import as_json, feedback_report
from cds_service.store.writer import StoreUnavailable, Writer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACCEPTED, OVERRIDDEN = FeedbackOutcome.ACCEPTED, FeedbackOutcome.OVERRIDDEN


def answered(tenant: str = "a", **changes: Any) -> Answered:
    card = IssuedCard(uuid=str(uuid4()), suggestions=((str(uuid4()), "Rd"), (str(uuid4()), "DRd")))
    values: dict[str, Any] = {
        "service": "rrmm-regimen",
        "tenant": tenant,
        "as_of": date(2026, 11, 22),
        "jurisdiction": "US",
        "knowledge_version": "1",
        "knowledge_digest": "sha256:k",
        "fact_digest": "sha256:f",
        "answer_digest": "sha256:a",
        "outcome": "recommendation",
        "reason": "first-relapse",
        "rules": ("S-R1", "C1"),
        "cards": (card,),
    }
    return Answered(**(values | changes))


def accept(given: Answered, place: int = 0, **changes: Any) -> Feedback:
    card = given.cards[0]
    values: dict[str, Any] = {"card": card.uuid, "outcome": ACCEPTED, "on": NOW, "suggestions": (card.suggestions[place][0],)}
    return Feedback(**(values | changes))


def override(given: Answered, reason: str | None = None, comment: str | None = None, **changes: Any) -> Feedback:
    why = ("urn:reasons", reason) if reason else None
    values: dict[str, Any] = {"card": given.cards[0].uuid, "outcome": OVERRIDDEN, "on": NOW, "reason": why, "comment": comment}
    return Feedback(**(values | changes))


def patient(engine: Engine, now: Callable[[], datetime] = lambda: NOW) -> Memory:
    """These tests are about what is kept; how long that may take is the matter of F17 and F18."""
    return Memory(engine, retention_days=30, now=now, hook_patience=20, feedback_patience=20)


@pytest.fixture
def memory(engine: Engine) -> Memory:
    return patient(engine)


def remember(memory: Memory, given: Answered) -> bool:
    """Whether it was kept."""
    losses: list[int] = []
    memory.remember(given, lost=lambda: losses.append(1))
    return not losses


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)))


def size(engine: Engine) -> tuple[int, ...]:
    with engine.connect() as connection:
        every = (tables.evaluation, tables.card, tables.suggestion, tables.feedback)
        return tuple(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in every)


def test_feedback_on_an_own_card_is_kept_with_the_regimen(engine: Engine, memory: Memory):
    given = answered()
    assert remember(memory, given)
    assert memory.take([accept(given, place=1)], tenant="a") == 1
    (row,) = rows(engine, tables.feedback)
    assert (row.tenant, row.card, row.outcome, row.accepted_regimens) == ("a", given.cards[0].uuid, "accepted", ["DRd"])
    assert row.outcome_timestamp == "2026-11-22T09:00:00.000000Z"


def test_the_same_feedback_counts_once_however_often_it_comes(engine: Engine, memory: Memory):
    given = answered()
    assert remember(memory, given)
    item = accept(given)
    assert [memory.take([item, item], tenant="a") for _ in range(3)] == [1, 0, 0]
    assert memory.take([accept(given, on=NOW + timedelta(milliseconds=1))], tenant="a") == 1
    assert len(rows(engine, tables.feedback)) == 2


def test_the_same_feedback_counts_once_when_it_comes_everywhere_at_once(engine: Engine, memory: Memory):
    given = answered()
    assert remember(memory, given)
    others = [patient(engine) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda place: others[place % 2].take([accept(given)], tenant="a"), range(16)))
    assert sum(taken) == len(rows(engine, tables.feedback)) == 1


@pytest.mark.parametrize("card", ["foreign", "unknown"])
def test_feedback_for_a_card_of_no_one_or_of_another_tenant_is_passed_over(engine: Engine, memory: Memory, card: str):
    theirs, own = answered("b"), answered("a")
    assert remember(memory, theirs)
    assert remember(memory, own)
    other = accept(theirs) if card == "foreign" else accept(theirs, card=str(uuid4()))
    assert memory.take([other, accept(own)], tenant="a") == 1
    assert [row.card for row in rows(engine, tables.feedback)] == [own.cards[0].uuid]


def test_a_suggestion_of_another_card_is_no_regimen_of_this_one(engine: Engine, memory: Memory):
    own, theirs = answered("a"), answered("b")
    assert remember(memory, own)
    assert remember(memory, theirs)
    memory.take([accept(own, suggestions=(theirs.cards[0].suggestions[0][0],))], tenant="a")
    assert [row.accepted_regimens for row in rows(engine, tables.feedback)] == [[]]


def test_feedback_is_kept_whole_or_not_at_all(engine: Engine, memory: Memory, monkeypatch: pytest.MonkeyPatch):
    from cds_service.store import memory as module

    given = answered()
    assert remember(memory, given)
    made = module._feedback_row

    def breaks_at_the_second(item: Feedback, *rest: Any) -> dict[str, object]:
        row = made(item, *rest)
        return row | {"outcome": None} if item.outcome is OVERRIDDEN else row

    monkeypatch.setattr(module, "_feedback_row", breaks_at_the_second)
    with pytest.raises(StoreUnavailable):
        memory.take([accept(given), override(given)], tenant="a")
    assert rows(engine, tables.feedback) == []


@pytest.mark.parametrize("text", ["'; DROP TABLE feedback; --", "<script>alert(1)</script>", "naïve ☃ 𝒳", "a\nb\tc", "%s {} \\"])
def test_what_users_write_is_kept_to_the_letter(engine: Engine, memory: Memory, text: str):
    given = answered()
    assert remember(memory, given)
    memory.take([override(given, reason=text, comment=text)], tenant="a")
    (row,) = rows(engine, tables.feedback)
    assert (row.reason_code, row.user_comment) == (text, text)


def test_the_report_counts_cards_by_rule_and_regimen(engine: Engine, memory: Memory):
    first, second, third = answered(), answered(rules=("S-R2", "C1")), answered("b")
    for given in (first, second, third):
        assert remember(memory, given)
    memory.take([accept(first, place=1), accept(first, place=1, on=NOW + timedelta(seconds=5))], tenant="a")
    memory.take([override(second, "too-costly"), override(second, "too-costly", on=NOW + timedelta(seconds=1))], tenant="a")
    memory.take([override(third)], tenant="b")
    report = as_json(feedback_report(engine, tenant="a"))
    assert report["cards"] == {"shown": 2, "accepted": 1, "overridden": 1, "why": {"too-costly": 1}}
    assert report["rules"]["S-R1"] == {"shown": 1, "accepted": 1, "overridden": 0, "why": {}}
    assert report["rules"]["C1"] == {"shown": 2, "accepted": 1, "overridden": 1, "why": {"too-costly": 1}}
    assert report["regimens"]["DRd"] == {"shown": 2, "accepted": 1, "overridden": 1, "why": {"too-costly": 1}}
    assert report["regimens"]["Rd"]["accepted"] == 0
    everyone = as_json(feedback_report(engine))
    assert (everyone["cards"]["shown"], everyone["cards"]["why"]) == (3, {"no-reason": 1, "too-costly": 1})


def busy(memory: Memory) -> threading.Event:
    """Its one thread is at something else until the event is set."""
    free, begun = threading.Event(), threading.Event()
    threading.Thread(target=lambda: memory._writer.do(lambda: (begun.set(), free.wait(20)), patience=20), daemon=True).start()
    assert begun.wait(20)
    return free


def remember_at_once(memory: Memory, answers: list[Answered]) -> list[bool]:
    """Whether each was kept, all of them waiting at the same time."""
    free = busy(memory)
    with ThreadPoolExecutor(len(answers)) as pool:
        asked = [pool.submit(remember, memory, given) for given in answers]
        until = time.monotonic() + 20
        while memory._writer._waiting.qsize() < len(answers):
            assert time.monotonic() < until
            time.sleep(0.005)
        free.set()
        return [each.result() for each in asked]


def test_answers_that_wait_together_are_kept_in_one_transaction(engine: Engine, memory: Memory):
    begun: list[object] = []
    event.listen(engine, "begin", begun.append)
    assert remember(memory, answered())  # the first also forgets what is too old
    begun.clear()
    assert remember_at_once(memory, [answered() for _ in range(6)]) == [True] * 6
    assert len(begun) == 1
    assert size(engine) == (7, 7, 14, 0)


def test_an_answer_that_cannot_be_kept_costs_the_others_nothing(engine: Engine, memory: Memory):
    twice = answered()
    assert remember(memory, twice)
    given = [answered(), answered(), twice, answered()]
    assert remember_at_once(memory, given) == [True, True, False, True]
    assert size(engine) == (4, 4, 8, 0)


def test_an_answer_that_does_not_fit_costs_the_others_nothing(engine: Engine, memory: Memory):
    unfit = answered(rules=(object(),))  # nothing that a database could take
    given = [answered(), unfit, answered(), answered()]
    assert remember_at_once(memory, given) == [True, False, True, True]
    assert size(engine)[0] == 3


def test_a_transaction_of_which_it_is_not_known_whether_it_was_kept_is_not_kept_twice(
    engine: Engine, memory: Memory, monkeypatch: pytest.MonkeyPatch
):
    insert, tries = Memory._insert, []

    def kept_and_then_said_to_have_failed(self: Memory, answers: Any) -> None:
        insert(self, answers)
        tries.append(len(answers))
        if len(tries) == 1:
            for each in answers:
                each.kept = False
            raise OperationalError("COMMIT", {}, ConnectionError())

    monkeypatch.setattr(Memory, "_insert", kept_and_then_said_to_have_failed)
    remember_at_once(memory, [answered(cards=()) for _ in range(4)])
    memory._writer.do(lambda: None, patience=20)
    assert tries[0] == 4
    assert size(engine)[0] == 4


def test_who_finds_no_room_takes_no_one_else_along(engine: Engine):
    """Calls that find the store full withdraw their answers while the one thread takes out what waits."""
    memory = Memory(engine, retention_days=30, now=lambda: NOW, hook_patience=20)
    memory._writer = Writer(room=2)
    told: list[int] = []
    given = [answered(cards=()) for _ in range(300)]
    with ThreadPoolExecutor(4) as pool:
        for each in given:
            pool.submit(memory.remember, each, lost=lambda: told.append(1))
    until = time.monotonic() + 20
    while size(engine)[0] + len(told) < len(given):
        assert time.monotonic() < until, (size(engine), len(told))
        time.sleep(0.01)


def test_what_there_is_no_room_for_leaves_nothing_behind(engine: Engine):
    memory = Memory(engine, retention_days=30, now=lambda: NOW, hook_patience=0.01)
    memory._writer = Writer(room=1)
    free = busy(memory)
    for _ in range(5):
        assert not remember(memory, answered())
    assert len(memory._waiting) == 1
    free.set()
    until = time.monotonic() + 20
    while size(engine)[0] < 1:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not memory._waiting


def test_an_answer_without_cards_is_not_waited_for_and_kept_soon(engine: Engine, memory: Memory):
    free = busy(memory)
    given = [answered(cards=()) for _ in range(3)]
    assert all(remember(memory, each) for each in given)
    assert size(engine) == (0, 0, 0, 0)
    free.set()
    memory._writer.do(lambda: None, patience=20)
    assert size(engine) == (3, 0, 0, 0)


def test_an_answer_without_cards_that_is_lost_is_told_later(engine: Engine):
    tables.METADATA.drop_all(engine)
    memory, losses = patient(engine), []
    memory.remember(answered(cards=()), lost=lambda: losses.append(1))
    memory._writer.do(lambda: None, patience=20)
    assert losses == [1]


def test_what_is_too_old_goes_by_itself(engine: Engine):
    clock = [NOW]
    memory = patient(engine, lambda: clock[0])
    old = answered()
    assert remember(memory, old)
    memory.take([accept(old)], tenant="a")
    clock[0] += timedelta(days=30, seconds=1)
    assert remember(memory, answered())
    assert size(engine) == (1, 1, 2, 0)


@pytest.mark.parametrize(
    ("forget", "left"),
    [
        (lambda engine, _own: forget_tenant(engine, "a"), (1, 1, 2, 1)),
        (lambda engine, own: forget_card(engine, "a", own.cards[0].uuid.upper()), (1, 1, 2, 1)),
        (lambda engine, own: forget_card(engine, "b", own.cards[0].uuid), (2, 2, 4, 2)),
        (lambda engine, _own: forget_before(engine, NOW + timedelta(seconds=1)), (0, 0, 0, 0)),
        (lambda engine, _own: forget_before(engine, NOW), (2, 2, 4, 2)),
    ],
    ids=["tenant", "card", "card-of-another", "all-before", "none-before"],
)
def test_deletion_takes_all_that_belongs_and_nothing_else(
    engine: Engine, memory: Memory, forget: Callable[[Engine, Answered], int], left: tuple[int, ...]
):
    own, theirs = answered("a"), answered("b")
    for given in (own, theirs):
        assert remember(memory, given)
        memory.take([accept(given)], tenant=given.tenant)
    assert forget(engine, own) == 2 - left[0]
    assert size(engine) == left
