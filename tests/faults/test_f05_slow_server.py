"""F5: a server that is slow in any of the ways of being slow costs the deadline, never more, and nothing of it stays."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from cds_service.clocked_transport import IDLE_SECONDS
from tests.support.fault_server import Fault, after, drip_body, drip_head, silence, stall
from tests.support.hospital import DEADLINE, SLACK, hospital

SLOW = {"silence": silence, "drip-head": drip_head, "drip-body": drip_body, "stall": stall, "late-byte": after(3)}
EACH = pytest.mark.parametrize("fault", SLOW.values(), ids=SLOW)


def fetching() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("fetch")]


@EACH
def test_required_data_is_412_by_the_deadline(fault: Fault):
    with hospital({"*": fault}) as here:
        answer = here.call()
        assert answer.status == 412
        assert answer.problems["prefetch.conditions"].endswith("ended with: late.")
        assert answer.seconds < DEADLINE + 0.05 + SLACK
        time.sleep(IDLE_SECONDS)
        assert fetching() == []


@EACH
def test_optional_data_is_left_out_by_the_deadline(fault: Fault):
    with hospital({"Observation": fault}) as here:
        answer = here.call()
        assert "history-incomplete" in answer.notes
        assert "measurements" not in answer.evaluation
        assert answer.seconds < DEADLINE + 0.05 + SLACK
        time.sleep(IDLE_SECONDS)
        assert fetching() == []


def test_the_deadline_is_a_setting():
    with hospital({"*": drip_body}, fetch_deadline_ms=300) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.seconds < 0.3 + 0.05 + SLACK


def test_a_name_server_that_hangs_costs_the_deadline(monkeypatch: pytest.MonkeyPatch):
    released = threading.Event()

    def hang(*_: object, **__: object) -> None:
        released.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    with hospital(fetch_deadline_ms=500) as here:
        monkeypatch.setattr(socket, "getaddrinfo", hang)
        answer = here.call(fhirServer="http://localhost:9/fhir")
        released.set()
    assert answer.status == 412
    assert answer.seconds < 0.5 + 0.05 + SLACK


def test_fifty_calls_after_a_slow_one_are_as_quick_as_ever():
    with hospital({"Observation": drip_body}) as here:
        here.call()
        worst = max(here.call(prefetch=here.sent()).seconds for _ in range(50))
    assert worst < 0.15 + SLACK
