"""T10: whatever links a FHIR server hands out, the number of questions and the time stay bounded, and what is missing is said.

Drips, half bodies, bombs and huge pages are tried in `tests/faults/` (F5, F6, F10).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cds_service.paging import MAX_ENTRIES, MAX_PAGES
from tests.support.dialled import only
from tests.support.fault_server import Exchange, linking
from tests.support.hospital import DEADLINE, SLACK, hospital


def a_b_a(exchange: Exchange) -> str:
    return f"{exchange.base}/Observation?page={'B' if exchange.time % 2 == 0 else 'A'}"


LINKS: dict[str, tuple[Callable[[Exchange], str], int]] = {
    "to-itself": (lambda exchange: f"http://127.0.0.1:{exchange.base.split(':')[2].split('/')[0]}{exchange.seen.path}", 2),
    "always-the-same": (lambda exchange: f"{exchange.base}/Observation?page=2", 2),
    "a-b-a": (a_b_a, 3),
    "without-end": (lambda exchange: f"{exchange.base}/Observation?page={exchange.time}", MAX_PAGES),
    "growing": (lambda exchange: f"{exchange.base}/Observation?page={'x' * 4000 * (exchange.time + 1)}", MAX_PAGES),
    "other-patient": (lambda exchange: f"{exchange.base}/Observation?patient=someone-else&page=2", 1),
    "other-subject": (lambda exchange: f"{exchange.base}/Observation?page=2&subject=Patient/someone-else", 1),
    "both-patients": (lambda exchange: f"{exchange.base}/Observation?patient=thomas-founding&patient=someone-else", 1),
    "escaped-patient": (lambda exchange: f"{exchange.base}/Observation?p%61tient=someone-else", 1),
}


@pytest.mark.parametrize(("link", "asked"), LINKS.values(), ids=LINKS)
def test_paging_ends_and_the_history_is_incomplete(link: Callable[[Exchange], str], asked: int):
    with hospital({"Observation": linking(link)}) as here, only(here.server.port):
        answer = here.call()
        assert here.server.types().count("Observation") == asked
        assert "someone-else" not in str([each.path for each in here.server.seen])
    assert "history-incomplete" in answer.notes
    assert answer.seconds < DEADLINE + 0.05 + SLACK


def test_conditions_in_a_loop_are_no_proof_of_anything():
    with hospital({"Condition": linking(lambda exchange: f"{exchange.base}/Condition?page=2")}, chart="no-myeloma") as here:
        answer = here.call()
        assert len(here.server.seen) > 2
    assert answer.status == 200
    assert answer.seconds < DEADLINE + 0.05 + SLACK


def test_entries_of_all_pages_together_are_bounded():
    def page(exchange: Exchange) -> None:
        one = exchange.honest["entry"][0]["resource"] | {"code": {"text": "Body temperature"}}
        entries: list[Any] = [{"resource": one | {"id": f"o-{exchange.time}-{n}"}} for n in range(MAX_ENTRIES // 3)]
        link = [{"relation": "next", "url": f"{exchange.base}/Observation?page={exchange.time + 1}"}]
        exchange.resource({"resourceType": "Bundle", "type": "searchset", "entry": entries, "link": link})

    with hospital({"Observation": page}) as here:
        answer = here.call()
        assert here.server.types().count("Observation") <= 4
    assert "history-incomplete" in answer.notes
    assert answer.seconds < DEADLINE + 0.05 + SLACK


@pytest.mark.parametrize("links", [[{"relation": "next"}], [{"relation": "next", "url": 7}], [{"relation": "next", "url": None}]])
def test_a_next_link_without_an_address_is_a_page_that_did_not_come(links: list[Any]):
    with hospital({"Observation": lambda exchange: exchange.resource(exchange.honest | {"link": links})}) as here:
        assert "history-incomplete" in here.call().notes
