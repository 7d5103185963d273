"""Regimens in memory: their drugs, what the labels ask for, and the trials they rest on. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.rules import Condition
from fhir_mappings.facts import DrugClass


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
