"""F17 and F18: a store that is full, read-only, locked or gone costs no one a card, and no more than its share of time."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cds_service.store.database import migrate, open_database
from cds_service.store.opening import FILE
from tests.faults.conftest import Running
from tests.support import postgres

PATH = "/cds-services/rrmm-regimen"
REQUEST = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()
SLACK = 0.75  # seconds, for the answer itself on a busy machine
STORE_SECONDS = 0.25


def ask(server: Running, path: str, body: bytes) -> tuple[int, dict[str, str], Any, float]:
    began = time.monotonic()
    with server.connect() as link:
        link.request("POST", path, body=body)
        answer = link.getresponse()
        said = json.loads(answer.read())
        return answer.status, dict(answer.getheaders()), said, time.monotonic() - began


def card_of(server: Running) -> tuple[str, float]:
    status, _, said, took = ask(server, PATH, REQUEST)
    assert status == 200
    return said["cards"][0]["uuid"], took


def feedback_on(server: Running, card: str) -> tuple[int, dict[str, str], float]:
    item = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T09:00:00Z"}
    status, headers, _, took = ask(server, f"{PATH}/feedback", json.dumps({"feedback": [item]}).encode())
    return status, headers, took


def failures(server: Running) -> float:
    with server.connect() as link:
        link.request("GET", "/metrics")
        page = link.getresponse().read().decode()
    return sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith("myeloma_cds_store_failures_total{"))


def assert_it_copes(server: Running, *, known: str | None = None, feedback_within: float = STORE_SECONDS) -> None:
    """Cards go out as ever, feedback on a card that was kept before is 503 and to be sent again, and both are counted."""
    card, first = card_of(server)
    later = [card_of(server)[1] for _ in range(3)]
    status, headers, took = feedback_on(server, known or card)
    assert (status, headers["Retry-After"]) == (503, "1")
    assert first < STORE_SECONDS + SLACK
    assert max(later) < SLACK
    assert took < feedback_within + SLACK
    assert failures(server) >= 2


def assert_it_recovered(server: Running) -> None:
    until = time.monotonic() + 15
    while feedback_on(server, card_of(server)[0])[0] != 200:
        assert time.monotonic() < until, "the store did not come back"
        time.sleep(0.1)


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / FILE)) as link:
        return int(link.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our own constant


@pytest.fixture
def served(serve: Callable[..., Running], tmp_path: Path) -> tuple[Running, Path, str]:
    folder = tmp_path / "state"
    server = serve(STATE_DIR=str(folder))
    return server, folder, card_of(server)[0]


def test_f18_a_locked_database_holds_no_one_up(served: tuple[Running, Path, str]):
    server, folder, card = served
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_it_copes(server, known=card, feedback_within=0.5)
        other.execute("ROLLBACK")
    assert_it_recovered(server)


def test_f17_a_full_disk_costs_no_card_and_leaves_no_half_row(served: tuple[Running, Path, str]):
    server, folder, card = served
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # The engine keeps its own limit per connection, so the disk itself must refuse: a file limit on the process does.
    pytest.importorskip("resource")
    import resource

    worker = int(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()[0])
    before = rows(folder, "card"), rows(folder, "suggestion")
    wal = folder / f"{FILE}-wal"
    size = wal.stat().st_size if wal.exists() else 0
    unlimited = resource.prlimit(worker, resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
    try:
        assert_it_copes(server, known=card)
        assert (rows(folder, "card"), rows(folder, "suggestion")) == before
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, unlimited)
    assert_it_recovered(server)


def test_f17_a_state_directory_that_cannot_be_written_costs_no_card(serve: Callable[..., Running], tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    server = serve(STATE_DIR=str(tmp_path / "file" / "state"))
    assert_it_copes(server)


@pytest.fixture
def database() -> Iterator[postgres.Postgres]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")
    with postgres.running(programs) as server:
        yield server


def test_f18_a_stopped_postgresql_holds_no_one_up(serve: Callable[..., Running], database: postgres.Postgres):
    url = database.new_database()
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    server = serve(DATABASE_URL=url)
    assert_it_recovered(server)
    with database.stopped():
        assert_it_copes(server, feedback_within=0.5)
    assert_it_recovered(server)


def test_f18_a_service_starts_without_its_database_and_finds_it_later(serve: Callable[..., Running], tmp_path: Path):
    server = serve(DATABASE_URL=f"postgresql://postgres@/nothing?host={tmp_path}")
    assert_it_copes(server)
    assert "store-unreachable" in server.log.read_text()
    assert str(tmp_path) not in server.log.read_text().replace(str(tmp_path / "server"), "")
