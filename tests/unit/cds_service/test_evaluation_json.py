import json
from dataclasses import replace
from pathlib import Path

import pytest

from cds_service.evaluation_json import as_extension
from cds_service.knowledge.evaluation import (
    CurrentPractice,
    Jurisdiction,
    Outcome,
    RegimenReasons,
    SwitchClass,
    UsedMeasurement,
    Verdict,
)
from fhir_mappings.facts import Accounting, Analyte, Conflict, Course, History, RelapseKind, StopReason
from tests.support.evaluations import a_history, a_line, an_evaluation, day
from tests.support.json_schema import violations

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/reference/evaluation.schema.json").read_text())

UNKNOWN_COURSE = History(course=Course.NO_MYELOMA)


def nothing_known(**changes):
    return replace(
        an_evaluation(
            outcome=Outcome.NOT_APPLICABLE,
            reason="no-myeloma",
            history=UNKNOWN_COURSE,
            measurements=(),
            switch_class=SwitchClass(),
            current_practice=None,
            comparison=None,
            doses=(),
        ),
        **changes,
    )


def empty_members(value, at="$"):
    if value is None or value in ("", [], {}):
        return [at]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [fault for name, each in inside for fault in empty_members(each, f"{at}.{name}")]


EVERYTHING = an_evaluation(
    history=a_history(
        lines=(
            a_line(inferred=("maintenance-planned",)),
            a_line(2, transplant=None, end=None, ongoing=True, end_reason=StopReason.UNKNOWN, sources=()),
        ),
        refractory_to=("lenalidomide",),
        intolerant_to=("bortezomib",),
    ),
    measurements=(
        UsedMeasurement(analyte=Analyte.NEUROPATHY_GRADE, value=0.0, with_pain=False, on=day("2026-11")),
        UsedMeasurement(analyte=Analyte.FREE_KAPPA, value=None, low=0.0, high=0.1, unit="mg/L"),
    ),
    switch_class=SwitchClass(row="S-R2", suppressed=(RegimenReasons(regimen="Kd", because=("heart-failure-nyha-3",)),)),
    unknown=("creatinine-clearance",),
    conflicts=(Conflict(code="same-day-values", decides=False), Conflict(code="same-day-values", decides=False)),
    accounting=Accounting(unreadable=1, not_recognised=2, ignored=3),
)


@pytest.mark.parametrize("evaluation", [an_evaluation(), nothing_known(), EVERYTHING], ids=["founding", "nothing", "everything"])
def test_every_answer_keeps_the_schema_and_holds_nothing_empty(evaluation):
    extension = as_extension(evaluation)
    assert violations(extension, SCHEMA) == []
    assert empty_members(extension) == []
    assert json.loads(json.dumps(extension, allow_nan=False)) == extension


def test_the_founding_patient_reads_as_the_contract_says():
    extension = as_extension(an_evaluation())
    assert list(extension) == [
        "outcome", "reason", "asOf", "jurisdiction", "knowledge", "history", "measurements", "switchClass", "currentPractice",
    ]  # fmt: skip
    assert extension["history"] == {
        "linesOfTherapy": [
            {
                "line": 1,
                "drugs": ["bortezomib", "thalidomide", "dexamethasone"],
                "start": "2024-01-05",
                "end": "2024-05-20",
                "transplant": "2024-07-01",
                "endReason": "completed",
                "sources": ["MedicationStatement/m1", "Procedure/p1"],
            }
        ],
        "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"],
        "relapse": {
            "date": "2026-01-10",
            "kind": "clinical",
            "anchor": "transplant",
            "anchorDate": "2024-07-01",
            "months": 18,
            "early": False,
            "sources": ["Condition/c1"],
        },
    }
    assert extension["measurements"]["creatinineClearance"] == {
        "value": 71.9,
        "unit": "mL/min",
        "method": "cockcroft-gault",
        "date": "2026-11-10",
        "sources": ["Observation/o1"],
    }
    assert extension["measurements"]["neuropathyGrade"]["value"] == 0
    assert extension["switchClass"]["preferred"] == ["Rd"]
    assert extension["currentPractice"]["options"][0] == {"regimen": "DRd", "verdict": "suitable", "evidence": ["POLLUX"]}


def test_zero_months_and_not_early_are_said():
    relapse = replace(a_history().relapse, months=0, early=True)
    said = as_extension(an_evaluation(history=a_history(relapse=relapse)))["history"]["relapse"]
    assert (said["months"], said["early"]) == (0, True)


def test_an_undated_transplant_is_not_lost_and_a_running_line_has_no_end():
    said = as_extension(EVERYTHING)["history"]["linesOfTherapy"][1]
    assert said["transplantUndated"] is True
    assert "transplant" not in said
    assert "end" not in said
    assert "endReason" not in said


def test_what_is_no_number_is_absent_which_means_unknown():
    assert list(as_extension(EVERYTHING)["measurements"]) == ["neuropathyGrade"]


def test_a_conflict_is_named_once():
    assert as_extension(EVERYTHING)["conflicts"] == ["same-day-values"]


@pytest.mark.parametrize(
    ("place", "values"),
    [
        (("properties", "outcome"), Outcome),
        (("properties", "jurisdiction"), Jurisdiction),
        (("$defs", "option", "properties", "verdict"), Verdict),
        (("$defs", "lineOfTherapy", "properties", "endReason"), StopReason),
        (("$defs", "relapse", "properties", "kind"), RelapseKind),
    ],
)
def test_the_schema_lists_what_the_code_can_say(place, values):
    listed = SCHEMA
    for step in place:
        listed = listed[step]
    assert set(listed["enum"]) == {value.value for value in values}


def test_the_schema_lists_every_reason():
    assert set(SCHEMA["properties"]["reason"]["enum"]) == {course.value for course in Course} | {"all-options-removed"}


def test_the_schema_checker_sees_a_fault():
    extension = as_extension(an_evaluation())
    for spoilt in (
        extension | {"outcome": "maybe"},
        extension | {"surprise": 1},
        {name: value for name, value in extension.items() if name != "asOf"},
        extension | {"unknown": []},
        extension | {"unreadable": 0},
        extension | {"knowledge": {"version": "1", "digest": "md5:0"}},
        extension | {"currentPractice": {"situation": "C9"}},
    ):
        assert violations(spoilt, SCHEMA)


def test_an_answer_of_current_practice_without_options_is_kept():
    answer = CurrentPractice(situation="C1", title="…")
    assert as_extension(an_evaluation(current_practice=answer))["currentPractice"] == {"situation": "C1"}
