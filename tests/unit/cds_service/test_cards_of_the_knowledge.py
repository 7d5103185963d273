"""Cards and proposals with the real knowledge base: everything it can say has words and is accepted by R4."""

import re

import pytest

from cds_service.cards import cards_for
from cds_service.evaluation_json import as_extension
from cds_service.knowledge.evaluation import Dose, Jurisdiction, SwitchClass
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.loader import load_knowledge
from cds_service.phrases import table
from cds_service.suggestions import dosage_text, suggestions_for
from fhir_mappings.facts import (
    Accounting,
    Analyte,
    Comorbidity,
    ComorbidityKind,
    Course,
    Measurement,
    Patient,
    PatientFacts,
    Sex,
)
from fhir_mappings.resources import check
from fhir_mappings.terminology import drug_table
from tests.support.card_rules import faults
from tests.support.evaluations import AS_OF, a_history, a_line, an_evaluation, day

KNOWLEDGE = load_knowledge(drug_table())


def measured(analyte, value, **more):
    return Measurement(analyte=analyte, value=value, on=day("2026-11-10"), source=f"Observation/{analyte}", **more)


WELL = (
    measured(Analyte.CREATININE, 1.0),
    measured(Analyte.WEIGHT, 75.0),
    measured(Analyte.NEUROPATHY_GRADE, 0.0),
    measured(Analyte.LVEF, 60.0),
    measured(Analyte.NEUTROPHILS, 3.0),
    measured(Analyte.PLATELETS, 180.0),
    measured(Analyte.SYSTOLIC_PRESSURE, 130.0),
    measured(Analyte.DIASTOLIC_PRESSURE, 80.0),
)
ILL = (
    measured(Analyte.CREATININE, 4.0),
    measured(Analyte.WEIGHT, 60.0),
    measured(Analyte.NEUROPATHY_GRADE, 3.0),
    measured(Analyte.LVEF, 30.0),
)
HISTORIES = {
    "proteasome inhibitor only": a_history(),
    "IMiD only": a_history(
        lines=(a_line(drugs=("lenalidomide", "dexamethasone")),), exposed_to=("lenalidomide", "dexamethasone")
    ),
    "both, refractory": a_history(
        lines=(a_line(drugs=("bortezomib", "lenalidomide", "dexamethasone")),),
        exposed_to=("bortezomib", "lenalidomide", "dexamethasone"),
        refractory_to=("lenalidomide",),
    ),
    "later, triple class": a_history(
        course=Course.LATER_RELAPSE,
        lines=(
            a_line(drugs=("bortezomib", "lenalidomide", "dexamethasone")),
            a_line(2, drugs=("daratumumab", "carfilzomib", "dexamethasone"), transplant=None, had_transplant=False),
            a_line(3, drugs=("pomalidomide", "dexamethasone"), transplant=None, had_transplant=False),
        ),
        exposed_to=("bortezomib", "carfilzomib", "lenalidomide", "pomalidomide", "daratumumab", "dexamethasone"),
        refractory_to=("lenalidomide", "daratumumab", "pomalidomide"),
    ),
}
STATES = {"well": WELL, "ill": ILL, "nothing known": ()}


def evaluated(history, state, jurisdiction):
    facts = PatientFacts(
        patient=Patient(id="p1", birth_date=day("1960-05-01"), sex=Sex.MALE),
        measurements=STATES[state],
        comorbidities=(Comorbidity(kind=ComorbidityKind.INFECTION, active=True, source="Condition/i1"),)
        if state == "ill"
        else (),
        accounting=Accounting(not_recognised=1),
    )
    return evaluate(facts, HISTORIES[history], KNOWLEDGE, as_of=AS_OF, jurisdiction=jurisdiction)


@pytest.mark.parametrize("jurisdiction", Jurisdiction)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("history", HISTORIES)
def test_every_card_keeps_every_rule(history, state, jurisdiction):
    evaluation = evaluated(history, state, jurisdiction)
    cards = cards_for(evaluation, KNOWLEDGE, patient_id="p1", base_url="https://cds.example")
    assert faults({"cards": cards, "extension": {"e": as_extension(evaluation)}}, patient_id="p1") == []


@pytest.mark.parametrize("regimen", sorted(KNOWLEDGE.regimens))
def test_r4_accepts_the_proposal_of_every_regimen_with_and_without_a_dose(regimen):
    drugs = KNOWLEDGE.regimens[regimen].components
    printed = tuple(Dose(regimen=regimen, drug=each.drug, text=each.schedule) for each in drugs)
    for doses in ((), printed):
        evaluation = an_evaluation(switch_class=SwitchClass(preferred=(regimen,)), current_practice=None, doses=doses)
        (suggestion,) = suggestions_for(evaluation, KNOWLEDGE, patient_id="p1")
        assert len(suggestion["actions"]) == len(drugs)
        for action in suggestion["actions"]:
            check(action["resource"])


@pytest.mark.parametrize("regimen", sorted(KNOWLEDGE.regimens))
def test_a_number_in_a_proposal_comes_from_a_verified_row(regimen):
    for component in KNOWLEDGE.regimens[regimen].components:
        held = Dose(regimen=regimen, drug=component.drug, because=("dose-not-verified",))
        assert not re.search(r"\d", dosage_text(held, KNOWLEDGE))


def test_every_reason_of_the_knowledge_has_a_sentence():
    rules = [rule.because for rule in (*KNOWLEDGE.rules, *KNOWLEDGE.dose_rules)]
    remarks = [remark.because for remark in (*KNOWLEDGE.switch_class.why_not, *KNOWLEDGE.switch_class.notes)]
    codes = {*rules, *remarks, "later-relapse-teaching-answer", "off-label", "history-incomplete"}
    assert (
        sorted(code for code in codes if KNOWLEDGE.explain(code) == code.replace("-", " ") and code not in KNOWLEDGE.texts) == []
    )


def test_what_a_card_names_as_missing_is_named_the_same_way_everywhere():
    """The short names of the card stand beside the knowledge's longer ones, never for a code that the knowledge does not have."""
    unheard = {"cytogenetics"}
    assert sorted(set(table("missing")) - set(KNOWLEDGE.texts) - unheard) == []
