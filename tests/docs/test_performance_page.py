"""The page about performance and the picture on it show the committed results."""

from __future__ import annotations

import orjson

from benchmarks.plot import cost_plot
from benchmarks.publish import PAGE, PICTURE, RESULTS, page
from benchmarks.report import table

MEASURED = orjson.loads((RESULTS / "results.json").read_bytes())


def test_the_page_shows_the_committed_results() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    assert shown == page(shown, MEASURED)
    assert (RESULTS / "table.md").read_text(encoding="utf-8") == table(MEASURED)


def test_the_picture_shows_the_committed_results() -> None:
    assert PICTURE.read_text(encoding="utf-8") == (RESULTS / "cost.svg").read_text(encoding="utf-8") == cost_plot(MEASURED)


def test_every_call_of_the_run_was_answered() -> None:
    assert [who for who, bodies in MEASURED["closed loop"].items() if any(load["failed"] for load in bodies.values())] == []
