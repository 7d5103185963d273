"""Figures that need no load: tokens, the start, memory over many calls, and the path that fetches."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from benchmarks.apps import PATH
from benchmarks.charts import call_body
from benchmarks.contestants import KEY_KINDS, OURS, running
from benchmarks.load import closed_loop
from cds_service.callers import TokenAuthentication
from cds_service.settings import Profile, Settings
from cds_service.tenants import load_tenants
from cds_service.trust.replay import UsedTokens
from tests.support.fault_server import Exchange
from tests.support.hospital import hospital
from tests.support.tokens import BASE_URL, SERVICE, Signer, jwk, private_key, write_tenants

STARTS = 5
SEARCH_SECONDS = 0.1


def start_and_first_call() -> dict[str, float]:
    """Medians over some starts: seconds to ready, seconds of imports, the first call and the median of the following ones."""
    ready, first, later = [], [], []
    body = call_body("myeloma-170k")
    for _ in range(STARTS):
        with running(OURS) as server, requests.Session() as session:
            ready.append(server.start_seconds)
            taken = []
            for _ in range(60):
                start = time.perf_counter()
                session.post(server.url, data=body, headers={"Content-Type": "application/json"}, timeout=30).raise_for_status()
                taken.append((time.perf_counter() - start) * 1000)
            first.append(taken[0])
            later.append(statistics.median(taken[10:]))
    return {
        "ready seconds": statistics.median(ready),
        "import seconds": statistics.median(_import_seconds() for _ in range(STARTS)),
        "first call ms": statistics.median(first),
        "median call ms": statistics.median(later),
    }


def _import_seconds() -> float:
    code = "import time; start = time.perf_counter(); import cds_service.cli; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)  # noqa: S603  # our own


def memory_over_calls(fewer: int = 2_000, more: int = 20_000) -> dict[str, float]:
    """Bytes after so many mixed calls: most are about no myeloma."""
    seen: dict[str, float] = {}
    with running(OURS) as server:
        done = 0
        for name, until in (("after fewer", fewer), ("after more", more)):
            while done < until:
                for body, seconds in (("other-30k", 8), ("myeloma-80k", 1), ("myeloma-170k", 1)):
                    done += closed_loop(server.url, call_body(body), seconds=seconds).calls
            seen[name] = server.memory()
            seen[f"calls {name}"] = done
    return seen | {"ratio": seen["after more"] / seen["after fewer"]}


def token_costs(call_microseconds: float) -> dict[str, float]:
    """Microseconds to verify a token of each algorithm, its one use included, beside those of a whole 170 KB call."""
    found = {"call": call_microseconds}
    for algorithm, kind in KEY_KINDS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file = write_tenants(folder, jwk(private_key(kind), "key-1"), algorithms=[algorithm])
            authenticate = TokenAuthentication(
                Settings(), load_tenants(file, Profile.DEMO), UsedTokens(folder / "used"), base_url=BASE_URL, paths=[PATH]
            )
            signer = Signer(key=private_key(kind), algorithm=algorithm)
            taken = []
            for token in [signer.token(SERVICE) for _ in range(300)]:
                start = time.perf_counter()
                authenticate(f"Bearer {token}", PATH)
                taken.append((time.perf_counter() - start) * 1e6)
        found[algorithm] = statistics.median(taken)
    return found


def fetch_path() -> dict[str, float]:
    """A call without prefetch, every search of the FHIR server taking 100 ms: milliseconds, and in slowest searches."""
    taken = []
    with hospital({"*": _slowly}) as house:
        house.call()
        for _ in range(9):
            answer = house.call()
            if answer.status != 200:
                raise RuntimeError("the call without prefetch was not answered")
            taken.append(answer.seconds)
    median = statistics.median(taken)
    return {"milliseconds": median * 1000, "ratio": median / SEARCH_SECONDS}


def _slowly(exchange: Exchange) -> None:
    if not exchange.stopping.wait(SEARCH_SECONDS):
        exchange.answer_honestly()
