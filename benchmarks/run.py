"""The whole bench: `python -m benchmarks.run`. Everyone is started at once, and each round gives every one its turn on every
body, so that what else the machine does meets all alike. What it
writes stands in `publish`.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import single, stages
from benchmarks.charts import PLANS, call_body
from benchmarks.contestants import FLOOR, OURS, Running, contestants, running
from benchmarks.load import CONNECTIONS, Load, closed_loop, fixed_rate, generator
from benchmarks.publish import publish
from benchmarks.report import table

ROUNDS = 6  # a connection stays with the worker that took it, and each round deals them anew
WARM_UP_SECONDS, TURN_SECONDS = 1, 1
MOST_CALLS_PER_SECOND = 500  # of the service, as long as nothing is known
FIXED_RATES = {"other-30k": 40.0, "myeloma-170k": 10.0}
FIXED_SECONDS = 8.0
STAGE_SECONDS = 4.0


def main() -> None:
    """Measure, write the results, print the table."""
    began = time.perf_counter()
    bodies = {plan.name: call_body(plan.name) for plan in PLANS}
    results: dict[str, Any] = {
        "machine": _machine(),
        "bytes": {name: len(body) for name, body in bodies.items()},
        "resources": {name: body.count(b'"resourceType":') - body.count(b'"Bundle"') for name, body in bodies.items()},
    }
    _say("stages, in process")
    results["stages"] = {name: stages.measure(body, seconds=STAGE_SECONDS) for name, body in bodies.items()}
    middle = results["stages"]["myeloma-170k"]
    _say("tokens, start, the path that fetches")
    results["tokens"] = single.token_costs(sum(middle.values()) - middle["orjson.loads"])
    results["start"] = single.start_and_first_call()
    results["fetch"] = single.fetch_path()
    with ExitStack() as stack:
        servers = [stack.enter_context(running(each)) for each in contestants()]
        results["closed loop"] = _closed_loops(servers, bodies)
        plain = [server for server in servers if server.contestant in (FLOOR, OURS)]
        results["fixed rate"] = _fixed_rates(plain, bodies)
    _say("memory over 20,000 calls")
    results["memory"] = single.memory_over_calls()
    results["took seconds"] = round(time.perf_counter() - began)
    publish(results)
    sys.stdout.write(table(results))


def _closed_loops(servers: Sequence[Running], bodies: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, list[Load]]] = {server.contestant.name: {name: [] for name in bodies} for server in servers}
    for turn in range(ROUNDS):
        for name, body in bodies.items():
            _say(f"closed loop, round {turn + 1}, {name}")
            for server in servers:
                most = max((load.rate for load in found[OURS.name][name]), default=MOST_CALLS_PER_SECOND)
                if turn == 0:
                    _loop(server, body, WARM_UP_SECONDS, most)
                found[server.contestant.name][name].append(_loop(server, body, TURN_SECONDS, most))
    return {who: {name: _median(loads) for name, loads in of.items()} for who, of in found.items()}


def _loop(server: Running, body: bytes, seconds: int, rate: float) -> Load:
    """One turn; with tokens for three times the rate, so that they do not run out."""
    return closed_loop(server.url, body, seconds=seconds, tokens=server.tokens(int(3 * rate * seconds) + 50))


def _fixed_rates(servers: Sequence[Running], bodies: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, rate in FIXED_RATES.items():
        _say(f"fixed rate, {name}")
        for server in servers:
            load = fixed_rate(server.url, bodies[name], per_second=rate, seconds=FIXED_SECONDS)
            found.setdefault(server.contestant.name, {})[name] = load.as_json() | {"asked rate": rate}
    return found


def _median(loads: Sequence[Load]) -> dict[str, float]:
    """The median over the rounds of each figure; failures are added up."""
    every = [load.as_json() for load in loads]
    medians = {name: statistics.median(each[name] for each in every) for name in every[0]}
    return medians | {"failed": sum(load.failed for load in loads)}


def _machine() -> dict[str, Any]:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    named = ("flask", "werkzeug", "gunicorn", "orjson", "fhir.resources", "pydantic", "sqlalchemy")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.system(),
        "versions": {name: version(name) for name in named},
        "load": f"{generator()}, {CONNECTIONS} connections",
    }


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")


if __name__ == "__main__":
    main()
