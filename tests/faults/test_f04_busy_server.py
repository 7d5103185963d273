"""F4: a server that is busy or broken is asked once more if there is time, and left alone when it goes on."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from cds_service import breaker as breaker_module
from cds_service.breaker import FAILURES, OPEN_SECONDS, WITHIN_SECONDS, Breaker
from tests.support.fault_server import once, status
from tests.support.hospital import DEADLINE, SLACK, hospital

TOO_MANY, UNAVAILABLE = "429 Too Many Requests", "503 Service Unavailable"


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        (TOO_MANY, {"Retry_After": "0"}),
        (TOO_MANY, {"Retry_After": "Sun, 06 Nov 1994 08:49:37 GMT"}),
        (UNAVAILABLE, {}),
        (UNAVAILABLE, {"Retry_After": "1"}),
        ("502 Bad Gateway", {}),
        ("504 Gateway Timeout", {}),
    ],
)
def test_one_more_attempt_inside_the_budget(line: str, headers: dict):
    with hospital({"Condition": once(status(line, **headers))}) as here:
        answer = here.call()
        assert here.server.types().count("Condition") == 2
    assert (answer.status, answer.preferred) == (200, ["Rd"])
    assert answer.seconds < DEADLINE + SLACK


@pytest.mark.parametrize(
    ("line", "headers", "outcome"),
    [
        (TOO_MANY, {}, "throttled"),
        (TOO_MANY, {"Retry_After": "3600"}, "throttled"),
        (TOO_MANY, {"Retry_After": "99999999999999999999"}, "throttled"),
        (TOO_MANY, {"Retry_After": "soon"}, "throttled"),
        (TOO_MANY, {"Retry_After": "-1"}, "throttled"),
        (TOO_MANY, {"Retry_After": formatdate(time.time() + 3600, usegmt=True)}, "throttled"),
        (UNAVAILABLE, {"Retry_After": "120"}, "failed"),
        ("500 Internal Server Error", {}, "failed"),
    ],
)
def test_no_attempt_that_cannot_be_in_time(line: str, headers: dict, outcome: str):
    with hospital({"Condition": once(status(line, **headers))}) as here:
        answer = here.call()
        assert here.server.types().count("Condition") == 1
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith(f"ended with: {outcome}.")
    assert answer.seconds < 0.5 + SLACK


def test_never_more_than_two_attempts():
    with hospital({"Condition": status(UNAVAILABLE)}) as here:
        answer = here.call()
        assert here.server.types().count("Condition") == 2
    assert answer.status == 412


def test_a_server_that_keeps_failing_is_left_alone():
    with hospital({"*": status("500 Internal Server Error")}) as here:
        for _ in range(FAILURES):
            assert here.call(prefetch=here.sent("observations")).status == 200
        asked = len(here.server.seen)
        answer = here.call(prefetch=here.sent("observations"))
        assert len(here.server.seen) == asked
    assert "history-incomplete" in answer.notes
    assert answer.seconds < 0.1 + SLACK


def test_a_broken_server_does_not_stop_the_way_to_another():
    with hospital({"*": status("500 Internal Server Error")}) as broken, hospital() as sound:
        for _ in range(FAILURES + 1):
            broken.call()
        answer = broken.call(fhirServer=sound.server.base)
    assert (answer.status, answer.preferred) == (200, ["Rd"])


def test_after_a_rest_one_probe_decides():
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    now = OPEN_SECONDS
    assert [breaker.admits(), breaker.admits(), breaker.admits()] == [True, False, False]
    breaker.failed()
    assert not breaker.admits()
    now = 2 * OPEN_SECONDS
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert not breaker.is_open


def test_failures_far_apart_open_nothing():
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(3 * FAILURES):
        breaker.failed()
        now += WITHIN_SECONDS / (FAILURES - 1) + 0.1
    assert breaker.admits()


def test_a_lost_probe_does_not_keep_the_server_out():
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES):
        breaker.failed()
    now = OPEN_SECONDS
    assert breaker.admits()
    now = 2 * OPEN_SECONDS
    assert breaker.admits()


def test_a_service_that_recovers_is_asked_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(breaker_module, "OPEN_SECONDS", 0.2)
    faults = {"Observation": status("500 Internal Server Error")}
    with hospital(faults) as here:
        for _ in range(FAILURES):
            here.call(prefetch=here.sent("observations"))
        faults.clear()
        time.sleep(0.25)
        answer = here.call(prefetch=here.sent("observations"))
    assert "history-incomplete" not in answer.notes


def test_a_probe_that_shows_nothing_leaves_the_matter_to_the_next():
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES):
        breaker.failed()
    now = OPEN_SECONDS
    assert breaker.admits()
    breaker.undecided()
    assert breaker.is_open
    assert breaker.admits()
