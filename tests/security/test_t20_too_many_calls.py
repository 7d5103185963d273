"""T20: more calls than a worker takes are turned away at once, while those in hand are answered."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections import Counter
from pathlib import Path

from cds_service.trust.allowance import Allowance
from tests.faults.conftest import start
from tests.security.conftest import REQUEST, SERVICE_PATH

HELD = 3


def test_excess_is_turned_away_at_once_and_those_in_hand_are_answered(tmp_path: Path):
    server = start(tmp_path / "server.log", MAX_IN_FLIGHT=str(HELD))
    head = f"POST {SERVICE_PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(REQUEST)}\r\n\r\n".encode()
    held = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(HELD)]
    seen: list[tuple[int, str | None, float]] = []

    def call() -> None:
        begin = time.monotonic()
        with server.connect() as link:
            link.request("POST", SERVICE_PATH, body=REQUEST, headers={"Content-Type": "application/json"})
            answer: http.client.HTTPResponse = link.getresponse()
            answer.read()
            seen.append((answer.status, answer.getheader("Retry-After"), time.monotonic() - begin))

    try:
        for link in held:
            link.sendall(head + REQUEST[:100])
        time.sleep(0.3)
        callers = [threading.Thread(target=call) for _ in range(4)]
        for _ in range(5):
            callers = [threading.Thread(target=call) for _ in range(4)]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join(10)
        with server.connect() as link:
            link.request("GET", "/health")
            assert link.getresponse().status == 200
        for link in held:
            link.sendall(REQUEST[100:])
            assert link.recv(65536).startswith(b"HTTP/1.1 200 ")
    finally:
        for link in held:
            link.close()
        server.process.kill()
        server.process.wait()
    assert Counter((status, wait) for status, wait, _ in seen) == {(503, "1"): 20}
    times = sorted(seconds for _, _, seconds in seen)
    assert times[10] < 0.05
    assert times[-1] < 0.5


def test_an_allowance_fills_evenly_and_never_beyond_its_size():
    now = [0.0]
    allowance = Allowance(60, lambda: now[0])
    assert [allowance.take() for _ in range(61)] == [True] * 60 + [False]
    now[0] += 1
    assert [allowance.take() for _ in range(2)] == [True, False]
    now[0] += 3600
    assert [allowance.take() for _ in range(61)] == [True] * 60 + [False]
