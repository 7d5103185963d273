"""T6 where several machines share one database: a token admits one call on all of them together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from cds_service.store import tables
from cds_service.store.database import open_database
from cds_service.store.used_tokens import SharedUsedTokens
from cds_service.trust.replay import MemoryUnavailable

NOW = 1_790_000_000.0
LATER = int(NOW) + 300


def test_a_token_is_used_once_by_all_together(engine: Engine, database_url: str):
    engines = [engine, open_database(database_url), open_database(database_url)]
    machines = [SharedUsedTokens(each, patience=20) for each in engines]
    with ThreadPoolExecutor(12) as pool:
        first = list(pool.map(lambda n: machines[n % 3].is_first_use("iss", "one", expires=LATER, now=NOW), range(30)))
    assert sum(first) == 1
    assert machines[0].is_first_use("iss", "two", expires=LATER, now=NOW)
    assert machines[0].is_first_use("other", "one", expires=LATER, now=NOW)
    for each in engines:
        each.dispose()


def test_what_is_kept_is_no_token_and_not_for_ever(engine: Engine):
    machine = SharedUsedTokens(engine, patience=20)
    machine.is_first_use("iss", "canary", expires=LATER, now=NOW)
    machine.is_first_use("iss", "next", expires=LATER + 1000, now=NOW + 500)
    with engine.connect() as link:
        (row,) = link.execute(select(tables.used_token)).all()
    assert "canary" not in str(row)
    assert len(row.digest) == 64


def test_without_tables_no_token_is_admitted(empty: Engine):
    with pytest.raises(MemoryUnavailable):
        SharedUsedTokens(empty, patience=20).is_first_use("iss", "one", expires=LATER, now=NOW)
