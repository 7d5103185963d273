"""What reviewers and maintainers get: lint, the page, the difference between two versions, the FHIR export."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cds_service.knowledge.page import page
from cds_service.knowledge_cli import Chart, diff, export, knowledge_at, lint, show
from fhir_mappings.resources import check
from tests.support.knowledge_copies import PACKAGED, KnowledgeCopy
from tests.support.samples import SAMPLES

AS_OF = date(2026, 11, 22)


@pytest.fixture
def copy(tmp_path: Path) -> KnowledgeCopy:
    return KnowledgeCopy.at(tmp_path / "data")


@pytest.fixture(scope="module")
def exported() -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(export(None))["entry"]]


def charts() -> list[Chart]:
    return [Chart(name=s.name, request=s.request(), as_of=AS_OF) for s in SAMPLES if s.name in ("founding-patient", "mgus")]


def test_lint_names_the_fault(copy: KnowledgeCopy) -> None:
    assert lint(copy.root, as_of=AS_OF) == ()
    copy.replace("regimens/Rd.toml", 'drug = "lenalidomide"', 'drug = "lenalidomid"')
    assert lint(copy.root, as_of=AS_OF) == ("regimens/Rd: drug 'lenalidomid' is not in the drug table",)


def test_the_page_shows_everything_a_reviewer_must_see() -> None:
    text, knowledge = show(None), knowledge_at(None)
    for name in (*knowledge.regimens, *knowledge.trials, *knowledge.references):
        assert name in text
    for rule in knowledge.rules:
        assert rule.sentence in text
    assert "**not clinically reviewed**" in text
    assert "`B:" in text


def test_a_review_is_shown_once_it_is_recorded(copy: KnowledgeCopy) -> None:
    copy.replace("policies/switch-class.toml", 'reviewed_by = ""', 'reviewed_by = "A. Haematologist, 2026-12-01"')
    assert "Reviewed by: A. Haematologist, 2026-12-01. Next review" in page(copy.load())


def test_diff_is_silent_where_no_card_changes(copy: KnowledgeCopy) -> None:
    copy.replace("release.toml", 'version = "2026.11.1"', 'version = "2026.12.1"')
    assert list(diff(PACKAGED, copy.root, charts())) == []


def test_diff_names_the_sample_and_the_lines(copy: KnowledgeCopy) -> None:
    copy.replace("regimens/DRd.toml", 'status = "approved"', 'status = "withdrawn"')
    said = list(diff(PACKAGED, copy.root, charts()))
    assert said[0] == "founding-patient"
    assert any(line.startswith("  -") and "DRd" in line for line in said)
    assert "mgus" not in said


def test_every_exported_resource_is_r4_and_refers_to_one_that_is_there(exported: list[dict[str, Any]]) -> None:
    urls = {resource["url"] for resource in exported}
    assert len(urls) == len(exported)
    assert {resource["resourceType"] for resource in exported} == {"Library", "PlanDefinition", "ActivityDefinition"}
    for resource in exported:
        check(resource)
    for plan in exported:
        for action in plan.get("action", []):
            for step in action.get("action", [action]):
                assert step.get("definitionCanonical", plan["url"]) in urls


def test_an_unverified_dose_is_not_exported(exported: list[dict[str, Any]]) -> None:
    said = {r["id"]: r["dosage"][0]["text"] for r in exported if r["resourceType"] == "ActivityDefinition"}
    assert said["rd-lenalidomide"] == "25 mg by mouth once daily on days 1–21 of 28"
    assert said["vd-bortezomib"].startswith("By local protocol")
