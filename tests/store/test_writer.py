"""No one waits longer than they can afford for the one thread that works with the database."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cds_service.store.writer import StoreUnavailable, Writer


def test_what_is_done_in_time_is_returned():
    assert Writer().do(lambda: 5, patience=5) == 5


def test_what_fails_tells_nothing_of_why():
    def fail() -> None:
        raise ValueError("canary")

    with pytest.raises(StoreUnavailable) as unavailable:
        Writer().do(fail, patience=5)
    assert unavailable.value.__cause__ is None
    assert str(unavailable.value) == ""


def test_late_work_is_waited_for_once_and_then_not_until_some_is_done():
    writer, free, done = Writer(), threading.Event(), []
    times = []
    for number in range(4):
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            writer.do(lambda number=number: (free.wait(10), done.append(number)), patience=0.2, even_late=True)
        times.append(time.monotonic() - began)
    assert times[0] >= 0.2
    assert max(times[1:]) < 0.1
    free.set()
    assert writer.do(lambda: list(done), patience=5) == [0, 1, 2, 3]
    assert writer.do(lambda: time.sleep(0.05) or 7, patience=5, even_late=True) == 7


def test_work_that_no_one_waits_for_is_left_undone_unless_it_is_wanted():
    writer, free, done = Writer(), threading.Event(), []
    for name, even_late in (("stuck", True), ("given-up", False), ("wanted", True)):
        with pytest.raises(StoreUnavailable):
            writer.do(lambda name=name: (free.wait(10), done.append(name)), patience=0.05, even_late=even_late)
    free.set()
    writer.do(lambda: None, patience=5)
    assert done == ["stuck", "wanted"]


def test_what_waits_is_bounded():
    writer, free = Writer(room=3), threading.Event()
    tried = 0
    for _ in range(20):
        with pytest.raises(StoreUnavailable):
            writer.do(lambda: free.wait(10), patience=0.02, even_late=True)
        tried += 1
    assert writer._waiting.qsize() <= 3
    assert tried == 20
    free.set()


LEAVES_WORK = """
import pathlib, sys, time
from cds_service.store.writer import Writer

writer = Writer()
for number in range(3):
    done = lambda number=number: (time.sleep(0.03), (pathlib.Path(sys.argv[1]) / str(number)).touch())
    writer.soon(done, failed=lambda: None)
"""


def test_a_process_that_ends_gives_what_waits_a_moment(tmp_path: Path):
    subprocess.run([sys.executable, "-c", LEAVES_WORK, tmp_path], check=True, timeout=30)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["0", "1", "2"]


LEAVES_TOO_MUCH = """
import time
from cds_service.store.writer import Writer

writer = Writer()
for seconds in (5, 0, 0):
    writer.soon(lambda seconds=seconds: time.sleep(seconds), failed=lambda: print("lost"))
"""


def test_what_is_left_when_a_process_ends_is_told():
    done = subprocess.run([sys.executable, "-c", LEAVES_TOO_MUCH], check=True, timeout=30, capture_output=True, text=True)
    assert done.stdout.split() == ["lost", "lost", "lost"]
    assert done.stderr == ""


def test_what_no_one_waits_for_tells_when_it_failed():
    writer, told = Writer(), []
    writer.soon(lambda: 1 / 0, failed=lambda: told.append("failed"))
    writer.soon(lambda: 1, failed=lambda: told.append("never"))
    writer.do(lambda: None, patience=5)
    assert told == ["failed"]
