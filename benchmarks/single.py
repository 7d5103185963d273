"""Figures that need no load: tokens, the start, memory over many calls, and the path that fetches."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

import requests

from benchmarks.apps import PATH
from benchmarks.charts import call_body
from benchmarks.contestants import KEY_KINDS, OURS, running
from benchmarks.load import closed_loop
from cds_service.settings import Profile, Settings
from cds_service.tenants import load_tenants
from cds_service.token_authentication import TokenAuthentication
from cds_service.trust.replay import UsedTokens
from tests.support.fault_server import Exchange
from tests.support.hospital import hospital
from tests.support.tokens import BASE_URL, SERVICE, Signer, jwk, private_key, write_tenants

STARTS = 5
SEARCH_SECONDS = 0.1
SEARCHES_ALONE, SEARCHES_AND_A_READ = "dialysis", "founding-patient"


def start_and_first_call() -> dict[str, float]:
    """Medians over some starts: seconds to ready, also of the very first start, which makes the store, seconds of imports, the
    first call and the median of the following ones."""
    ready, new, first, later = [], [], [], []
    body = call_body("myeloma-170k")
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as name, requests.Session() as session:
            state = Path(name)
            with running(OURS, state=state) as server:
                new.append(server.start_seconds)
            with running(OURS, state=state) as server:
                ready.append(server.start_seconds)
                taken = [_milliseconds(session, server.url, body) for _ in range(60)]
            first.append(taken[0])
            later.append(statistics.median(taken[10:]))
    return {
        "ready seconds": statistics.median(ready),
        "ready seconds, new": statistics.median(new),
        "import seconds": statistics.median(_import_seconds() for _ in range(STARTS)),
        "first call ms": statistics.median(first),
        "median call ms": statistics.median(later),
    }


def _milliseconds(session: requests.Session, url: str, body: bytes) -> float:
    start = time.perf_counter()
    session.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _import_seconds() -> float:
    code = "import time; start = time.perf_counter(); import cds_service.cli; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)  # noqa: S603  # our own


def memory_over_calls(fewer: int = 2_000, more: int = 20_000) -> dict[str, float]:
    """Bytes after so many mixed calls: most are about no myeloma."""
    seen: dict[str, float] = {}
    with running(OURS) as server:
        done, mix = 0, cycle((("myeloma-170k", 1), ("myeloma-80k", 1), ("other-30k", 2)))
        for name, until in (("after fewer", fewer), ("after more", more)):
            while done < until:
                body, seconds = next(mix)
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
    """Calls without prefetch, every answer of the FHIR server taking 100 ms: milliseconds, and in slowest searches. One chart is
    seven searches; the orders of the other also refer to six Medications, which can only be read when the searches are back."""
    searches = _call_milliseconds(SEARCHES_ALONE, requests_made=7)
    with_read = _call_milliseconds(SEARCHES_AND_A_READ, requests_made=13)
    return {"milliseconds": searches, "ratio": searches / 1000 / SEARCH_SECONDS, "milliseconds, with a read": with_read}


def _call_milliseconds(chart: str, *, requests_made: int) -> float:
    taken = []
    with hospital({"*": _slowly}, chart=chart) as house:
        house.call()
        for _ in range(9):
            before = len(house.server.seen)
            answer = house.call()
            if answer.status != 200 or len(house.server.seen) - before != requests_made:
                raise RuntimeError("the call without prefetch was not answered as it should be")
            taken.append(answer.seconds * 1000)
    return statistics.median(taken)


def _slowly(exchange: Exchange) -> None:
    if not exchange.stopping.wait(SEARCH_SECONDS):
        exchange.answer_honestly()
