"""F15 and F16: stopped or struck while it works, the service loses nothing that it has taken on, and is soon whole again."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from tests.faults.conftest import Running

PATH = "/cds-services/rrmm-regimen"
REQUEST = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()


@dataclass
class Load:
    """Callers that call one after the other until they are told to stop."""

    server: Running
    answered: list[float] = field(default_factory=list)
    not_taken: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)

    def run(self, until: threading.Event) -> None:
        while not until.is_set():
            with self.server.connect(5) as link:
                try:
                    link.connect()
                except OSError:
                    self.not_taken.append(time.monotonic())
                    time.sleep(0.02)
                    continue
                try:
                    link.request("POST", PATH, body=REQUEST)
                    answer = link.getresponse()
                    complete = "cards" in json.loads(answer.read())
                    (self.answered if answer.status == 200 and complete else self.lost).append(time.monotonic())
                except (OSError, HTTPException, ValueError):
                    self.lost.append(time.monotonic())


def under_load(server: Running, blow: Callable[[], None], *, before: float, after: float, callers: int = 4) -> tuple[Load, float]:
    """What became of the calls, and when the blow fell."""
    load, stop = Load(server), threading.Event()
    threads = [threading.Thread(target=load.run, args=(stop,)) for _ in range(callers)]
    for thread in threads:
        thread.start()
    time.sleep(before)
    struck = time.monotonic()
    blow()
    time.sleep(after)
    stop.set()
    for thread in threads:
        thread.join(10)
    return load, struck


def workers_of(server: Running) -> list[int]:
    listed = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def test_f15_a_stop_loses_no_call_that_was_taken(serve: Callable[..., Running]):
    server = serve(workers=2)
    load, struck = under_load(server, server.process.terminate, before=1, after=1)
    code = server.process.wait(5)
    took = time.monotonic() - struck
    assert code == 0
    assert load.answered
    # What was in hand was answered. Each caller may lose one call that the kernel had taken and no worker had accepted yet.
    assert len(load.lost) <= 4
    assert [moment for moment in load.lost if moment < struck] == []
    assert took < 5


def test_f15_while_it_stops_it_is_not_ready(serve: Callable[..., Running]):
    server = serve()
    with server.connect() as link:
        link.request("GET", "/ready")
        answer = link.getresponse()
        assert (answer.status, answer.read()[:17]) == (200, b'{"status":"ready"')
        half = len(REQUEST) // 2
        head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(REQUEST)}\r\n\r\n".encode()
        with server.connect() as slow:
            slow.connect()
            slow.sock.sendall(head + REQUEST[:half])
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            slow.sock.sendall(REQUEST[half:])
            assert slow.sock.recv(12) == b"HTTP/1.1 200"
    assert server.process.wait(5) == 0


def test_f16_a_killed_worker_costs_its_own_calls_and_is_replaced(serve: Callable[..., Running]):
    server = serve(workers=2)
    victim = workers_of(server)[0]
    load, struck = under_load(server, lambda: os.kill(victim, signal.SIGKILL), before=1, after=2.5)
    assert len(load.lost) + len(load.not_taken) <= 4  # one per caller: what was in its hands
    assert not [moment for moment in (*load.lost, *load.not_taken) if moment > struck + 2]
    assert len(workers_of(server)) == 2
    assert victim not in workers_of(server)
    with server.connect() as link:
        link.request("GET", "/metrics")
        assert b"myeloma_cds_calls_total" in link.getresponse().read()
