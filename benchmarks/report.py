"""The results as Markdown tables: the goals first, then every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.goals import Goal, goals

_VERDICT = {True: "reached", False: "not reached", None: "not measured"}


def table(results: Mapping[str, Any]) -> str:
    """All tables of one run."""
    bodies = list(results["bytes"])
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']};"
    parts = [
        where + f" {versions}; load: {machine['load']}, on the same machine. Medians of interleaved rounds.",
        "### Goals",
        _rows(("case", "goal", "found", ""), [_goal(goal) for goal in goals(results)]),
        "### Calls per second, and their ratio to the floor",
        _rows(("", *map(_title(results), bodies)), _rates(results, bodies)),
        "### Milliseconds under that load: p50 / p95 / p99",
        _rows(("", *map(_title(results), bodies)), _latencies(results["closed loop"], bodies)),
        "### Milliseconds at a fixed rate, timed from when each call was due: p50 / p95 / p99",
        _rows(("", *_asked(results)), _latencies(results["fixed rate"], list(_asked(results)))),
        "### One call in process, microseconds (in `orjson.loads` of its body)",
        _rows(("stage", *bodies), _stages(results, bodies)),
        "### Single figures",
        _rows(("", ""), _single(results)),
    ]
    return "\n\n".join(parts) + "\n"


def _goal(goal: Goal) -> tuple[str, ...]:
    sign = "≥" if goal.at_least else "≤"
    found = "–" if goal.found is None else f"{goal.found:.2f}"
    return (goal.case, f"{sign} {goal.limit:g}", found, _VERDICT[goal.reached])


def _title(results: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a function from name to text
    return lambda name: f"{name} ({results['resources'][name]} resources)"


def _rates(results: Mapping[str, Any], bodies: Sequence[str]) -> Iterable[tuple[str, ...]]:
    loop = results["closed loop"]
    for who, of in loop.items():
        yield who, *(f"{of[name]['rate']:.0f} ({of[name]['rate'] / loop['floor'][name]['rate']:.2f})" for name in bodies)


def _latencies(loads: Mapping[str, Any], bodies: Sequence[str]) -> Iterable[tuple[str, ...]]:
    for who, of in loads.items():
        yield who, *(" / ".join(f"{of[name][cut]:.1f}" for cut in ("p50", "p95", "p99")) for name in bodies)


def _asked(results: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{name}, {load['asked rate']:g} per second" for name, load in results["fixed rate"]["floor"].items()}


def _stages(results: Mapping[str, Any], bodies: Sequence[str]) -> Iterable[tuple[str, ...]]:
    of = results["stages"]
    for stage in of[bodies[0]]:
        yield stage, *(f"{of[name][stage]:.0f} ({of[name][stage] / of[name]['orjson.loads']:.2f})" for name in bodies)


def _single(results: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    start, memory, tokens, fetch = (results[name] for name in ("start", "memory", "tokens", "fetch"))
    yield "process start to `/ready`", f"{start['ready seconds']:.2f} s, of which imports {start['import seconds']:.2f} s"
    yield "the very first start, which makes the store", f"{start['ready seconds, new']:.2f} s"
    yield "first call after start, then the median", f"{start['first call ms']:.1f} ms, {start['median call ms']:.1f} ms"
    for name in ("after fewer", "after more"):
        yield f"memory after {memory[f'calls {name}']:.0f} calls", f"{memory[name] / 2**20:.1f} MiB"
    for algorithm in ("RS384", "ES384"):
        yield f"verifying an {algorithm} token, its one use included", f"{tokens[algorithm]:.0f} µs"
    yield "a call without prefetch, seven searches of 100 ms each", f"{fetch['milliseconds']:.0f} ms"
    yield "the same, and then six Medications to read", f"{fetch['milliseconds, with a read']:.0f} ms"
    yield "the whole bench", f"{results['took seconds']} s"


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
