"""How much Python one call takes: counts, which a busy machine does not change. A limit is the count of the day it was set, and
some head-room; who adds work on purpose raises it in the same change."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import Any

import pytest

from benchmarks.charts import call_body
from benchmarks.stages import stages_of
from cds_service.knowledge.criteria import CRITERIA
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.rules import Condition
from fhir_mappings.terminology import drug_table

HEAD_ROOM = 1.15
MIDDLE, LARGE = "myeloma-170k", "myeloma-2m"
RESOURCES = {MIDDLE: 269, LARGE: 3055}


@lru_cache
def calls(body: str, stage: str) -> Counter[str]:
    """How often each Python function was called in one run of a stage."""
    run = _stages(body)[stage]
    run()  # tables are read at the first use
    seen: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            seen[frame.f_code.co_qualname] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return seen


@lru_cache
def _stages(body: str) -> dict[str, Callable[[], object]]:
    return dict(stages_of(call_body(body)))


@pytest.mark.parametrize(
    ("body", "stage", "most"),
    [
        ("other-30k", "required data", 73),
        ("other-30k", "read the chart", 1517),
        (MIDDLE, "required data", 90),
        (MIDDLE, "read the chart", 6809),
        (MIDDLE, "therapy history", 948),
        (MIDDLE, "evaluate", 3932),
        (MIDDLE, "cards", 1052),
        (MIDDLE, "extension", 189),
    ],
)
def test_a_stage_takes_no_more_calls_than_before(body: str, stage: str, most: int) -> None:
    assert calls(body, stage).total() <= most * HEAD_ROOM


@pytest.mark.parametrize("stage", ["read the chart", "therapy history", "evaluate", "cards"])
def test_a_stage_does_not_grow_faster_than_the_chart(stage: str) -> None:
    growth = calls(LARGE, stage).total() / calls(MIDDLE, stage).total()
    assert growth <= (RESOURCES[LARGE] / RESOURCES[MIDDLE]) ** 1.05


def test_every_resource_is_asked_once_whose_it_is() -> None:
    assert calls(MIDDLE, "read the chart")["owner_of"] == RESOURCES[MIDDLE]


def test_the_meaning_of_a_test_is_looked_up_once_however_often_it_was_done() -> None:
    assert calls(LARGE, "read the chart")["_topic_of"] == calls(MIDDLE, "read the chart")["_topic_of"] <= 25


def test_a_drug_is_read_once_however_often_it_was_given() -> None:
    """The middle chart holds seven doses of one drug, which is also on its list."""
    assert calls(MIDDLE, "read the chart")["read_drug_concept"] == 14


def test_what_does_not_depend_on_the_regimen_is_judged_once() -> None:
    found = calls(MIDDLE, "evaluate")
    of_regimen = {criterion.judge.__qualname__ for criterion in CRITERIA.values() if criterion.of_regimen}
    general = [each for each in _conditions() if not CRITERIA[each.criterion].of_regimen]
    assert 0 < found["judge"] - sum(found[name] for name in of_regimen) <= len(general)


def _conditions() -> list[Condition]:
    """Every condition in the knowledge, wherever it stands."""
    knowledge = load_knowledge(drug_table())
    founding = knowledge.switch_class
    holders = [
        *knowledge.rules, *knowledge.dose_rules, *knowledge.supportive, *founding.rows, *founding.why_not, *founding.notes,
        *knowledge.current_practice.situations, *(offer for each in knowledge.regimens.values() for offer in each.offered_in),
    ]  # fmt: skip
    return [condition for holder in holders for condition in holder.when]
