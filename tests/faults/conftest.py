"""A real server process on a real socket."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 20


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @contextmanager
    def connect(self, timeout: float = 10) -> Iterator[http.client.HTTPConnection]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            yield link
        finally:
            link.close()

    def talk(self, *pieces: bytes, pause: float = 0) -> bytes:
        """Everything the server says to these bytes until it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as link:
            for piece in pieces:
                link.sendall(piece)
                time.sleep(pause)
            said = b""
            while piece := link.recv(65536):
                said += piece
            return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(log: Path, *, workers: int = 1, as_of: str | None = "2026-11-22", **settings: str) -> Running:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(log.parent), "MYELOMA_CDS_STATE_DIR": str(log.with_suffix(".state"))}
    environment |= {f"MYELOMA_CDS_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "cds_service", "serve", "--port", str(port), "--workers", str(workers)]
    command += ["--as-of", as_of] if as_of else []
    out: IO[bytes]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    running = Running(process, port, log)
    wait_until_ready(running)
    return running


def wait_until_ready(running: Running) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with running.connect(1) as link:
                link.request("GET", "/ready")
                if link.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    running.process.kill()
    raise AssertionError(f"the server did not come up: {running.log.read_text()}")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def serving(**settings: str) -> Running:
        started.append(start(tmp_path / f"server-{len(started)}.log", **settings))
        return started[-1]

    yield serving
    for each in started:
        each.process.kill()
        each.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("server") / "server.log", MAX_BODY_BYTES="100000")
    yield running
    running.process.kill()
    running.process.wait()
