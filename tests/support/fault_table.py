"""The table of faults of a FHIR server, measured: what the service answered and how long that took.

`python -m tests.support.fault_table` runs every row over real sockets and writes `docs/reference/faults.md`.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.fault_server import (
    Fault,
    after,
    chunk_cut,
    content,
    drip_body,
    drip_head,
    endless,
    half_body,
    linking,
    once,
    reset,
    resource,
    silence,
    stall,
    status,
    tear_down,
)
from tests.support.hospital import Answer, Hospital, hospital
from tests.support.service_faults import section

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
RUNS = 5
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing"}]}
NONE = {"resourceType": "Bundle", "type": "searchset", "total": 0}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fault, where it strikes (`*` everywhere), and the milliseconds within which the answer must come."""

    id: str
    says: str
    fault: Fault
    where: str = "Observation"
    within: int
    settings: Mapping[str, int] = field(default_factory=dict)


def both(id_: str, says: str, fault: Fault, within: int) -> tuple[Row, Row]:
    """The same fault where data is required and where it is not."""
    return (
        Row(id=id_, says=says, fault=fault, where="Condition", within=within),
        Row(id=id_, says=says, fault=fault, within=within),
    )


ROWS: tuple[Row, ...] = (
    Row(id="–", says="no fault", fault=after(0), where="*", within=500),
    Row(id="–", says="every search takes 100 ms", fault=after(0.1), where="*", within=500),
    *both("F1", "hangs up at once", tear_down, 400),
    *both("F2", "401", status("401 Unauthorized"), 500),
    *both("F2", "403", status("403 Forbidden"), 500),
    *both("F3", "404 on a search", status("404 Not Found"), 500),
    Row(id="F3", says="404 on the Patient", fault=status("404 Not Found"), where="Patient", within=500),
    *both("F4", "429, Retry-After: 3600", status("429 Too Many Requests", Retry_After="3600"), 500),
    *both("F4", "503 once, then well", once(status("503 Service Unavailable")), 500),
    *both("F4", "500", status("500 Internal Server Error"), 500),
    *both("F5", "no byte", silence, 1550),
    *both("F5", "head, a byte per 100 ms", drip_head, 1550),
    *both("F5", "body, a byte per 100 ms", drip_body, 1550),
    *both("F5", "stops in the middle", stall, 1550),
    *both("F6", "half a body", half_body, 500),
    *both("F6", "half a chunk", chunk_cut, 500),
    *both("F6", "reset in the body", reset, 500),
    *both("F7", "an HTML page", content(b"<!doctype html>", "text/html"), 500),
    *both("F7", "JSON cut short", content(b'{"resourceType":"Bundle"'), 500),
    *both("F8", "200 with an OperationOutcome", resource(OUTCOME), 500),
    *both("F10", "a body without end", endless(b" " * 65536), 1550),
    *both(
        "F11", "pages without end", linking(lambda exchange: f"{exchange.base}/{exchange.seen.type}?page={exchange.time}"), 500
    ),
)


def answered(answer: Answer) -> str:
    """The answer in one cell."""
    if answer.status != 200:
        key, text = next((item for item in answer.problems.items() if "ended with" in item[1]), ("", ""))
        return f"{answer.status}, `{key.removeprefix('prefetch.')}`: {text.rpartition(': ')[2].rstrip('.')}"
    kind = "card, history may be incomplete" if "history-incomplete" in answer.notes else "full card"
    return f"200, {kind}"


def measured(row: Row) -> tuple[str, list[float]]:
    """What the service answers to this row, and the milliseconds of each run. Every run meets a service without a past."""
    said: set[str] = set()
    took: list[float] = []
    for _ in range(RUNS):
        with hospital({row.where: row.fault}, **row.settings) as here:
            _warm(here)
            answer = here.call()
        said.add(answered(answer))
        took.append(answer.seconds * 1000)
    return " or ".join(sorted(said)), took


def _warm(here: Hospital) -> None:
    here.call(prefetch=here.sent(), fhirServer="https://elsewhere.example/fhir")


def run() -> str:
    """The page."""
    lines = [
        "# Faults of a FHIR server",
        "",
        "Written by `python -m tests.support.fault_table` from a run over real sockets; do not edit. The chart is that of",
        "`samples/founding-patient`, nothing is prefetched, and the server misbehaves for the type named. `tests/faults/`",
        "asserts each answer and its time on every run of `make test`.",
        "",
        f"{RUNS} runs each, on {os.cpu_count()} cores, Python {sys.version.split()[0]}, {platform.system()};",
        "milliseconds of the whole call.",
        "",
        "| row | the server | asked for | answer | bound | median | slowest |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        said, took = measured(row)
        where = "everything" if row.where == "*" else row.where
        lines.append(
            f"| {row.id} | {row.says} | {where} | {said} | {row.within} | {statistics.median(took):.0f} | {max(took):.0f} |"
        )
    lines += [
        "",
        "The bound of a fault that only time can show is the deadline of a call (`MYELOMA_CDS_FETCH_DEADLINE_MS`) and 50 ms.",
        "",
        *section(),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(run(), encoding="utf-8")
