"""F22: who reads the log may be slow, full or gone; a call does not notice, and what was not written is counted."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from cds_service.log_sink import LogSink
from tests.faults.conftest import ROOT, Running, free_port, wait_until_ready

REQUEST = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()


class Stuck:
    """A stream that takes one line and no more until it is let go."""

    def __init__(self) -> None:
        import threading

        self.free = threading.Event()
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.free.wait(10)
        self.lines.append(line)

    def flush(self) -> None: ...


def said(text: str) -> logging.LogRecord:
    return logging.LogRecord("cds_service", logging.INFO, "", 0, text, None, None)


def test_f22_a_reader_that_does_not_read_holds_no_one_up():
    dropped: list[None] = []
    stream = Stuck()
    sink = LogSink(stream, on_drop=lambda: dropped.append(None), room=10)
    began = time.monotonic()
    for number in range(1000):
        sink.handle(said(str(number)))
    assert time.monotonic() - began < 0.5
    assert 985 <= len(dropped) <= 990
    stream.free.set()
    until = time.monotonic() + 5
    while len(stream.lines) + len(dropped) < 1000 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(stream.lines) + len(dropped) == 1000


def test_f22_a_service_whose_log_is_closed_answers_and_counts(tmp_path: Path):
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "MYELOMA_CDS_STATE_DIR": str(tmp_path), "MYELOMA_CDS_LOG_LEVEL": "info"}
    read, write = os.pipe()
    command = [sys.executable, "-m", "cds_service", "serve", "--port", str(port), "--workers", "1", "--as-of", "2026-11-22"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=write)
    try:
        os.close(write)
        server = Running(process, port, tmp_path / "none.log")
        wait_until_ready(server)
        os.close(read)
        times = []
        for _ in range(5):
            began = time.monotonic()
            with server.connect() as link:
                link.request("POST", "/cds-services/rrmm-regimen", body=REQUEST)
                assert link.getresponse().status == 200
            times.append(time.monotonic() - began)
        with server.connect() as link:
            link.request("GET", "/metrics")
            page = link.getresponse().read().decode()
        assert max(times) < 0.6
        assert "myeloma_cds_log_lines_dropped_total 5.0" in page
    finally:
        process.kill()
        process.wait()
