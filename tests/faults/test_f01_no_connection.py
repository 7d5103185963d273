"""F1: the FHIR server refuses connections, does not take them, or has no address."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from cds_service.deadline import Deadline
from cds_service.fetched import Outcome
from cds_service.fhir_client import FhirClient
from tests.support.fault_server import tear_down
from tests.support.hospital import SLACK, hospital

WITHIN = 0.4 + SLACK


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port whose queue is full: a further attempt to connect is never answered."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])
        for each in waiting:
            each.close()


@pytest.mark.parametrize("where", ["closed_port", "black_hole"])
def test_required_data_is_412_at_once(where: str, request: pytest.FixtureRequest):
    with hospital() as here:
        answer = here.call(fhirServer=f"http://127.0.0.1:{request.getfixturevalue(where)}/fhir")
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith("ended with: not-reachable.")
    assert answer.seconds < WITHIN


@pytest.mark.parametrize("where", ["closed_port", "black_hole"])
def test_optional_data_is_named_as_missing(where: str, request: pytest.FixtureRequest):
    with hospital() as here:
        there = f"http://127.0.0.1:{request.getfixturevalue(where)}/fhir"
        answer = here.call(prefetch=here.sent("observations"), fhirServer=there)
    assert (answer.status, "history-incomplete" in answer.notes) == (200, True)
    assert "observations" in answer.body["cards"][0]["detail"].lower() or "results" in answer.body["cards"][0]["detail"].lower()
    assert answer.seconds < WITHIN


def test_a_server_that_hangs_up_is_412():
    with hospital({"*": tear_down}) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith("ended with: not-reachable.")
    assert answer.seconds < WITHIN


def test_a_name_without_an_address_is_not_reachable(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = FhirClient("http://fhir.hospital.invalid/fhir")
    assert client.get("/Patient/1", token=None, deadline=Deadline.after(1), max_bytes=1000).outcome is Outcome.NOT_REACHABLE
