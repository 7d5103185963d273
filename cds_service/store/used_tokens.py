"""Which tokens have been used, remembered in the database that several machines share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, delete

from cds_service.store import tables
from cds_service.store.database import BUSY_SECONDS, insert_once
from cds_service.store.records import stamp
from cds_service.store.writer import StoreUnavailable, Writer
from cds_service.trust.client_token import LEEWAY_SECONDS
from cds_service.trust.replay import SWEEP_SECONDS, MemoryUnavailable, digest_of_token


class SharedUsedTokens:
    """As `UsedTokens`, for all who use the database. Kept are hashes, never a token or its id."""

    def __init__(self, engine: Engine, *, patience: float = BUSY_SECONDS) -> None:
        self._engine = engine
        self._patience = patience
        self._swept_at = 0.0
        self._writer = Writer()

    def is_first_use(self, issuer: str, token_id: str, *, expires: int, now: float) -> bool:
        """Whether this call is the first, anywhere, to use the token; from now on it is used. Raises MemoryUnavailable."""
        digest = digest_of_token(issuer, token_id).hex()
        try:
            return self._writer.do(lambda: self._insert(digest, expires, now), patience=self._patience)
        except StoreUnavailable:
            raise MemoryUnavailable from None

    def _insert(self, digest: str, expires: int, now: float) -> bool:
        with self._engine.begin() as connection:
            if now - self._swept_at > SWEEP_SECONDS:
                self._swept_at = now
                connection.execute(delete(tables.used_token).where(tables.used_token.c.expires < _moment(now - LEEWAY_SECONDS)))
            row = {"digest": digest, "expires": _moment(expires + LEEWAY_SECONDS)}
            return insert_once(connection, tables.used_token, row, unique=("digest",))


def _moment(seconds: float) -> str:
    return stamp(datetime.fromtimestamp(min(seconds, 253_402_000_000), UTC))
