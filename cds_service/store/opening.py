"""From an address to a memory that fits this release, or the reason why not."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from cds_service.log_events import Event
from cds_service.settings import Settings
from cds_service.store.database import DatabaseRefused, Schema, migrate, open_database, schema_of, sqlite_url
from cds_service.store.memory import Memory
from cds_service.telemetry import happened

FILE = "memory.sqlite"


def embedded_database(folder: Path) -> str:
    """The address of the database in the service's own directory, which is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        happened(Event.STORE_UNREACHABLE)
    return sqlite_url(folder / FILE)


def database_of(settings: Settings) -> str:
    """The address of the database that the settings mean."""
    return settings.database_url.get_secret_value() if settings.database_url else embedded_database(settings.state_folder)


def open_memory(url: str, *, may_migrate: bool, retention_days: int) -> Memory:
    """The memory in a database. A database that cannot be reached now may be later: until then nothing is kept.

    Raises DatabaseRefused when the address is none, and when the schema is not this release's and may not be brought to it.
    """
    engine = open_database(url)
    try:
        schema = schema_of(engine)
        if schema is Schema.PENDING and may_migrate:
            migrate(engine)
            schema = Schema.CURRENT
    except (SQLAlchemyError, OSError):
        happened(Event.STORE_UNREACHABLE)
        schema = Schema.CURRENT
    finally:
        engine.dispose()  # a connection must not cross the fork to the workers
    if schema is Schema.PENDING:
        raise DatabaseRefused("the database is older than this release: run `myeloma-cds migrate`")
    if schema is Schema.NEWER:
        raise DatabaseRefused("the database was made by a newer release: install that one")
    return Memory(engine, retention_days=retention_days)
