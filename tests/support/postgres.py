"""A real PostgreSQL server for the tests, from what the machine has installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 20
_numbers = count()


def programs() -> Path | None:
    """The directory of the newest installed server programs, if any."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return Path(on_path).parent if on_path else found[-1].parent if found else None


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A running server that listens on a socket in `folder` only."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"test_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """No process of the server runs meanwhile, but its sockets are there."""
        everyone = [self.process.pid, *_children(self.process.pid)]
        for pid in everyone:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in everyone:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def running(bin_folder: Path) -> Iterator[Postgres]:
    """A new server with nothing in it. It does not run as root, so it gets another user there."""
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # The other user must be able to reach it, which a temporary directory of root's own may not allow.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if os.geteuid() == 0 else None))  # noqa: S108  # see the line above
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = folder / "data"
        become = {"user": user} if os.geteuid() == 0 else {}
        initdb = [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **become)
        server = [bin_folder / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(server, stdout=log, stderr=log, cwd=folder, **become)
        started = Postgres(folder=folder, process=process)
        try:
            _wait_for(started)
            yield started
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: Postgres) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]
