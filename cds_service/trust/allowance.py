"""How many calls a tenant may make in a minute, counted in each worker by itself. A bound over all workers is the proxy's."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Allowance:
    """A bucket that holds `per_minute` calls and fills evenly. `clock` counts seconds and never goes back."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._size = float(per_minute)
        self._left = self._size
        self._clock = clock
        self._filled_at = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether there was a call left; it is taken."""
        with self._lock:
            now = self._clock()
            self._left = min(self._size, self._left + (now - self._filled_at) * self._size / 60)
            self._filled_at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
