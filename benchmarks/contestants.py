"""Who is measured: how each server is started, what it is called with, and when it is ready."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.apps import PATH
from benchmarks.charts import AS_OF
from tests.support.tokens import Signer, jwk, private_key, write_tenants

HERE = Path(__file__).parent
HEALTHCHAIN_PYTHON = HERE / ".healthchain" / "bin" / "python"
KEY_KINDS = {"RS384": "2048", "ES384": "P-384"}
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """`arguments` follow the interpreter, `{port}` in them is the port. `algorithm`: calls carry tokens signed so."""

    name: str
    arguments: tuple[str, ...]
    python: Path = Path(sys.executable)
    path: str = PATH
    ready: str = "/ready"
    algorithm: str | None = None


_SERVE = ("-m", "cds_service", "serve", "--port", "{port}", "--as-of", AS_OF.isoformat())
FLOOR = Contestant(name="floor", arguments=("-m", "benchmarks.apps", "floor", "{port}"))
OURS = Contestant(name="service", arguments=_SERVE)
RS384 = Contestant(name="service, RS384", arguments=_SERVE, algorithm="RS384")
ES384 = Contestant(name="service, ES384", arguments=_SERVE, algorithm="ES384")
VALIDATING = Contestant(name="validate everything", arguments=("-m", "benchmarks.apps", "validating", "{port}"))
HEALTHCHAIN = Contestant(
    name="HealthChain, empty handler",
    arguments=("healthchain_app.py", "{port}"),
    python=HEALTHCHAIN_PYTHON,
    path="/cds/cds-services/rrmm-regimen",
    ready="/health",
)


def contestants() -> tuple[Contestant, ...]:
    """Everyone who can start here: HealthChain only where its environment was set up."""
    everyone = (FLOOR, OURS, RS384, ES384, VALIDATING, HEALTHCHAIN)
    return tuple(each for each in everyone if each.python.exists())


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers. `start_seconds`: from the start of the process to the first answer on its ready address."""

    contestant: Contestant
    base: str
    pid: int
    start_seconds: float

    @property
    def url(self) -> str:
        return self.base + self.contestant.path

    def tokens(self, number: int) -> list[str]:
        """So many fresh tokens; none where none are asked for."""
        algorithm = self.contestant.algorithm
        if algorithm is None:
            return []
        signer = Signer(key=private_key(KEY_KINDS[algorithm]), algorithm=algorithm)
        return [signer.token(self.url) for _ in range(number)]

    def memory(self) -> int:
        """Bytes that the server's processes hold in memory, what they share counted once."""
        return sum(_proportional(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def running(contestant: Contestant, *, state: Path | None = None) -> Iterator[Running]:
    """Start a server, wait until it is ready, stop it at the end. `state` is where it keeps what outlives a restart: a folder of
    its own when not given. Raises TimeoutError when it does not get ready."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as own:
        folder = state or Path(own)
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # our own commands
            [str(contestant.python), *(argument.format(port=port) for argument in contestant.arguments)],
            env=_environment(contestant, folder),
            cwd=HERE if contestant is HEALTHCHAIN else HERE.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(base + contestant.ready, started)
            yield Running(contestant=contestant, base=base, pid=process.pid, start_seconds=time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(timeout=40)


def _environment(contestant: Contestant, folder: Path) -> Mapping[str, str]:
    given = {**os.environ, "MYELOMA_CDS_STATE_DIR": str(folder)}
    if contestant.algorithm:
        key = jwk(private_key(KEY_KINDS[contestant.algorithm]), "key-1")
        file = write_tenants(folder, key, algorithms=[contestant.algorithm])
        given["MYELOMA_CDS_TENANTS"] = str(file)
    return given


def _wait(url: str, started: float) -> None:
    while time.perf_counter() - started < START_SECONDS:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.01)
    raise TimeoutError(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _proportional(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
