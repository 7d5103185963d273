"""What may be said of doses and supportive care for the regimens that stand.

A dose comes only from a verified row that fits the patient; else local protocol decides, and the reason is given.
"""

from __future__ import annotations

from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria import judge_all
from cds_service.knowledge.evaluation import Dose, SupportiveCheck
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.regimens import Component, Regimen
from cds_service.knowledge.rules import DoseRule

LOCAL_PROTOCOL = "dose-not-verified"


def doses(regimens: tuple[str, ...], case: Case, *, held: tuple[str, ...] = ()) -> tuple[Dose, ...]:
    """One entry per drug of every regimen, in the order of the regimen's file. `held`: why none is printed here at all."""
    return tuple(
        _dose(case.knowledge.regimens[name], component, case, held)
        for name in regimens
        for component in case.knowledge.regimens[name].components
    )


def _dose(regimen: Regimen, component: Component, case: Case, held_for_all: tuple[str, ...]) -> Dose:
    if not component.verified:
        return Dose(regimen=regimen.id, drug=component.drug, because=(LOCAL_PROTOCOL,))
    changes: list[DoseRule] = []
    held: list[str] = list(held_for_all)
    for rule in case.knowledge.dose_rules:
        if rule.drug not in ("", component.drug):
            continue
        judgement = judge_all(rule.when, case, regimen)
        if judgement.truth is Truth.MET and rule.schedule is not None:
            changes.append(rule)
        elif judgement.truth is Truth.MET:
            held.append(rule.because)
        elif judgement.truth is Truth.UNKNOWN and rule.hold_if_unknown:
            held.extend(judgement.unknown)
    if held:
        return Dose(regimen=regimen.id, drug=component.drug, because=tuple(dict.fromkeys(held)))
    if changes:
        first = changes[0]
        return Dose(
            regimen=regimen.id, drug=component.drug, text=first.schedule, because=(first.because,), sources=(first.source,)
        )
    return Dose(regimen=regimen.id, drug=component.drug, text=component.schedule, sources=(component.source,))


def supportive_checks(regimens: tuple[str, ...], case: Case) -> tuple[SupportiveCheck, ...]:
    """The checks that concern at least one of the regimens and whose conditions are not ruled out."""
    checks = []
    for check, holders in case.knowledge.supportive_for:
        concerned = tuple(name for name in regimens if name in holders)
        if concerned and judge_all(check.when, case).truth is not Truth.NOT_MET:
            checks.append(
                SupportiveCheck(
                    code=check.code, text=check.text, regimens=concerned, mark=check.mark, sources=(check.source,)
                )
            )
    return tuple(checks)
