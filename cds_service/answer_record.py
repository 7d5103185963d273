"""What is remembered of an answer: which rules of which knowledge spoke, and which cards went out. Nothing of the chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cds_service.digests import digest_of_answer, digest_of_facts
from cds_service.evaluation_json import EXTENSION_NAME
from cds_service.knowledge.evaluation import Effect, Evaluation
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.model import Knowledge
from cds_service.store.records import Answered, IssuedCard
from cds_service.suggestions import offered
from fhir_mappings.facts import PatientFacts


def record_of(
    evaluation: Evaluation, facts: PatientFacts, body: Mapping[str, Any], knowledge: Knowledge, *, service: str, tenant: str
) -> Answered:
    """The record of a response body that was made from the evaluation."""
    regimens = offered(evaluation, knowledge)
    return Answered(
        service=service,
        tenant=tenant,
        as_of=evaluation.as_of,
        jurisdiction=evaluation.jurisdiction.value,
        knowledge_version=evaluation.knowledge_version,
        knowledge_digest=evaluation.knowledge_digest,
        fact_digest=digest_of_facts(facts),
        answer_digest=digest_of_answer(body["extension"][EXTENSION_NAME]),
        outcome=evaluation.outcome.value,
        reason=evaluation.reason,
        rules=rules_of(evaluation),
        cards=tuple(
            IssuedCard(
                uuid=card["uuid"],
                suggestions=tuple(
                    (suggestion["uuid"], regimen)
                    for suggestion, regimen in zip(card.get("suggestions", ()), regimens, strict=False)
                ),
            )
            for card in body["cards"]
        ),
    )


def rules_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Ids of the knowledge that decided: the row, the situation, and the rules that took a regimen away."""
    practice = evaluation.current_practice
    findings = [finding for _, found in evaluation.switch_class.findings for finding in found]
    findings += [finding for option in practice.options for finding in option.findings] if practice else []
    blocking = {each.rule for each in findings if each.effect is Effect.BLOCK and each.truth is Truth.MET}
    leading = (evaluation.switch_class.row, practice.situation if practice else None)
    return (*(rule for rule in leading if rule), *sorted(blocking))
