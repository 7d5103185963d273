"""How a criterion is asked: its parameters, the regimen it is asked about, and its entry in the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cds_service.knowledge.case import Case
from cds_service.knowledge.judgement import Judgement
from cds_service.knowledge.regimens import Regimen
from cds_service.knowledge.rules import Param
from fhir_mappings.facts.frozen import frozen


@frozen()
class Question:
    """Parameters are checked against the registry by the lint; a wrong type here is an error of the data."""

    params: Mapping[str, Param]
    regimen: Regimen | None = None

    def number(self, name: str) -> float:
        value = self.params[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"parameter {name!r} is not a number")
        return float(value)

    def text(self, name: str) -> str:
        value = self.params[name]
        if not isinstance(value, str):
            raise TypeError(f"parameter {name!r} is not text")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        value = self.params[name]
        if not isinstance(value, tuple):
            raise TypeError(f"parameter {name!r} is not a list")
        return value

    @property
    def components(self) -> tuple[str, ...]:
        """The drugs of the regimen asked about."""
        return self.regimen.drugs if self.regimen else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One entry of the registry. `params` are the parameters it needs, no more and no less. Only a criterion `of_regimen` is told
    which regimen it is asked about; every other has one answer for all of them."""

    judge: Callable[[Case, Question], Judgement]
    params: tuple[str, ...] = ()
    of_regimen: bool = False

    @property
    def sentence(self) -> str:
        """What it asks, for the reviewers' page."""
        return " ".join((self.judge.__doc__ or "").split())
