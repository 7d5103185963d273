"""One thread per process that does all work with the database, so that no call ever waits longer than it can afford."""

from __future__ import annotations

import atexit
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

ROOM = 500  # pieces of work that may wait
FINISH_SECONDS = 0.5


class StoreUnavailable(Exception):
    """The store did not do it, or not in time."""


class StoreFull(StoreUnavailable):
    """Too much is waiting: the store was not asked at all."""


class Writer:
    """Does one piece of work after the other. The thread begins with the first, so that none has to cross a fork."""

    def __init__(self, *, room: int = ROOM) -> None:
        self._waiting: queue.Queue[tuple[Future[Any], Callable[[], Any]]] = queue.Queue(room)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._behind = False
        self._in_hand: Future[Any] | None = None

    def do(self, work: Callable[[], T], *, patience: float, even_late: bool = False) -> T:
        """What the work returns. Raises StoreUnavailable when it fails or takes longer than `patience`, in seconds, and StoreFull
        when there is no room for it.

        Work that no one waits for any more is left undone, unless it is wanted `even_late`. Once some came late, no one waits for
        that kind at all until some is done again.
        """
        future = self._hand_over(work)
        try:
            return future.result(timeout=0.0 if even_late and self._behind else patience)
        except TimeoutError:
            self._behind = True
            if not even_late:
                future.cancel()
            raise StoreUnavailable from None
        except Exception:  # noqa: BLE001  # whatever the driver raised: its text may quote what was to be stored
            raise StoreUnavailable from None

    def soon(self, work: Callable[[], object], *, failed: Callable[[], None]) -> None:
        """Have it done without waiting for it; `failed` is called by the one thread when it was not. Raises StoreFull when there
        is no room for it."""
        self._hand_over(work).add_done_callback(lambda done: failed() if done.exception() else None)

    def _hand_over(self, work: Callable[[], T]) -> Future[T]:
        self._begin()
        future: Future[T] = Future()
        try:
            self._waiting.put_nowait((future, work))
        except queue.Full:
            raise StoreFull from None
        return future

    def _begin(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work_on, name="store", daemon=True)
                    self._thread.start()
                    atexit.register(self._finish)

    def _work_on(self) -> None:
        while True:
            future, work = self._waiting.get()
            if future.set_running_or_notify_cancel():
                self._in_hand = future
                try:
                    future.set_result(work())
                    self._behind = False
                except Exception as failed:  # noqa: BLE001  # handed to whoever waits
                    with suppress(InvalidStateError):  # the process ends, and it was told as failed already
                        future.set_exception(failed)
            self._waiting.task_done()

    def _finish(self) -> None:
        """Give what still waits a moment before the process ends; what is left then has failed."""
        until = time.monotonic() + FINISH_SECONDS
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.005)
        left = [self._in_hand] if self._in_hand is not None else []
        with suppress(queue.Empty):
            while True:
                left.append(self._waiting.get_nowait()[0])
        for future in left:
            with suppress(InvalidStateError):  # it has been done after all
                future.set_exception(StoreUnavailable())
