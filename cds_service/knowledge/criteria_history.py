"""Criteria on the therapy history: exposure, refractoriness, intolerance, relapse and lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cds_service.knowledge.case import Case
from cds_service.knowledge.evaluation import Grounds
from cds_service.knowledge.judgement import Judgement, decided, met, not_met, together, unknown
from cds_service.knowledge.questions import Criterion, Question
from fhir_mappings.facts import Course


def component_refractory(case: Case, question: Question) -> Judgement:
    """A drug of the regimen is refractory; for the classes in `class_wide` a refractory drug stands for its whole class. Drugs of
    the classes in `exempt` never are."""
    return _component(case, question, case.history.refractory_to, case.history.refractory_undecided, "refractory")


def component_intolerant(case: Case, question: Question) -> Judgement:
    """A drug of the regimen was not tolerated; for `class_wide`, or when the toxicity is one of `class_toxicities`, its class.
    Such a toxicity counts for the class also when the myeloma turned out to be refractory to the drug."""
    severe = set(question.names("class_toxicities"))
    wide = tuple(drug for drug, toxicity in case.history.toxicities if toxicity in severe)
    return _component(case, question, case.history.intolerant_to, (), "intolerant", wide=wide)


def _component(
    case: Case, question: Question, bad: tuple[str, ...], open_drugs: tuple[str, ...], word: str, wide: tuple[str, ...] = ()
) -> Judgement:
    if not bad and not open_drugs and not wide:
        return not_met()
    exempt, class_wide = question.names("exempt"), question.names("class_wide")
    missing: list[str] = []
    for drug in question.components:
        own = case.knowledge.drug_class(drug)
        if own is None or own in exempt:
            continue
        if drug in bad:
            return met(f"{drug}-{word}", case.drug_grounds((drug,)))
        harmful = (*wide, *(bad if own in class_wide else ()))
        related = tuple(d for d in dict.fromkeys(harmful) if case.knowledge.drug_class(d) is own)
        if related:
            return met(f"{own}-{word}", case.drug_grounds(related))
        if any(d == drug or (own in class_wide and case.knowledge.drug_class(d) is own) for d in open_drugs):
            missing.append(f"{drug}-refractoriness")
    return unknown(*missing) if missing else not_met()


def steroid_intolerant(case: Case, question: Question) -> Judgement:
    """A drug of the regimen that is of one of `classes` was not tolerated."""
    if not case.history.intolerant_to:
        return not_met()
    classes = question.names("classes")
    found = tuple(d for d in question.components if d in case.history.intolerant_to and case.knowledge.drug_class(d) in classes)
    return met(f"{found[0]}-intolerant", case.drug_grounds(found)) if found else not_met()


def exposed_to_drug(case: Case, question: Question) -> Judgement:
    """Any of `drugs` was ever given."""
    found = tuple(d for d in case.history.exposed_to if d in question.names("drugs"))
    return met(None, case.drug_grounds(found)) if found else not_met()


def exposed_to_class(case: Case, question: Question) -> Judgement:
    """A drug of any of `classes` was ever given."""
    found = case.exposed(question.names("classes"))
    return met(None, case.drug_grounds(found)) if found else not_met()


def exposed_to_every_class(case: Case, question: Question) -> Judgement:
    """A drug of each of `classes` was given at some time."""
    found = [case.exposed((one,)) for one in question.names("classes")]
    return met(None, case.drug_grounds(tuple(d for drugs in found for d in drugs))) if all(found) else not_met()


def lenalidomide_like_exposed(case: Case, _question: Question) -> Judgement:
    """A drug that the founding policy counts as a prior IMiD was given (thalidomide is not one)."""
    found = tuple(d for d in case.history.exposed_to if d in case.knowledge.drugs and case.knowledge.drugs[d].lenalidomide_like)
    return met(None, case.drug_grounds(found)) if found else not_met()


def refractory_to_drug(case: Case, question: Question) -> Judgement:
    """Refractory to any of `drugs`."""
    drugs = question.names("drugs")
    return _refractory(
        case,
        drugs,
        tuple(d for d in case.history.refractory_to if d in drugs),
        tuple(d for d in case.history.refractory_undecided if d in drugs),
    )


def intolerant_of_drug(case: Case, question: Question) -> Judgement:
    """Any of `drugs` was stopped for toxicity, also when the myeloma turned out to be refractory to it."""
    harmful = {*case.history.intolerant_to, *(drug for drug, _ in case.history.toxicities)}
    found = tuple(drug for drug in question.names("drugs") if drug in harmful)
    return met(None, case.drug_grounds(found)) if found else not_met()


def refractory_to_class(case: Case, question: Question) -> Judgement:
    """Refractory to a drug of any of `classes`."""
    classes = question.names("classes")
    return _refractory(case, classes, case.refractory(classes), case.undecided(classes))


def refractory_to_every_class(case: Case, question: Question) -> Judgement:
    """Refractory to a drug of each of `classes`."""
    answers = [_refractory(case, (c,), case.refractory((c,)), case.undecided((c,))) for c in question.names("classes")]
    return together(answers)


def _refractory(case: Case, asked: tuple[str, ...], found: tuple[str, ...], undecided: tuple[str, ...]) -> Judgement:
    if found:
        return met(None, case.drug_grounds(found))
    return unknown(*(f"{drug}-refractoriness" for drug in undecided)) if undecided and asked else not_met()


def first_relapse(case: Case, _question: Question) -> Judgement:
    """The relapse at hand is the first."""
    return met() if case.history.course is Course.FIRST_RELAPSE else not_met()


def early_relapse(case: Case, _question: Question) -> Judgement:
    """The relapse came less than twelve calendar months after its anchor."""
    relapse = case.history.relapse
    if relapse is None:
        return unknown("relapse-date")
    grounds = (
        Grounds(
            what="relapse",
            value=None if relapse.months is None else f"{relapse.months}",
            unit="months",
            on=relapse.on,
            sources=relapse.sources,
        ),
    )
    return decided(relapse.early, name="relapse-date", grounds=grounds)


def relapse_within_of_start(case: Case, question: Question) -> Judgement:
    """The relapse came less than `months` calendar months after the start of the last line before it."""
    relapse, lines = case.history.relapse, case.history.lines
    start = lines[-1].start if lines else None
    if relapse is None or relapse.on is None or start is None:
        return unknown("relapse-date")
    months = int(question.number("months"))
    longest, shortest = _months(start.earliest, relapse.on.latest), _months(start.latest, relapse.on.earliest)
    grounds = (Grounds(what="relapse", on=relapse.on, sources=relapse.sources),)
    return decided(True if longest < months else False if shortest >= months else None, name="relapse-date", grounds=grounds)


def _months(first: date, last: date) -> int:
    """Complete calendar months."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def refractoriness_undecided(case: Case, question: Question) -> Judgement:
    """The dates leave open whether the myeloma is refractory to any of `drugs`."""
    found = tuple(drug for drug in question.names("drugs") if drug in case.history.refractory_undecided)
    return met(None, case.drug_grounds(found)) if found else not_met()


