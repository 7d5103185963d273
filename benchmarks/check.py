"""A short look whether a change has made the service slower: `python -m benchmarks.check`, status 1 when it has.

Ratios within one process only, each stage in `orjson.loads` of its own body, against those of the committed results. The machine
may be another, and busy: the best of the rounds counts, and only twice as much is a finding. The counts in `tests/performance`
tell smaller changes, and more surely.
"""

from __future__ import annotations

import sys

import orjson

from benchmarks import stages
from benchmarks.charts import call_body
from benchmarks.goals import MIDDLE, SMALL
from benchmarks.publish import RESULTS

SECONDS = 8.0
MOST = 2.0


def main() -> int:
    """Print a line for each body, and return the status."""
    before = orjson.loads((RESULTS / "results.json").read_bytes())["stages"]
    slower = False
    for name in (SMALL, MIDDLE):
        now = _in_loads(stages.measure(call_body(name), seconds=SECONDS, pick=min))
        then = _in_loads(before[name])
        slower |= now > MOST * then
        sys.stdout.write(f"{name}: {now:.1f} times orjson.loads of the body, {then:.1f} in the committed results\n")
    return int(slower)


def _in_loads(measured: dict[str, float]) -> float:
    return sum(time for stage, time in measured.items() if stage != "orjson.loads") / measured["orjson.loads"]


if __name__ == "__main__":
    sys.exit(main())
