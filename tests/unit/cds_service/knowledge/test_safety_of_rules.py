"""What a safety rule finds is found once per chart, and never taken for what another rule finds."""

from __future__ import annotations

from dataclasses import replace

from cds_service.knowledge.case import open_case
from cds_service.knowledge.evaluation import Effect
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.rules import Condition, Policy
from cds_service.knowledge.safety import assess
from fhir_mappings.terminology import drug_table
from tests.spec.language import AS_OF, read_chart


def test_two_rules_of_one_id_are_two_rules():
    """The lint refuses it; a service that was started all the same must not lose the second."""
    known = load_knowledge(drug_table())
    first = next(rule for rule in known.rules if Policy.SWITCH_CLASS in rule.policies and not rule.drugs and not rule.classes)
    never = replace(first, when=(Condition(criterion="age-at-least", params={"years": 150}),))
    born = (Condition(criterion="age-at-least", params={"years": 1}),)
    always = replace(first, when=born, effect=Effect.BLOCK, because="always")
    knowledge = replace(known, rules=(never, always))
    chart = read_chart("", "age 68")
    case = open_case(chart.facts(), chart.history(), knowledge, as_of=AS_OF)
    for _ in range(2):
        assert assess(knowledge.regimens["Rd"], Policy.SWITCH_CLASS, case).blocks == ("always",)