def given_within(case: Case, question: Question) -> Judgement:
    """A drug of any of `classes` was given within the last `days` days."""
    classes, days = question.names("classes"), int(question.number("days"))
    answers: list[bool | None] = []
    dated = dict(case.history.last_given)
    for drug in case.exposed(classes):
        last = dated.get(drug)
        if last is None:
            answers.append(None)
        elif (case.as_of - last.earliest).days <= days:
            answers.append(True)
        else:
            answers.append(False if (case.as_of - last.latest).days > days else None)
    if True in answers:
        return met(None, case.drug_grounds(case.exposed(classes)))
    return unknown("last-dose-date") if None in answers else not_met()


HISTORY_CRITERIA: Mapping[str, Criterion] = {
    "component-refractory": Criterion(judge=component_refractory, params=("exempt", "class_wide"), of_regimen=True),
    "component-intolerant": Criterion(
        judge=component_intolerant, params=("exempt", "class_wide", "class_toxicities"), of_regimen=True
    ),
    "steroid-intolerant": Criterion(judge=steroid_intolerant, params=("classes",), of_regimen=True),
    "exposed-to-drug": Criterion(judge=exposed_to_drug, params=("drugs",)),
    "exposed-to-class": Criterion(judge=exposed_to_class, params=("classes",)),
    "exposed-to-every-class": Criterion(judge=exposed_to_every_class, params=("classes",)),
    "lenalidomide-like-exposed": Criterion(judge=lenalidomide_like_exposed),
    "refractory-to-drug": Criterion(judge=refractory_to_drug, params=("drugs",)),
    "intolerant-of-drug": Criterion(judge=intolerant_of_drug, params=("drugs",)),
    "refractory-to-class": Criterion(judge=refractory_to_class, params=("classes",)),
    "refractory-to-every-class": Criterion(judge=refractory_to_every_class, params=("classes",)),
    "first-relapse": Criterion(judge=first_relapse),
    "early-relapse": Criterion(judge=early_relapse),
    "relapse-within-of-start": Criterion(judge=relapse_within_of_start, params=("months",)),
    "refractoriness-undecided": Criterion(judge=refractoriness_undecided, params=("drugs",)),
    "given-within": Criterion(judge=given_within, params=("classes", "days")),
}
