"""How the answer came about, in words: rows and situations that were tried, every regimen with its verdict, reasons and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cds_service.knowledge.case import Case, open_case
from cds_service.knowledge.evaluation import Evaluation, Grounds, Option
from cds_service.knowledge.judgement import Judgement
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.page import MARKS
from cds_service.knowledge.reasoning import Candidate, JudgedRule, founding_rows, rules_on, situations
from cds_service.knowledge.regimens import Regimen
from cds_service.knowledge.rules import Policy
from cds_service.phrases import phrase, table
from cds_service.suggestions import drug_name
from cds_service.web.timeline import sources_in_words
from cds_service.web.what_if import name_of
from fhir_mappings.facts import PatientFacts

ANSWERS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "unknown"}
NOT_OFFERED = "not-offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question with its answer and what that rests on, all in words. `effect` is set for a safety rule."""

    sentence: str
    truth: Truth
    answer: str
    rests_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    effect: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A row or a situation with its criteria. `state`: answers, met but later, not met, unknown, not reached."""

    id: str
    title: str
    state: str
    answers: bool
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One regimen. `verdict` is a code, `founding` says what the founding policy makes of it, in words, empty when nothing."""

    id: str
    drugs: str
    verdict: str
    verdict_words: str
    founding: str = ""
    founding_reasons: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    rules: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    rows: tuple[Tried, ...]
    situations: tuple[Tried, ...]
    regimens: tuple[Weighed, ...]

    def count(self, verdict: str) -> int:
        """How many regimens have the verdict."""
        return sum(each.verdict == verdict for each in self.regimens)


def decision_of(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> Decision | None:
    """None when the question of a regimen did not arise: then no policy was asked."""
    if evaluation.current_practice is None and evaluation.switch_class.row is None:
        return None
    case = open_case(facts, evaluation.history, knowledge, as_of=evaluation.as_of)
    return Decision(
        rows=tuple(_tried(each, knowledge) for each in founding_rows(case)),
        situations=tuple(_tried(each, knowledge) for each in situations(case)),
        regimens=tuple(_weighed_all(evaluation, case)),
    )


def _tried(candidate: Candidate, knowledge: Knowledge) -> Tried:
    state = "answers" if candidate.answers else ANSWERS[candidate.truth] if candidate.tried else "not reached"
    criteria = tuple(_criterion(each.sentence, each.judgement, knowledge) for each in candidate.criteria)
    return Tried(id=candidate.id, title=candidate.title, state=state, answers=candidate.answers, criteria=criteria)


def _criterion(sentence: str, judgement: Judgement, knowledge: Knowledge, *, effect: str = "", source: str = "") -> Criterion:
    return Criterion(
        sentence=sentence,
        truth=judgement.truth,
        answer=ANSWERS[judgement.truth],
        rests_on=tuple(dict.fromkeys(_ground(each) for each in judgement.grounds)),
        missing=tuple(name_of(name, knowledge) for name in judgement.unknown),
        effect=effect,
        source=source,
    )


def _ground(ground: Grounds) -> str:
    name = table("analyte").get(ground.what) or ground.what.replace("-", " ")
    unit = f" {table('unit').get(ground.unit, ground.unit)}" if ground.unit else ""
    value = f" {ground.value}{unit}" if ground.value is not None else ""
    day = f", {ground.on}" if ground.on else ""
    return f"{name}{value}{day}{sources_in_words(ground.sources)}"


def _weighed_all(evaluation: Evaluation, case: Case) -> Iterator[Weighed]:
    """Options by rank, then the founding regimens that are none of them, then what this situation does not offer, by name."""
    options = evaluation.current_practice.options if evaluation.current_practice else ()
    of_regimen = {option.regimen: option for option in options}
    founding = case.knowledge.switch_class.regimens
    rest = [name for name, known in case.knowledge.regimens.items() if name not in of_regimen and not known.investigational]
    ordered = [*of_regimen, *sorted(rest, key=lambda name: (name not in founding, name.lower()))]
    for name in ordered:
        yield _weighed(case.knowledge.regimens[name], of_regimen.get(name), evaluation, case)


def _weighed(regimen: Regimen, option: Option | None, evaluation: Evaluation, case: Case) -> Weighed:
    knowledge = case.knowledge
    founding, reasons = _founding(regimen.id, evaluation, knowledge)
    policies = [Policy.CURRENT_PRACTICE] if option else []
    policies += [Policy.SWITCH_CLASS] if founding else []
    rules = list({each.rule.id: each for policy in policies for each in rules_on(regimen, policy, case)}.values())
    return Weighed(
        id=regimen.id,
        drugs=" + ".join(drug_name(drug) for drug in regimen.drugs),
        verdict=option.verdict.value if option else NOT_OFFERED,
        verdict_words=phrase("verdict", option.verdict.value) if option else "Not offered in this situation",
        founding=founding,
        founding_reasons=reasons,
        reasons=tuple(name_of(code, knowledge) for code in option.because) if option else (),
        cautions=tuple(knowledge.explain(code) for code in option.cautions) if option else (),
        evidence=tuple(_trials(regimen, knowledge)) if option else (),
        rules=tuple(_rule(each, knowledge) for each in sorted(rules, key=_weightiest)),
    )


def _founding(name: str, evaluation: Evaluation, knowledge: Knowledge) -> tuple[str, tuple[str, ...]]:
    answer = evaluation.switch_class
    to_check = {each.regimen: each.because for each in answer.check_first}
    if name in answer.preferred:
        teaching = " (teaching answer)" if "later-relapse-teaching-answer" in answer.notes else ""
        state = "preferred, check first" if name in to_check else "preferred"
        return state + teaching, tuple(name_of(code, knowledge) for code in to_check.get(name, ()))
    for words, group in (("removed for safety", answer.suppressed), ("not chosen", answer.why_not)):
        for each in group:
            if each.regimen == name:
                return words, tuple(name_of(code, knowledge) for code in each.because)
    return "", ()


def _trials(regimen: Regimen, knowledge: Knowledge) -> Iterable[str]:
    known = (knowledge.trials[name] for name in regimen.evidence if name in knowledge.trials)
    return (f"{trial.id}, against {trial.comparator}: {trial.figures}" for trial in known)


def _rule(judged: JudgedRule, knowledge: Knowledge) -> Criterion:
    reference = knowledge.references.get(judged.rule.source)
    mark = MARKS.get(judged.rule.mark, "")
    source = f"{reference.text.rstrip('.')} ({mark})" if reference else mark
    return _criterion(judged.rule.sentence, judged.judgement, knowledge, effect=judged.rule.effect.value, source=source)


def _weightiest(judged: JudgedRule) -> int:
    """What holds first, then what is unknown, then what was ruled out."""
    return [Truth.MET, Truth.UNKNOWN, Truth.NOT_MET].index(judged.judgement.truth)
