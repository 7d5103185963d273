"""Rules in memory: which criteria they ask, and what follows when those are met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cds_service.knowledge.evaluation import Effect
from fhir_mappings.facts import Analyte, DrugClass

Param = str | int | float | bool | tuple[str, ...]


class Policy(StrEnum):
    SWITCH_CLASS = "switch-class"
    CURRENT_PRACTICE = "current-practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One criterion asked with its parameters; `negate` asks for the opposite."""

    criterion: str
    params: Mapping[str, Param] = field(default_factory=dict)
    negate: bool = False


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
class Window:
    """How old a value may be and still count. `positive_stays`: a positive result (1) counts however old it is."""

    analyte: Analyte
    days: int
    unit: str | None = None
    positive_stays: bool = False
    mark: str
    source: str


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
