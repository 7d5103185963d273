"""Which tokens have been used, remembered across workers and restarts in one SQLite file until they expire."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cds_service.trust.client_token import LEEWAY_SECONDS

BUSY_SECONDS = 0.25
SWEEP_SECONDS = 60.0


class MemoryUnavailable(Exception):
    """It cannot be told whether a token was used before."""


def digest_of_token(issuer: str, token_id: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(f"{len(issuer)}:{issuer}{token_id}".encode()).digest()


class TokenMemory(Protocol):
    """Whoever can tell whether a token was used before."""

    def is_first_use(self, issuer: str, token_id: str, *, expires: int, now: float) -> bool:
        """Whether this is the first use. Raises MemoryUnavailable."""


class UsedTokens:
    """The memory of used tokens. Kept are hashes, never a token or its id.

    Every thread has its own connection, opened at first use: none may cross a fork.
    """

    def __init__(self, file: Path) -> None:
        """Make the file and its table if need be. Raises MemoryUnavailable."""
        self._file = file
        self._local = threading.local()
        self._swept_at = 0.0
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            link = self._open()
            link.execute("PRAGMA journal_mode = WAL")
            link.execute(
                "CREATE TABLE IF NOT EXISTS used_token (digest BLOB PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID"
            )
            link.execute("CREATE INDEX IF NOT EXISTS used_token_expires ON used_token (expires)")
            link.close()
        except (sqlite3.Error, OSError):
            raise MemoryUnavailable from None

    def is_first_use(self, issuer: str, token_id: str, *, expires: int, now: float) -> bool:
        """Whether this call is the first, of all workers, to use the token; from now on it is used. Raises MemoryUnavailable."""
        digest = digest_of_token(issuer, token_id)
        try:
            link = self._link()
            added = link.execute("INSERT OR IGNORE INTO used_token VALUES (?, ?)", (digest, expires + LEEWAY_SECONDS)).rowcount
            if now - self._swept_at > SWEEP_SECONDS:
                self._swept_at = now
                link.execute("DELETE FROM used_token WHERE expires < ?", (int(now) - LEEWAY_SECONDS,))
        except sqlite3.Error:
            self._drop_link()
            raise MemoryUnavailable from None
        return added == 1

    def _link(self) -> sqlite3.Connection:
        link: sqlite3.Connection | None = getattr(self._local, "link", None)
        if link is None:
            link = self._local.link = self._open()
        return link

    def _drop_link(self) -> None:
        link: sqlite3.Connection | None = getattr(self._local, "link", None)
        self._local.link = None
        if link is not None:
            with suppress(sqlite3.Error):
                link.close()

    def _open(self) -> sqlite3.Connection:
        # Without isolation every statement is its own transaction, made and ended in one step.
        link = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        link.execute("PRAGMA synchronous = NORMAL")
        return link
