"""F11: results in pages, sent or fetched. Pages that come are read, a page that does not come is said."""

from __future__ import annotations

from typing import Any

import pytest

from cds_service.paging import MAX_PAGES
from tests.support.fault_server import Exchange, status
from tests.support.hospital import DEADLINE, SLACK, hospital


def in_pages_of(size: int, *, lost: int | None = None):
    """The honest answer in pages; page number `lost` is answered 500."""

    def send(exchange: Exchange) -> None:
        if exchange.time == lost:
            status("500 Internal Server Error")(exchange)
            return
        entries = exchange.honest["entry"]
        start = exchange.time * size
        page: dict[str, Any] = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(entries),
            "entry": entries[start : start + size],
        }
        if start + size < len(entries):
            path = exchange.seen.path.partition("?")[0].removeprefix("/fhir")
            page["link"] = [{"relation": "next", "url": f"{exchange.base}{path}?page={exchange.time + 1}"}]
        exchange.resource(page)

    return send


def first_page(here: Any) -> dict[str, Any]:
    """A prefetch whose results are only the first page."""
    whole = here.request["prefetch"]["observations"]
    link = [{"relation": "next", "url": f"{here.server.base}/Observation?page=2"}]
    return here.sent() | {"observations": whole | {"entry": whole["entry"][:2], "total": 2, "link": link}}


def test_pages_are_put_together():
    with hospital() as here:
        plain = here.call()
    with hospital({"Observation": in_pages_of(3), "Condition": in_pages_of(1)}) as here:
        answer = here.call()
        assert here.server.types().count("Observation") > 2
    assert answer.evaluation == plain.evaluation
    assert answer.seconds < DEADLINE + SLACK


@pytest.mark.parametrize("lost", [1, 2])
def test_a_page_that_does_not_come_is_said(lost: int):
    with hospital({"Observation": in_pages_of(3, lost=lost)}) as here:
        answer = here.call()
    assert "history-incomplete" in answer.notes
    assert answer.seconds < DEADLINE + SLACK


def test_a_lost_page_of_conditions_is_no_proof_that_there_is_no_myeloma():
    with hospital({"Condition": in_pages_of(1, lost=1)}, chart="no-myeloma") as here:
        answer = here.call()
        assert "Observation" in here.server.types()
    assert answer.status == 200
    assert answer.seconds < DEADLINE + SLACK


def test_too_many_pages_are_not_followed():
    with hospital({"Observation": in_pages_of(1)}) as here:
        answer = here.call()
        assert here.server.types().count("Observation") == MAX_PAGES
    assert "history-incomplete" in answer.notes


def test_the_first_page_in_the_prefetch_is_followed_where_the_server_may_be_asked():
    with hospital() as here:
        plain = here.call(prefetch=here.sent())
        answer = here.call(prefetch=first_page(here))
        assert here.server.types().count("Observation") == 1
    assert answer.evaluation["measurements"] == plain.evaluation["measurements"]
    assert "history-incomplete" not in answer.notes


def test_without_a_server_to_ask_the_first_page_is_not_the_whole():
    with hospital() as here:
        answer = here.call(prefetch=first_page(here), fhirServer="https://elsewhere.example/fhir")
        assert here.server.seen == []
    assert "history-incomplete" in answer.notes
