"""The knowledge as FHIR R4 resources for other systems: a Library for the whole, a PlanDefinition per policy and an
ActivityDefinition per drug of every regimen. Everything is in status `draft`; no dose beyond the verified schedules."""

from __future__ import annotations

from typing import Any

from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.page import say
from cds_service.knowledge.policies import Review
from cds_service.knowledge.regimens import Component, Regimen
from fhir_mappings.resources import ATC, RXNORM, check

Resource = dict[str, Any]
CANONICAL = "urn:myeloma-cds"


def export(knowledge: Knowledge) -> list[Resource]:
    """Every resource, each read by the R4 model. Raises InvalidResourceError if one were refused."""
    resources = [_library(knowledge), _founding_plan(knowledge), _practice_plan(knowledge)]
    for regimen in knowledge.regimens.values():
        resources.append(_regimen_plan(regimen, knowledge))
        resources += [_activity(regimen, component, knowledge) for component in regimen.components]
    for resource in resources:
        check(resource)
    return resources


def bundle(knowledge: Knowledge) -> Resource:
    """The resources as one collection Bundle."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in export(knowledge)]}


def _artifact(resource_type: str, name: str, title: str, knowledge: Knowledge, **more: object) -> Resource:
    identifier = name.lower().replace("/", "-")
    return {
        "resourceType": resource_type,
        "id": identifier,
        "url": f"{CANONICAL}:{resource_type}:{identifier}",
        "version": knowledge.version,
        "title": title,
        "status": "draft",
        "experimental": True,
        "date": knowledge.released,
        **more,
    }


def _library(knowledge: Knowledge) -> Resource:
    cited = [
        {"type": "citation", "label": r.id, "citation": r.text, **({"url": r.url} if r.url else {})}
        for r in knowledge.references.values()
    ]
    system = "http://terminology.hl7.org/CodeSystem/library-type"
    kind = {"coding": [{"system": system, "code": "asset-collection"}]}
    described = f"The knowledge of the service, digest {knowledge.digest}."
    title = "Knowledge on relapsed myeloma"
    return _artifact("Library", "knowledge", title, knowledge, type=kind, description=described, relatedArtifact=cited)


def _founding_plan(knowledge: Knowledge) -> Resource:
    policy = knowledge.switch_class
    actions = [
        {
            "title": f"{row.id}: {row.title}",
            "description": row.rationale,
            "condition": [_condition(say(row.when))],
            "selectionBehavior": "at-most-one",
            "action": [{"title": name, "definitionCanonical": _plan_url(name)} for name in row.regimens],
        }
        for row in policy.rows
    ]
    return _policy("switch-class", policy.review, actions, knowledge)


def _practice_plan(knowledge: Knowledge) -> Resource:
    policy = knowledge.current_practice
    actions = []
    for situation in policy.situations:
        offers = [r.id for r in knowledge.regimens.values() if any(o.situation == situation.id for o in r.offered_in)]
        actions.append(
            {
                "title": f"{situation.id}: {situation.title}",
                "condition": [_condition(say(situation.when))],
                "selectionBehavior": "at-most-one",
                "action": [{"title": name, "definitionCanonical": _plan_url(name)} for name in offers],
            }
        )
    return _policy("current-practice", policy.review, actions, knowledge)


def _policy(name: str, review: Review, actions: list[Resource], knowledge: Knowledge) -> Resource:
    described = "\n".join(f"{attribute}: {text}" for attribute, text in review.attributes.items())
    system = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
    kind = {"coding": [{"system": system, "code": "eca-rule"}]}
    return _artifact("PlanDefinition", name, review.title, knowledge, type=kind, description=described, action=actions)


def _regimen_plan(regimen: Regimen, knowledge: Knowledge) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
    kind = {"coding": [{"system": system, "code": "order-set"}]}
    actions = [
        {"title": component.drug, "definitionCanonical": f"{CANONICAL}:ActivityDefinition:{_activity_id(regimen, component)}"}
        for component in regimen.components
    ]
    title = f"{regimen.id}: {regimen.title}"
    return _artifact("PlanDefinition", regimen.id, title, knowledge, type=kind, action=actions)


def _plan_url(regimen: str) -> str:
    return f"{CANONICAL}:PlanDefinition:{regimen.lower()}"


def _activity_id(regimen: Regimen, component: Component) -> str:
    return f"{regimen.id}-{component.drug}".lower()


def _activity(regimen: Regimen, component: Component, knowledge: Knowledge) -> Resource:
    drug = knowledge.drugs[component.drug]
    coding = [{"system": s, "code": code, "display": drug.name} for s, code in ((RXNORM, drug.rxnorm), (ATC, drug.atc)) if code]
    product: Resource = {"text": drug.name}
    if coding:
        product["coding"] = coding
    text = component.schedule if component.verified else "By local protocol: not verified in this knowledge base."
    return _artifact(
        "ActivityDefinition",
        _activity_id(regimen, component),
        f"{component.drug} in {regimen.id}",
        knowledge,
        kind="MedicationRequest",
        intent="proposal",
        productCodeableConcept=product,
        dosage=[{"text": text}],
    )


def _condition(text: str) -> Resource:
    """Our criteria are a closed vocabulary of their own; they travel as plain text, not as an executable expression."""
    return {"kind": "applicability", "expression": {"language": "text/plain", "expression": text}}
