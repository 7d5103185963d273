"""The knowledge base in memory: what `data/` says, typed and frozen. Nothing here decides anything.

Every statement carries its verification mark and its source: `mark` is `V` seen in the source, `v` seen in a secondary source,
`B` background knowledge not verified, `D` derived by arithmetic or logic; `source` is an id of `sources.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cds_service.knowledge.policies import CurrentPracticePolicy, Review, SwitchClassPolicy
from cds_service.knowledge.regimens import Regimen, Trial
from cds_service.knowledge.rules import DoseRule, Policy, Rule, Supportive, Window
from fhir_mappings.facts import Analyte, Drug, DrugClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a statement was seen, in our own words."""

    id: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugClassNote:
    drug_class: DrugClass
    title: str
    mechanism: str
    mark: str
    source: str
    counts_as: tuple[DrugClass, ...] = ()  # classes that a label's "prior ..." also accepts this class for


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything in `data/`, with the drug table it speaks of. `texts` maps a code, or a pattern with `{drug}`, to a sentence."""

    version: str
    digest: str
    released: str
    drugs: Mapping[str, Drug]
    references: Mapping[str, Reference]
    classes: Mapping[DrugClass, DrugClassNote]
    trials: Mapping[str, Trial]
    regimens: Mapping[str, Regimen]
    windows: Mapping[Analyte, Window]
    rules: tuple[Rule, ...]
    dose_rules: tuple[DoseRule, ...]
    supportive: tuple[Supportive, ...]
    switch_class: SwitchClassPolicy
    current_practice: CurrentPracticePolicy
    texts: Mapping[str, str]
    rules_of: Mapping[Policy, Mapping[str, tuple[Rule, ...]]] = field(init=False, repr=False, compare=False)
    first_review_due: str = field(init=False, repr=False, compare=False)
    supportive_for: tuple[tuple[Supportive, frozenset[str]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Which rules and which supportive care concern which regimen, and when the first review is due: the same for every
        chart, so found once."""
        regimens = self.regimens.values()
        rules = {
            policy: {
                regimen.id: tuple(
                    rule
                    for rule in self.rules
                    if policy in rule.policies and self.holds(regimen, drugs=rule.drugs, classes=rule.classes)
                )
                for regimen in regimens
            }
            for policy in Policy
        }
        supportive = tuple(
            (check, frozenset(each.id for each in regimens if self.holds(each, drugs=check.drugs, classes=check.classes)))
            for check in self.supportive
        )
        reviews: list[Review | Regimen] = [self.switch_class.review, self.current_practice.review, *regimens]
        due = min((review.next_review for review in reviews if review.next_review), default="")
        object.__setattr__(self, "first_review_due", due)
        object.__setattr__(self, "rules_of", rules)
        object.__setattr__(self, "supportive_for", supportive)

    def overdue_since(self, day: date) -> str | None:
        """The day on which the first review was due (YYYY-MM-DD), when that is past on `day`."""
        return self.first_review_due if "" < self.first_review_due < day.isoformat() else None

    def explain(self, code: str) -> str:
        """The sentence for a code; a code that names a drug or class uses its pattern; else the code in plain words."""
        if code in self.texts:
            return self.texts[code]
        for pattern, sentence in self.texts.items():
            before, brace, after = pattern.partition("{drug}")
            if brace and code.startswith(before) and code.endswith(after) and len(code) > len(before) + len(after):
                name = code[len(before) : len(code) - len(after)]
                if name in self.drugs or name in set(DrugClass):
                    return sentence.replace("{drug}", self._spoken(name))
        return code.replace("-", " ")

    def _spoken(self, name: str) -> str:
        """A drug or a class as a sentence names it."""
        note = self.classes.get(DrugClass(name)) if name in set(DrugClass) else None
        if note is None:
            return name
        return note.title if note.title[:2].isupper() else note.title[:1].lower() + note.title[1:]

    def drug_class(self, drug: str) -> DrugClass | None:
        known = self.drugs.get(drug)
        return known.drug_class if known else None

    def holds(self, regimen: Regimen, *, drugs: tuple[str, ...], classes: tuple[DrugClass, ...]) -> bool:
        """Whether a rule on these drugs and classes concerns the regimen; one on neither concerns every regimen."""
        if not drugs and not classes:
            return True
        return any(drug in drugs or self.drug_class(drug) in classes for drug in regimen.drugs)
