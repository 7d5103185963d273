"""The faults of the service's own surroundings, measured: stopped, killed, without its store, without a reader of its log.

Part of `docs/reference/faults.md`, which `python -m tests.support.fault_table` writes; run by itself it writes this part anew.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cds_service.store.database import migrate, open_database
from cds_service.store.opening import FILE
from tests.faults.conftest import Running, start
from tests.faults.test_f15_stop_under_load import under_load, workers_of
from tests.faults.test_f17_store_full import card_of, feedback_on
from tests.support import postgres

TITLE = "## The service itself"
CALLS = 5


@contextmanager
def served(folder: Path, *, workers: int = 1, **settings: str) -> Iterator[Running]:
    server = start(folder / f"{time.monotonic_ns()}.log", workers=workers, **settings)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def stopped(folder: Path) -> str:
    with served(folder, workers=2) as server:
        load, struck = under_load(server, server.process.terminate, before=1.5, after=1.5)
        code = server.process.wait(10)
        last = max(load.answered) - struck
        return (
            f"{len(load.answered)} calls answered, {len(load.lost)} connections not accepted; "
            f"last answer {1000 * max(0, last):.0f} ms after, status {code}"
        )


def killed(folder: Path) -> str:
    with served(folder, workers=2) as server:
        victim = workers_of(server)[0]
        load, struck = under_load(server, lambda: os.kill(victim, signal.SIGKILL), before=1.5, after=2.5)
        late = max([0.0, *(moment - struck for moment in (*load.lost, *load.not_taken))])
        return f"{len(load.answered)} calls answered, {len(load.lost)} lost, the last {1000 * late:.0f} ms after"


def without_store(server: Running, known: str) -> str:
    first, *later = (1000 * card_of(server)[1] for _ in range(CALLS))
    status, _, took = feedback_on(server, known)
    return f"card after {first:.0f} ms, then within {max(later):.0f} ms; feedback {status} after {1000 * took:.0f} ms"


def locked(folder: Path) -> str:
    with served(folder, STATE_DIR=str(folder / "locked")) as server:
        known = card_of(server)[0]
        with closing(sqlite3.connect(folder / "locked" / FILE, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            return without_store(server, known)


def full(folder: Path) -> str:
    import resource

    with served(folder, STATE_DIR=str(folder / "full")) as server:
        known = card_of(server)[0]
        size = (folder / "full" / f"{FILE}-wal").stat().st_size
        resource.prlimit(workers_of(server)[0], resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
        return without_store(server, known)


def postgresql_stopped(folder: Path) -> str:
    programs = postgres.programs()
    if programs is None:
        return "not measured: no PostgreSQL here"
    with postgres.running(programs) as database:
        url = database.new_database()
        engine = open_database(url)
        migrate(engine)
        engine.dispose()
        with served(folder, DATABASE_URL=url) as server:
            known = card_of(server)[0]
            with database.stopped():
                return without_store(server, known)


ROWS: tuple[tuple[str, str, Callable[[Path], str]], ...] = (
    ("F15", "SIGTERM while 4 callers call without pause, 2 workers", stopped),
    ("F16", "`kill -9` of one of 2 workers while 4 callers call without pause", killed),
    ("F17", "no room for another byte in the store", full),
    ("F18", "SQLite locked by another process", locked),
    ("F18", "every process of PostgreSQL stopped", postgresql_stopped),
)


def section() -> list[str]:
    """The lines of this part of the page."""
    lines = [
        TITLE,
        "",
        "Also over real sockets, with real server processes and databases.",
        "",
        "| row | fault | what came of it |",
    ]
    lines.append("|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        lines += [f"| {row} | {says} | {measure(Path(folder))} |" for row, says, measure in ROWS]
    return [*lines, ""]


if __name__ == "__main__":
    page = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
    kept = page.read_text(encoding="utf-8").partition(f"\n{TITLE}")[0].rstrip("\n")
    page.write_text(kept + "\n\n" + "\n".join(section()), encoding="utf-8")
