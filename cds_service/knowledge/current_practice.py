"""Current practice: the situation after the history, and a verdict with its reasons for every regimen that the situation offers.

The order of verdicts: what blocks now makes `avoid`; else a label that fails makes `off-label`, whose reasons still name what is
missing; else what is missing or correctable makes `check-first`; what is left is `suitable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import itemgetter

from cds_service.knowledge import labels
from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria import judge_all
from cds_service.knowledge.evaluation import CurrentPractice, Effect, Finding, Jurisdiction, Option, Verdict
from cds_service.knowledge.labels import LabelFit
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.regimens import Offer, Regimen
from cds_service.knowledge.rules import Policy
from cds_service.knowledge.safety import Safety, assess, unique
from fhir_mappings.facts import DrugClass
from fhir_mappings.facts.frozen import frozen


@frozen()
class _Weighed:
    """An option with all that the ranking may look at."""

    option: Option
    evidence_level: int
    tier: int
    fit: LabelFit
    switches: bool


RANKING: Mapping[str, Callable[[_Weighed], int]] = {
    "evidence": lambda weighed: weighed.evidence_level,
    "label": lambda weighed: 0 if weighed.fit.truth is Truth.MET else 1,
    "tier": lambda weighed: weighed.tier,
    "switch-class": lambda weighed: 0 if weighed.switches else 1,
}


def answer(case: Case, jurisdiction: Jurisdiction, founding: tuple[str, ...]) -> CurrentPractice | None:
    """The options of the first situation that fits, best first. `founding`: the regimens of the founding row."""
    situation = next(
        (s for s in case.knowledge.current_practice.situations if judge_all(s.when, case).truth is Truth.MET), None
    )
    if situation is None:
        return None
    offers = [(r, o) for r in case.knowledge.regimens.values() for o in r.offered_in if o.situation == situation.id]
    targets = _targets(founding, case)
    weighed = [
        _weigh(regimen, offer, case, jurisdiction, targets)
        for regimen, offer in offers
        if judge_all(offer.when, case).truth is Truth.MET
    ]
    return CurrentPractice(
        situation=situation.id,
        title=situation.title,
        options=_ranked(weighed, case.knowledge.current_practice.ranking),
        remarks=situation.remarks,
        sources=(situation.source,),
    )


def _weigh(regimen: Regimen, offer: Offer, case: Case, jurisdiction: Jurisdiction, targets: frozenset[str]) -> _Weighed:
    safety = assess(regimen, Policy.CURRENT_PRACTICE, case)
    fit = labels.fit(regimen, jurisdiction, case)
    switches = not targets.isdisjoint(regimen.drugs)
    verdict, because = _verdict(safety, fit)
    option = Option(
        regimen=regimen.id,
        verdict=verdict,
        rank=1,
        because=(*because, "changes-class-as-founding-policy") if verdict is Verdict.SUITABLE and switches else because,
        evidence=regimen.evidence,
        cautions=safety.cautions,
        outside_trials=offer.evidence_level is not None,
        findings=(*safety.findings, *_label_findings(regimen, jurisdiction, fit)),
    )
    level = offer.evidence_level or regimen.evidence_level
    return _Weighed(option=option, evidence_level=level, tier=offer.tier, fit=fit, switches=switches)


def _verdict(safety: Safety, fit: LabelFit) -> tuple[Verdict, tuple[str, ...]]:
    checks = unique([*safety.checks, *fit.unknown])
    if safety.blocks:
        return Verdict.AVOID, safety.blocks
    if fit.truth is Truth.NOT_MET:
        return Verdict.OFF_LABEL, unique([*fit.because, *checks])
    if checks or fit.unclear:
        return Verdict.CHECK_FIRST, unique([*checks, *fit.unclear])
    return Verdict.SUITABLE, ("on-label",)


def _label_findings(regimen: Regimen, jurisdiction: Jurisdiction, fit: LabelFit) -> tuple[Finding, ...]:
    label = regimen.labels.get(jurisdiction)
    if fit.truth is Truth.MET or label is None:
        return ()
    failed, missing = fit.because, fit.unknown
    return (
        Finding(
            rule=f"label-{jurisdiction}",
            effect=Effect.LABEL,
            truth=Truth.MET if failed else Truth.UNKNOWN,
            because=(*failed, *fit.unclear, "label-undecided")[0],
            unknown=missing,
            mark=label.mark,
            citation=label.source,
        ),
    )


def _targets(founding: tuple[str, ...], case: Case) -> frozenset[str]:
    """The drugs that the founding row changes to."""
    return frozenset(
        drug
        for name in founding
        for drug in case.knowledge.regimens[name].drugs
        if case.knowledge.drug_class(drug) is not DrugClass.CORTICOSTEROID
    )


def _ranked(weighed: list[_Weighed], ranking: tuple[str, ...]) -> tuple[Option, ...]:
    """Verdict first, then the rules of the data. Equal options share a rank and stand by name, whatever its case."""
    verdicts = list(Verdict)

    def key(one: _Weighed) -> tuple[int, ...]:
        return (verdicts.index(one.option.verdict), *(RANKING[name](one) for name in ranking))

    keyed = sorted([(key(one), one.option) for one in weighed], key=itemgetter(0))
    options: list[Option] = []
    for place, (standing, option) in enumerate(keyed, start=1):
        tied = place > 1 and standing == keyed[place - 2][0]
        options.append(replace(option, rank=options[-1].rank if tied else place))
    return tuple(options)
