"""Every question the policies asked about one chart, with its answer: also those whose answer was no.

The evaluation keeps only what was met or undecided; a person who checks it wants to see what was ruled out as well. The same
criteria are asked again on the same case, so nothing here can say anything else than the evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria import CRITERIA, judge, judge_all
from cds_service.knowledge.judgement import Judgement
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.regimens import Regimen
from cds_service.knowledge.rules import Condition, Policy, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One criterion as a sentence with its parameters filled in, and the answer."""

    sentence: str
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of the founding policy or a situation of current practice. They are tried from the top: `answers` is the first one
    that is met, and those after it are `tried` no more."""

    id: str
    title: str
    truth: Truth
    criteria: tuple[Answered, ...]
    answers: bool
    tried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRule:
    """One safety rule on one regimen, with the answer of all its criteria together."""

    rule: Rule
    judgement: Judgement


def sentence_of(condition: Condition) -> str:
    """What the criterion asks, its parameters filled in. Finer points of its definition stay on the reviewers' page."""
    sentence = CRITERIA[condition.criterion].sentence.partition(". ")[0].rstrip(".")
    for name, value in condition.params.items():
        shown = "/".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
        sentence = sentence.replace(f"`{name}`", shown or "none")
    return f"Not so: {sentence}" if condition.negate else sentence


def founding_rows(case: Case) -> tuple[Candidate, ...]:
    """The rows of the founding policy in the order in which they are tried."""
    return tuple(_candidates(case, [(row.id, row.title, row.when) for row in case.knowledge.switch_class.rows]))


def situations(case: Case) -> tuple[Candidate, ...]:
    """The situations of current practice in the order in which they are tried."""
    found = case.knowledge.current_practice.situations
    return tuple(_candidates(case, [(each.id, each.title, each.when) for each in found]))


def rules_on(regimen: Regimen, policy: Policy, case: Case) -> tuple[JudgedRule, ...]:
    """Every safety rule of the policy that concerns the regimen, in the order of the data."""
    return tuple(
        JudgedRule(rule=rule, judgement=judge_all(rule.when, case, regimen))
        for rule in case.knowledge.rules
        if policy in rule.policies and case.knowledge.holds(regimen, drugs=rule.drugs, classes=rule.classes)
    )


def _candidates(case: Case, tried: list[tuple[str, str, tuple[Condition, ...]]]) -> Iterator[Candidate]:
    answered = False
    for name, title, when in tried:
        truth = judge_all(when, case).truth
        criteria = tuple(Answered(sentence=sentence_of(condition), judgement=judge(condition, case)) for condition in when)
        answers = truth is Truth.MET and not answered
        yield Candidate(id=name, title=title, truth=truth, criteria=criteria, answers=answers, tried=not answered)
        answered = answered or answers
