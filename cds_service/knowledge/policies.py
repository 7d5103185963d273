"""The two policies in memory: the rows of the founding one, the situations of current practice, and who reviewed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds_service.knowledge.rules import Condition


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
