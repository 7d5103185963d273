"""Every answer to every sample and small chart keeps the rules of cards and the schema, and leaves no code without words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cds_service.phrases import table
from tests.corpus.cases.every import EVERY_CASE
from tests.support.card_rules import faults
from tests.support.json_schema import violations
from tests.support.sample import Sample
from tests.support.samples import AS_OF, SAMPLES
from tests.support.service import EVALUATION, Json, answer

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/evaluation.schema.json").read_text(encoding="utf-8"))


def answer_to(case: tuple[Json, str]) -> tuple[Json, str]:
    request, jurisdiction = case
    return answer(request, AS_OF, jurisdiction), request["context"]["patientId"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_answer_to_a_sample_keeps_the_rules(sample: Sample) -> None:
    said, patient_id = answer_to((sample.request(), sample.jurisdiction))
    assert faults(said, patient_id=patient_id) == []
    assert violations(said["extension"][EVALUATION], SCHEMA) == []


def test_the_answer_to_every_small_chart_keeps_the_rules_and_every_code_has_words() -> None:
    broken, wordless = {}, set()
    for subject, case in EVERY_CASE:
        said, patient_id = answer_to((case.request, case.jurisdiction))
        evaluation = said["extension"][EVALUATION]
        if found := faults(said, patient_id=patient_id) + violations(evaluation, SCHEMA):
            broken[f"{subject}: {case.says}"] = found
        lines = evaluation.get("history", {}).get("linesOfTherapy", [])
        wordless |= {code for line in lines for code in line.get("inferred", []) if code not in table("inferred")}
        wordless |= {
            code
            for code in evaluation.get("conflicts", [])
            if code not in table("conflict") and not code.endswith("-results-disagree")
        }
    assert broken == {}
    assert wordless == set()
