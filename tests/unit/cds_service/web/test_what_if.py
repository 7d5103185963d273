"""What would change if something unknown were known: judged again, on both sides of every limit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from cds_service.knowledge.evaluation import Evaluation, Jurisdiction
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.model import Knowledge
from cds_service.phrases import table
from cds_service.web.suppositions import SUPPOSITIONS, Asked
from cds_service.web.what_if import PARTS_OF_CLEARANCE, OpenQuestion, name_of, open_questions
from fhir_mappings.chart import read_chart
from fhir_mappings.facts import PatientFacts
from fhir_mappings.terminology import drug_table
from fhir_mappings.therapy_history import reconstruct

SAMPLES = Path(__file__).parents[4] / "samples"
AS_OF = date(2026, 11, 22)


@cache
def knowledge() -> Knowledge:
    return load_knowledge(drug_table())


def facts_of(sample: str) -> PatientFacts:
    request = json.loads((SAMPLES / sample / "request.json").read_text())
    return read_chart(request["prefetch"], patient_id=request["context"]["patientId"], as_of=AS_OF)


def evaluated(facts: PatientFacts) -> Evaluation:
    return evaluate(facts, reconstruct(facts, as_of=AS_OF), knowledge(), as_of=AS_OF, jurisdiction=Jurisdiction.US)


def questions(facts: PatientFacts) -> dict[str, OpenQuestion]:
    return {each.name: each for each in open_questions(facts, evaluated(facts), knowledge())}


def changes(question: OpenQuestion, says: str) -> tuple[str, ...]:
    return next(each.changes for each in question.consequences if says in each.says)


def test_kidneys_decide_the_founding_answer_on_either_side_of_30():
    kidneys = questions(facts_of("kidneys-unknown"))["creatinine-clearance"]
    assert changes(kidneys, "creatinine clearance 29 mL/min") == (
        "founding policy: Rd: preferred, check first → removed for safety",
    )
    (highest,) = [says for each in kidneys.consequences for says in each.says if says.endswith("or more")]
    assert "founding policy: Rd: preferred, check first → preferred" in changes(kidneys, highest)


def test_the_parts_of_the_clearance_are_no_questions_of_their_own():
    facts = facts_of("kidneys-unknown")
    assert "weight" in evaluated(facts).unknown
    assert not PARTS_OF_CLEARANCE & questions(facts).keys()


def test_vague_dates_lead_to_different_answers():
    relapse = questions(facts_of("dates-undecidable"))["relapse-date"]
    first, last = (changes(relapse, f"every vague date meant its {day} day") for day in ("first", "last"))
    assert "founding policy: row S-R1 instead of none" in first
    assert "founding policy: row S-R4 instead of none" in last


def test_what_no_single_value_settles_says_so():
    assert questions(facts_of("therapy-history-missing"))["therapy-history"].consequences == ()


def test_a_chart_without_unknowns_has_no_questions():
    assert questions(facts_of("second-relapse")) == {}


@pytest.mark.parametrize("name", SUPPOSITIONS)
def test_every_supposition_settles_what_it_supposes(name: str):
    """On a chart stripped of all results, supposing a fact takes its name off the list of unknowns."""
    facts = facts_of("founding-patient")
    bare = replace(facts, measurements=(), comorbidities=(), cytogenetics=())
    supposed = list(SUPPOSITIONS[name](Asked(facts=bare, knowledge=knowledge(), as_of=AS_OF)))
    assert len(supposed) > 1
    assert len({each.says for each in supposed}) == len(supposed)
    for each in supposed:
        assert name not in evaluated(each.facts).unknown, each.says


def test_every_supposition_has_a_name_in_words():
    worded = table("missing").keys() | table("analyte").keys() | knowledge().texts.keys()
    assert [name for name in SUPPOSITIONS if "-" in name and name_of(name, knowledge()) == name] == []
    assert [name for name in SUPPOSITIONS if name not in worded and "-" not in name] == []
