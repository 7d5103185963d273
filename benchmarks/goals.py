"""What was promised for which ratio, and how a result stands against it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`limit` is a floor when `at_least`, else a ceiling."""

    case: str
    limit: float
    at_least: bool
    found: float | None  # None: could not be measured here

    @property
    def reached(self) -> bool | None:
        if self.found is None:
            return None
        return self.found >= self.limit if self.at_least else self.found <= self.limit


SMALL, MIDDLE, LARGE = "other-30k", "myeloma-170k", "myeloma-2m"


def goals(results: Mapping[str, Any]) -> tuple[Goal, ...]:
    """The goals beside what one run found."""
    stages = results["stages"]

    def rate(name: str, body: str) -> float | None:
        found = results["closed loop"].get(name, {}).get(body)
        return found["rate"] if found else None

    def times(body: str, other: str) -> float | None:
        ours, theirs = rate("service", body), rate(other, body)
        return ours / theirs if ours and theirs else None

    decide = sum(stages[MIDDLE][stage] for stage in ("evaluate", "cards"))
    p99 = {name: results["closed loop"][name][MIDDLE]["p99"] for name in ("floor", "service")}
    whole = results["tokens"]
    first = results["start"]

    def at_least(case: str, limit: float, found: float | None) -> Goal:
        return Goal(case=case, limit=limit, at_least=True, found=found)

    def at_most(case: str, limit: float, found: float | None) -> Goal:
        return Goal(case=case, limit=limit, at_least=False, found=found)

    return (
        at_least("non-myeloma 30 KB, calls per second against the floor", 0.80, times(SMALL, "floor")),
        at_least("myeloma 170 KB, calls per second against the floor", 0.65, times(MIDDLE, "floor")),
        at_least("myeloma 170 KB against validating everything", 10, times(MIDDLE, "validate everything")),
        at_least("myeloma 170 KB against HealthChain's empty handler", 4, times(MIDDLE, "HealthChain, empty handler")),
        at_most("evaluate and cards, 170 KB, in `orjson.loads` of the body", 0.6, decide / stages[MIDDLE]["orjson.loads"]),
        at_most("reading the chart, 170 KB, in `orjson.loads` of the body", 1.5, _reading(stages[MIDDLE])),
        at_most("p99 against the floor's, 170 KB, 8 connections", 2, p99["service"] / p99["floor"]),
        at_most("growth of cost from 280 to 3,000 resources, exponent", 1.05, _exponent(results)),
        at_most("verifying an RS384 token, share of a 170 KB call", 0.10, whole["RS384"] / whole["call"]),
        at_most("memory after 20,000 mixed calls against after 2,000", 1.05, results["memory"]["ratio"]),
        at_most("process start to `/ready`, seconds", 1.2, first["ready seconds"]),
        at_most("first call after start against the median", 3, first["first call ms"] / first["median call ms"]),
        at_most("7 searches of 100 ms each, against the slowest", 1.6, results["fetch"]["ratio"]),
    )


def _reading(stages: Mapping[str, float]) -> float:
    return stages["read the chart"] / stages["orjson.loads"]


def _exponent(results: Mapping[str, Any]) -> float:
    """How the work without HTTP grows with the number of resources."""
    sizes, stages = results["resources"], results["stages"]
    cost = {body: sum(time for stage, time in stages[body].items() if stage != "orjson.loads") for body in (MIDDLE, LARGE)}
    return math.log(cost[LARGE] / cost[MIDDLE]) / math.log(sizes[LARGE] / sizes[MIDDLE])
