"""Suggestions of a card: one per regimen that still stands, each a set of draft MedicationRequests to keep or to discard.

A dose is printed only where the evaluation gives one (verified, and right for this patient); else the text says that local
protocol decides. Nothing is marked as recommended: the order is the founding answer, then current practice by rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from cds_service.knowledge.evaluation import Dose, Evaluation, Verdict
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.regimens import Component, Regimen
from cds_service.phrases import table
from fhir_mappings.resources import medication_proposal

MOST = 4
NOT_VERIFIED = "dose-not-verified"
REDUCED = frozenset(
    {
        "lenalidomide-dose-by-renal-function",
        "pomalidomide-dose-on-dialysis",
        "ixazomib-dose-by-renal-function",
        "dose-by-hepatic-function",
    }
)  # why a dose is withheld that the button itself must say
LOCAL_PROTOCOL = "Dose and schedule by label and local protocol"


def suggestions_for(evaluation: Evaluation, knowledge: Knowledge, *, patient_id: str) -> list[dict[str, Any]]:
    """At most four CDS Hooks suggestions, each with a fresh uuid; empty when no regimen stands."""
    return [
        {
            "label": _label(knowledge.regimens[regimen], evaluation, knowledge),
            "uuid": str(uuid4()),
            "actions": [
                _action(knowledge, regimen, component, evaluation, patient_id=patient_id)
                for component in knowledge.regimens[regimen].components
            ],
        }
        for regimen in offered(evaluation, knowledge)
    ]


def offered(evaluation: Evaluation, knowledge: Knowledge) -> list[str]:
    """The regimens that get a suggestion, in the order of the suggestions."""
    return [regimen for regimen in standing(evaluation)[:MOST] if regimen in knowledge.regimens]


def standing(evaluation: Evaluation) -> list[str]:
    """Regimens still standing, strongest first: the founding answer, then suitable options, then those to check first.

    At a later relapse the founding answer is shown for teaching only and is no suggestion of its own. One outside its label
    stands after the strongest options, which are within theirs.
    """
    options = evaluation.current_practice.options if evaluation.current_practice else ()
    founding = () if teaching_only(evaluation) else evaluation.switch_class.preferred
    before = strongest(evaluation) if "off-label" in evaluation.switch_class.notes else []
    ranked = [
        option.regimen
        for verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST)
        for option in sorted(options, key=lambda each: each.rank)
        if option.verdict is verdict
    ]
    return list(dict.fromkeys([*before, *founding, *ranked]))


def strongest(evaluation: Evaluation) -> list[str]:
    """The options of current practice that share the first rank of the best verdict: suitable, else check-first."""
    options = evaluation.current_practice.options if evaluation.current_practice else ()
    for verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST):
        of_verdict = [option for option in options if option.verdict is verdict]
        if of_verdict:
            best = min(option.rank for option in of_verdict)
            return [option.regimen for option in of_verdict if option.rank == best]
    return []


def teaching_only(evaluation: Evaluation) -> bool:
    """Whether the founding answer is shown for what it teaches, not as an answer for this patient."""
    return "later-relapse-teaching-answer" in evaluation.switch_class.notes


def to_check(evaluation: Evaluation, regimen: str) -> list[str]:
    """Codes of what must be settled before this regimen: facts that are not known, or a state that can be corrected."""
    codes = [code for each in evaluation.switch_class.check_first if each.regimen == regimen for code in each.because]
    for option in evaluation.current_practice.options if evaluation.current_practice else ():
        if option.regimen == regimen and option.verdict is Verdict.CHECK_FIRST:
            codes += option.because
    return list(dict.fromkeys(codes))


def dosage_text(dose: Dose | None, knowledge: Knowledge) -> str:
    """What the draft says of the dose: the verified text, or why there is none and who decides."""
    why = "; ".join(reason(code, knowledge) for code in dose.because if code != NOT_VERIFIED) if dose else ""
    if dose is None or dose.text is None:
        return f"{why[:1].upper()}{why[1:]}. {LOCAL_PROTOCOL}." if why else f"{LOCAL_PROTOCOL}."
    return f"{dose.text}{f' ({why})' if why else ''}. Check against label and local protocol."


def reason(code: str, knowledge: Knowledge) -> str:
    """The words for a reason code; the name of a missing fact is a reason too."""
    missing = table("missing").get(code)
    return f"not known: {missing}" if missing else knowledge.explain(code).rstrip(".")


def named(codes: Iterable[str], knowledge: Knowledge) -> str:
    """What must be settled first, in words; empty for no codes."""
    names = {**table("check"), **table("missing")}
    return ", ".join(names.get(code) or knowledge.explain(code).rstrip(".") for code in codes)


def drug_name(drug: str) -> str:
    """An INN as people write it: `ciltacabtagene autoleucel`."""
    return drug.replace("-", " ")


def _label(regimen: Regimen, evaluation: Evaluation, knowledge: Knowledge) -> str:
    label = f"Draft {regimen.id}: {' + '.join(drug_name(drug) for drug in regimen.drugs)}"
    if regimen.id in evaluation.switch_class.preferred and "off-label" in evaluation.switch_class.notes:
        label += f" (off label, {evaluation.jurisdiction.value})"
    checks = to_check(evaluation, regimen.id)
    reduced = [dose.drug for dose in evaluation.doses if dose.regimen == regimen.id and REDUCED & {*dose.because} - {*checks}]
    if reduced:
        label += f" – reduced dose of {', '.join(drug_name(drug) for drug in reduced)}"
    missing = named(checks, knowledge)
    return f"{label} – check first: {missing}" if missing else label


def component_name(component: Component) -> str:
    """The drug, in the form that the label is about where it is about one."""
    return component.form or drug_name(component.drug)


def _action(
    knowledge: Knowledge, regimen: str, component: Component, evaluation: Evaluation, *, patient_id: str
) -> dict[str, Any]:
    drug = component.drug
    dose = next((each for each in evaluation.doses if (each.regimen, each.drug) == (regimen, drug)), None)
    known = knowledge.drugs.get(drug)
    return {
        "type": "create",
        "description": f"Draft order for {drug_name(drug)}, to be completed or discarded by the prescriber",
        "resource": medication_proposal(
            patient_id=patient_id,
            drug=component_name(component),
            rxnorm=component.form_rxnorm or (known.rxnorm if known else None),
            atc=known.atc if known and component.form is None else None,  # ATC does not tell forms apart
            dosage_text=dosage_text(dose, knowledge),
        ),
    }
