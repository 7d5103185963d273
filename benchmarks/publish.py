"""Where the results stand: in `results/`, and in the page about performance, below its marker."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from benchmarks.plot import cost_plot
from benchmarks.report import table

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "explanation" / "performance.md"
PICTURE = DOCS / "images" / "performance.svg"
MARKER = "<!-- Below: written by `make bench`; do not edit. -->\n"


def publish(results: Mapping[str, Any]) -> None:
    """Write everything that shows the results."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "results.json").write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    (RESULTS / "table.md").write_text(table(results), encoding="utf-8")
    for picture in (RESULTS / "cost.svg", PICTURE):
        picture.write_text(cost_plot(results), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def page(text: str, results: Mapping[str, Any]) -> str:
    """The page with these results below its marker."""
    ours, marker, _ = text.partition(MARKER)
    return f"{ours}{marker}\n{table(results)}"
