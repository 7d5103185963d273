"""Reaching the database, and keeping its schema at the one that this release knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from cds_service.settings import SettingsRefused

_MIGRATIONS = Path(__file__).with_name("migrations")
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


def insert_once(connection: Connection, table: Table, row: Mapping[str, object], *, unique: Sequence[str]) -> bool:
    """Insert a row unless one is there with the same `unique` columns. Whether it was not there yet."""
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")  # each is slow to import, and one is needed
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c[unique[0]])
    return connection.execute(statement, row).first() is not None


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def revisions() -> tuple[str, ...]:
    """The steps that this release knows, oldest first: `r0001_….py` is revision 0001."""
    return tuple(sorted(file.name[1:5] for file in (_MIGRATIONS / "versions").glob("r*.py")))


def schema_of(engine: Engine) -> Schema:
    """Where the schema stands. Raises SQLAlchemyError when the database cannot be reached."""
    with engine.connect() as connection:
        marked = inspect(connection).has_table("alembic_version")
        held = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) if marked else set()
    if held == {revisions()[-1]}:
        return Schema.CURRENT
    return Schema.PENDING if held <= set(revisions()) else Schema.NEWER


def migrate(engine: Engine) -> None:
    """Bring the schema to this release's. Raises DatabaseRefused, with nothing changed, when it cannot be done."""
    try:
        if schema_of(engine) is Schema.NEWER:
            raise DatabaseRefused("the database was made by a newer release")
        with engine.begin() as connection:
            _upgrade(connection)
    except (SQLAlchemyError, OSError):
        raise DatabaseRefused("the database cannot be reached or written") from None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # needed once per release, and slow to import
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
