"""One point in time by which a call must have what it waits for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at` is on the monotonic clock, in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The deadline so many seconds from now."""
        return cls(time.monotonic() + seconds)

    def earlier(self, seconds: float) -> Deadline:
        """A deadline before this one, for work whose result must still be used."""
        return Deadline(self.at - seconds)

    def left(self) -> float:
        """Seconds from now, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def at_most(self, seconds: float) -> float:
        """How long one step may take: `seconds`, or less near the end. Raises TimeoutError when nothing is left."""
        left = self.left()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(seconds, left)
