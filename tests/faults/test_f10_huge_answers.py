"""F10: very long charts are read whole within the bar, and beyond the limits the answer says that something is missing."""

from __future__ import annotations

import gzip
import time
from typing import Any

import orjson
import pytest

from cds_service.paging import MAX_BYTES, MAX_ENTRIES
from tests.support.fault_server import Exchange, content, endless, resource
from tests.support.hospital import DEADLINE, SLACK, hospital


def many(honest: dict[str, Any], count: int) -> dict[str, Any]:
    """The Bundle with as many further results as nobody asked about, as charts have them."""
    one = honest["entry"][0]["resource"]
    more = [{"resource": one | {"id": f"more-{n}", "code": {"text": "Body temperature"}}} for n in range(count)]
    return {"resourceType": "Bundle", "type": "searchset", "entry": [*honest["entry"], *more]}


def long_chart(count: int):
    return lambda exchange: exchange.resource(many(exchange.honest, count))


def test_as_many_results_as_are_taken_are_read_whole():
    with hospital() as here:
        plain = here.call()
    with hospital({"Observation": long_chart(1900)}) as here:
        answer = here.call()
    assert "history-incomplete" not in answer.notes
    assert answer.evaluation["measurements"] == plain.evaluation["measurements"]
    assert answer.seconds < DEADLINE + SLACK


def test_more_results_are_cut_and_the_answer_says_so():
    with hospital({"Observation": long_chart(MAX_ENTRIES)}) as here:
        answer = here.call()
    assert "history-incomplete" in answer.notes
    assert answer.seconds < DEADLINE + SLACK


def test_three_thousand_results_in_the_prefetch_are_read_whole():
    with hospital() as here:
        observations = many(here.request["prefetch"]["observations"], 3000)
        here.call(prefetch=here.sent())
        answer = here.call(prefetch=here.sent() | {"observations": observations})
    assert "history-incomplete" not in answer.notes
    assert answer.seconds < 1.0


@pytest.mark.parametrize("piece", [b" " * 65536, b"0" * 1000], ids=["blanks", "digits"])
def test_an_endless_body_is_left_at_the_limit(piece: bytes):
    with hospital({"Condition": endless(piece)}) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].split()[-1] in ("too-large.", "late.")
    assert answer.seconds < DEADLINE + 0.05 + SLACK


def test_a_body_over_the_limit_is_too_large():
    with hospital({"Condition": content(b'{"resourceType":"Bundle"}' + b" " * MAX_BYTES)}) as here:
        answer = here.call()
    assert answer.problems["prefetch.conditions"].endswith("ended with: too-large.")


def test_a_compressed_bomb_is_left_at_the_limit():
    bomb = gzip.compress(b'{"resourceType":"Bundle"' + b" " * (200 * 1024 * 1024), compresslevel=1)
    with hospital({"Condition": content(bomb, Content_Encoding="gzip")}) as here:
        start = time.perf_counter()
        answer = here.call()
    assert answer.problems["prefetch.conditions"].endswith("ended with: too-large.")
    assert time.perf_counter() - start < 0.5 + SLACK


def test_compressed_answers_are_read():
    def compressed(exchange: Exchange) -> None:
        exchange.body(gzip.compress(orjson.dumps(exchange.honest)), Content_Encoding="gzip")

    with hospital({"*": compressed}) as here:
        assert here.call().preferred == ["Rd"]
        assert {each.headers["accept-encoding"] for each in here.server.seen} == {"gzip"}


def test_an_entry_that_is_no_list_is_unreadable():
    with hospital({"Condition": resource({"resourceType": "Bundle", "type": "searchset", "entry": {}})}) as here:
        assert here.call().problems["prefetch.conditions"].endswith("ended with: unreadable.")
