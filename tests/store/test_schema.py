"""F19: the schema is this release's, or the service does not start and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from cds_service.settings import SettingsRefused
from cds_service.store import database
from cds_service.store.database import DatabaseRefused, Schema, migrate, open_database, revisions, schema_of
from cds_service.store.opening import open_memory
from cds_service.store.tables import METADATA


def test_the_steps_lead_to_the_tables_that_the_code_uses(engine: Engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_to_migrate_twice_changes_nothing(engine: Engine):
    migrate(engine)
    assert schema_of(engine) is Schema.CURRENT


def test_an_empty_database_is_refused_with_the_command_that_helps(empty: Engine, database_url: str):
    with pytest.raises(SettingsRefused, match="run `myeloma-cds migrate`"):
        open_memory(database_url, may_migrate=False, retention_days=1)
    assert inspect(empty).get_table_names() == []


def test_an_empty_database_of_our_own_is_made_ready(empty: Engine, database_url: str):
    open_memory(database_url, may_migrate=True, retention_days=1)
    assert schema_of(empty) is Schema.CURRENT


@pytest.mark.parametrize("may_migrate", [False, True])
def test_a_newer_schema_is_refused_and_left_alone(engine: Engine, database_url: str, may_migrate: bool):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsRefused, match="newer release"):
        open_memory(database_url, may_migrate=may_migrate, retention_days=1)
    with pytest.raises(DatabaseRefused, match="newer release"):
        migrate(engine)


@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "canary://canary", ""])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str):
    with pytest.raises(DatabaseRefused) as refused:
        open_database(url)
    assert "canary" not in str(refused.value)


def test_the_steps_are_known_without_alembic():
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    scripts = ScriptDirectory.from_config(config)
    assert revisions() == tuple(reversed([script.revision for script in scripts.walk_revisions()]))
    assert scripts.get_heads() == [revisions()[-1]]
