"""Where log lines go: through a short queue to a stream, by a thread of its own. A call never waits for whoever reads the log."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO

ROOM = 2000  # lines
FLUSH_SECONDS = 0.5


class LogSink(logging.Handler):
    """Writes lines when it can and drops them when it cannot, telling `on_drop` for each.

    The thread begins with the first line of a process, so that none has to cross a fork.
    """

    def __init__(self, stream: IO[str], *, on_drop: Callable[[], None] = lambda: None, room: int = ROOM) -> None:
        super().__init__()
        self._stream = stream
        self._on_drop = on_drop
        self._room = room
        self._lines: queue.Queue[str] = queue.Queue(room)
        self._process: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line over. Never blocks, never raises."""
        self._begin()
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._on_drop()

    def _begin(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            self._lines = queue.Queue(self._room)
            threading.Thread(target=self._write_on, args=(self._lines,), name="log", daemon=True).start()
            atexit.register(self._drain)

    def _write_on(self, lines: queue.Queue[str]) -> None:
        while True:
            line = lines.get()
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):  # closed, full, or the reader is gone
                self._on_drop()
            finally:
                lines.task_done()

    def _drain(self) -> None:
        """Give the last lines a moment before the process ends."""
        until = time.monotonic() + FLUSH_SECONDS
        with suppress(AttributeError):
            while self._lines.unfinished_tasks and time.monotonic() < until:
                time.sleep(0.01)
