"""Reaching the database, and keeping its schema at the one that this release knows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from cds_service.settings import SettingsRefused

BUSY_SECONDS = 0.25  # no call waits longer for its place in the store

# The server gives up by itself; a server that is gone is noticed by the kernel.
_POSTGRESQL = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,
    "options": f"-c statement_timeout={int(BUSY_SECONDS * 1000)} -c lock_timeout={int(BUSY_SECONDS * 1000)}",
}


class DatabaseRefused(SettingsRefused):
    """The database cannot be used as configured; the message is one line without the address."""


class Schema(StrEnum):
    """How the tables of a database compare with those that this release knows."""

    CURRENT = "current"
    PENDING = "pending"
    NEWER = "newer"


def sqlite_url(file: Path) -> str:
    """The address of an embedded database in one file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def open_database(url: str) -> Engine:
    """An engine on SQLite or PostgreSQL; nothing is dialled yet. Raises DatabaseRefused."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseRefused("database_url is not a database address") from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, pool_size=1, max_overflow=1)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if backend != "postgresql":
        raise DatabaseRefused("database_url must be a sqlite or postgresql address")
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args=_POSTGRESQL,
            pool_pre_ping=True,
            pool_size=1,
            max_overflow=1,
        )
    except (ImportError, NoSuchModuleError):
        raise DatabaseRefused("PostgreSQL needs its driver: install myeloma-cds[postgres]") from None


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def schema_of(engine: Engine) -> Schema:
    """Where the schema stands. Raises SQLAlchemyError when the database cannot be reached."""
    scripts = ScriptDirectory.from_config(_config())
    with engine.connect() as connection:
        held = set(MigrationContext.configure(connection).get_current_heads())
    if held == set(scripts.get_heads()):
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.PENDING if held <= known else Schema.NEWER


def migrate(engine: Engine) -> None:
    """Bring the schema to this release's. Raises DatabaseRefused, with nothing changed, when it cannot be done."""
    try:
        if schema_of(engine) is Schema.NEWER:
            raise DatabaseRefused("the database was made by a newer release")
        with engine.begin() as connection:
            command.upgrade(_config(connection), "head")
    except (SQLAlchemyError, OSError):
        raise DatabaseRefused("the database cannot be reached or written") from None


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
