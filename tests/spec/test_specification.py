"""Every row of the clinical specification holds; every criterion and every situation has its rows; the page is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds_service.knowledge.criteria import CRITERIA
from tests.spec.specification import Section, answer, knowledge, page, sections

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clinical-specification.md"
ROWS = [pytest.param(s, row, id=f"{s.place} {row['chart'][:60]}") for s in sections() for row in s.rows]


@pytest.mark.parametrize(("section", "row"), ROWS)
def test_row(section: Section, row: dict[str, str]) -> None:
    assert answer(section, row) == row


@pytest.mark.parametrize("name", sorted(CRITERIA))
def test_every_criterion_has_a_met_a_not_met_and_an_unknown_row(name: str) -> None:
    mine = [section for section in sections() if section.criterion == name]
    said = {row["answer"].split(":")[0] for section in mine for row in section.rows}
    wanted = {"met", "not met"} if any(section.never_unknown for section in mine) else {"met", "not met", "unknown"}
    assert said == wanted


def test_every_row_and_situation_is_reached() -> None:
    said = [row for section in sections() for row in section.rows]
    assert {row["row"] for row in said if "row" in row} >= {row.id for row in knowledge().switch_class.rows}
    assert {row["situation"] for row in said if "situation" in row} >= {s.id for s in knowledge().current_practice.situations}


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.write_specification"
