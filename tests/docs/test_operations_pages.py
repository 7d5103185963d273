"""The pages on log events and metrics are written from the code, and kept equal to it.

`python -m tests.docs.test_operations_pages` writes them.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from cds_service.log_events import EVENTS
from cds_service.metrics import Metrics

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def log_events_page() -> str:
    lines = [
        "# Log events",
        "",
        "Written by `tests/docs/`; do not edit. A log line is one JSON object on standard error with `event`, `level`, `at`",
        "(UTC), `trace` when the caller sent a `traceparent`, and the keys below. Nothing else is ever written: no word of a",
        "request, no patient, no token.",
        "",
        "| event | level | keys | when |",
        "|---|---|---|---|",
    ]
    for event, entry in EVENTS.items():
        keys = ", ".join(f"`{key}`" for key in sorted(entry.keys))
        lines.append(f"| `{event}` | {logging.getLevelName(entry.level).lower()} | {keys} | {entry.meaning} |")
    return "\n".join(lines) + "\n"


def metrics_page() -> str:
    lines = [
        "# Metrics",
        "",
        "Written by `tests/docs/`; do not edit. In Prometheus' text format at `/metrics`, which answers in `demo`, and elsewhere",
        "where `MYELOMA_CDS_METRICS` is set. Every label has a closed set of values; none is a path, a tenant or a patient.",
        "",
        "| name | kind | labels | counts |",
        "|---|---|---|---|",
    ]
    for family in vars(Metrics()).values():
        if hasattr(family, "describe"):
            (described,) = family.describe()
            suffix = "_total" if described.type == "counter" else ""
            labels = ", ".join(f"`{label}`" for label in family._labelnames)
            lines.append(f"| `{described.name}{suffix}` | {described.type} | {labels} | {described.documentation} |")
    return "\n".join(lines) + "\n"


PAGES = {"log-events.md": log_events_page, "metrics.md": metrics_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str):
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.docs.test_operations_pages"


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
