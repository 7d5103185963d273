"""The knowledge base in memory: what `data/` says, typed and frozen. Nothing here decides anything.

Every statement carries its verification mark and its source: `mark` is `V` seen in the source, `v` seen in a secondary source,
`B` background knowledge not verified, `D` derived by arithmetic or logic; `source` is an id of `sources.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cds_service.knowledge.evaluation import Effect, Jurisdiction
from fhir_mappings.facts import Analyte, Drug, DrugClass

Param = str | int | float | bool | tuple[str, ...]


class LabelStatus(StrEnum):
    APPROVED = "approved"
    NOT_APPROVED = "not-approved"
    WITHDRAWN = "withdrawn"
    TERMS_NOT_SEEN = "terms-not-seen"  # approved, but the wording of its indication was not read
    UNKNOWN = "unknown"


class Progression(StrEnum):
    """What a label means by progression on the last therapy."""

    WITHIN_60_DAYS = "within-60-days"  # on it, or within 60 days of its last dose
    NO_LIMIT = "no-limit"  # its wording sets no time after the last dose


class Policy(StrEnum):
    SWITCH_CLASS = "switch-class"
    CURRENT_PRACTICE = "current-practice"


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
class Condition:
    """One criterion asked with its parameters; `negate` asks for the opposite."""

    criterion: str
    params: Mapping[str, Param] = field(default_factory=dict)
    negate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How old a value may be and still count. `positive_stays`: a positive result (1) counts however old it is."""

    analyte: Analyte
    days: int
    unit: str | None = None
    positive_stays: bool = False
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A safety rule on regimens. It concerns a regimen that holds one of `drugs`, a drug of one of `classes`, or (both empty)
    any. Met, it has its `effect`; undecided, it has `if_unknown` (None: nothing)."""

    id: str
    sentence: str
    effect: Effect
    if_unknown: Effect | None = None
    because: str
    when: tuple[Condition, ...]
    drugs: tuple[str, ...] = ()
    classes: tuple[DrugClass, ...] = ()
    policies: tuple[Policy, ...] = (Policy.SWITCH_CLASS, Policy.CURRENT_PRACTICE)
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A drug of a regimen. `schedule` is printable only when `verified`. Where the label is of one form of the drug, `form` names
    it, with its own RxNorm code."""

    drug: str
    form: str | None = None
    form_rxnorm: str | None = None
    schedule: str | None = None
    mark: str = "B"
    source: str = ""

    @property
    def verified(self) -> bool:
        return self.schedule is not None and self.mark == "V"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the label of one jurisdiction asks for. `approved_since` as precise as known."""

    status: LabelStatus
    approved_since: str | None = None
    min_lines: int = 0
    max_lines: int | None = None
    prior_classes: tuple[DrugClass, ...] = ()
    prior_drugs: tuple[str, ...] = ()
    refractory_drugs: tuple[str, ...] = ()
    refractory_classes: tuple[tuple[DrugClass, int], ...] = ()  # so many different drugs of the class
    refractory_after_one_line: tuple[str, ...] = ()  # must be refractory when only one line was given
    progressed_on_last: Progression | None = None
    remark: str | None = None
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A situation of current practice that offers the regimen; `tier` is the order in which guidance names it there; only when
    `when` is met. `evidence_level` stands in for the regimen's own where its trials did not hold such patients."""

    situation: str
    tier: int
    evidence_level: int | None = None
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    id: str
    title: str
    also: tuple[str, ...]
    components: tuple[Component, ...]
    cycle_days: int | None = None
    evidence_level: int  # by trial design: 1 large randomised, 2 small or less robust randomised, 3 prospective cohort
    evidence: tuple[str, ...]  # trial ids
    cautions: tuple[str, ...]
    labels: Mapping[Jurisdiction, Label]
    offered_in: tuple[Offer, ...] = ()
    investigational: bool = False
    mark: str
    source: str
    reviewed_by: str = ""
    next_review: str = ""
    drugs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """`drugs`: those of its components, in their order."""
        object.__setattr__(self, "drugs", tuple(component.drug for component in self.components))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`figures` is the result in one line, as the card prints it."""

    id: str
    population: str
    comparator: str
    patients: int | None = None
    figures: str
    mark: str
    source: str
    nct: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the founding policy."""

    id: str
    title: str
    rationale: str
    regimens: tuple[str, ...]
    when: tuple[Condition, ...]
    differs: str  # why current practice answers otherwise
    differs_mark: str
    differs_source: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A reason (or note) that holds in the listed rows, on the listed regimens, when the conditions are met."""

    because: str
    regimens: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who looked at a policy and what it rests on: the 13 source attributes a reader may ask for stand in `attributes`."""

    title: str
    reviewed_by: str
    next_review: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchClassPolicy:
    regimens: tuple[str, ...]
    rows: tuple[Row, ...]
    why_not: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """When it is the patient's; which regimens it offers stands in their own files (`offered_in`)."""

    id: str
    title: str
    when: tuple[Condition, ...]
    remarks: tuple[str, ...]
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentPracticePolicy:
    """`ranking` names the keys that order options of the same verdict, most important first."""

    situations: tuple[Situation, ...]
    ranking: tuple[str, ...]
    agrees: str
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRule:
    """When met, the printed schedule of `drug` is replaced by `schedule`, or withheld when that is None; undecided, it is
    withheld unless `hold_if_unknown` is false. `drug` empty: every drug."""

    drug: str
    because: str
    when: tuple[Condition, ...]
    schedule: str | None = None
    hold_if_unknown: bool = True
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supportive:
    """A line of supportive care for regimens that hold one of `drugs` or `classes`."""

    code: str
    text: str
    drugs: tuple[str, ...] = ()
    classes: tuple[DrugClass, ...] = ()
    when: tuple[Condition, ...] = ()
    mark: str
    source: str


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
    supportive_for: tuple[tuple[Supportive, frozenset[str]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Which rules and which supportive care concern which regimen: the same for every chart, so sorted once."""
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
        object.__setattr__(self, "rules_of", rules)
        object.__setattr__(self, "supportive_for", supportive)

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
