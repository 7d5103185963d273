"""A breaker for one server: after several failures in a row of seconds it is left alone, then tried with a single call."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

FAILURES = 5
WITHIN_SECONDS = 10.0
OPEN_SECONDS = 10.0


class Breaker:
    """Closed, open, or half open with one probe under way. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._opened_at: float | None = None
        self._probing_since: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are turned away, the probe excepted."""
        return self._opened_at is not None

    def admits(self) -> bool:
        """Whether a call may go out now. The first one after the rest is the probe, and only its end settles the matter."""
        with self._lock:
            if self._opened_at is None:
                return True
            now = self._clock()
            resting = now - self._opened_at < OPEN_SECONDS
            # A probe that never came back must not keep the server out for good.
            probing = self._probing_since is not None and now - self._probing_since < OPEN_SECONDS
            if resting or probing:
                return False
            self._probing_since = now
            return True

    def succeeded(self) -> None:
        """The server answered: everything before is forgotten."""
        with self._lock:
            self._failures.clear()
            self._opened_at = self._probing_since = None

    def failed(self) -> None:
        """The server did not answer, or answered that it cannot."""
        with self._lock:
            now = self._clock()
            self._failures.append(now)
            full = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN_SECONDS
            if full or self._probing_since is not None:
                self._opened_at = now
                self._probing_since = None

    def undecided(self) -> None:
        """The call says nothing about the server; was it the probe, the next call is one."""
        with self._lock:
            self._probing_since = None
