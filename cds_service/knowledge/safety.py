"""The safety rules applied to one regimen: what blocks it, what must be checked first, what is only a caution."""

from __future__ import annotations

from collections.abc import Sequence

from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria import judge_all
from cds_service.knowledge.evaluation import Effect, Finding
from cds_service.knowledge.judgement import Judgement
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.regimens import Regimen
from cds_service.knowledge.rules import Policy, Rule
from fhir_mappings.facts.frozen import frozen


@frozen()
class Safety:
    """The rules that were met or undecided for a regimen, sorted by what they do."""

    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> tuple[str, ...]:
        return self._codes(Effect.BLOCK)

    @property
    def checks(self) -> tuple[str, ...]:
        """Correctable reasons, then the names of what is missing."""
        missing = [name for f in self.findings if f.truth is Truth.UNKNOWN and f.effect is Effect.CHECK for name in f.unknown]
        return unique([*self._codes(Effect.CHECK), *missing])

    @property
    def cautions(self) -> tuple[str, ...]:
        return self._codes(Effect.CAUTION)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Everything that a rule needed and did not find."""
        return unique([name for f in self.findings if f.truth is Truth.UNKNOWN for name in f.unknown])

    def _codes(self, effect: Effect) -> tuple[str, ...]:
        return unique([f.because for f in self.findings if f.truth is Truth.MET and f.effect is effect])


def unique(codes: Sequence[str]) -> tuple[str, ...]:
    """Each code once, where it first stood."""
    return tuple(dict.fromkeys(codes))


def assess(regimen: Regimen, policy: Policy, case: Case) -> Safety:
    """Every rule of the policy that concerns the regimen, in the order of the data."""
    known = case.findings
    found = [
        known[id(rule)] if id(rule) in known else _judged(rule, case, regimen)
        for rule in case.knowledge.rules_of[policy][regimen.id]
    ]
    return Safety(findings=tuple([finding for finding in found if finding is not None]))


def _judged(rule: Rule, case: Case, regimen: Regimen) -> Finding | None:
    """What the rule finds. Most rules ask nothing of the regimen: what those find holds for the whole case."""
    judgement = judge_all(rule.when, case, regimen)
    stands = judgement.truth is Truth.MET or (judgement.truth is Truth.UNKNOWN and rule.if_unknown is not None)
    finding = _finding(rule, judgement) if stands else None
    if id(rule.when) in case.judged:
        case.findings[id(rule)] = finding
    return finding


def _finding(rule: Rule, judgement: Judgement) -> Finding:
    effect = rule.effect if judgement.truth is Truth.MET or rule.if_unknown is None else rule.if_unknown
    return Finding(
        rule=rule.id,
        effect=effect,
        truth=judgement.truth,
        because=judgement.because or rule.because,
        unknown=judgement.unknown,
        grounds=judgement.grounds,
        mark=rule.mark,
        citation=rule.source,
    )
