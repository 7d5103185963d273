"""What a sample is: one patient in one situation, grown from the model and written in one dialect.

`Sample.expect` holds the key facts of the answer, written down from the policy and the definitions, not from the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart

AS_OF = "2026-11-22"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`expect` is compared member by member with the evaluation: lists under `…Includes` need only be contained."""

    name: str
    title: str
    says: str
    chart: Chart
    dialect: str
    jurisdiction: str = "US"
    expect: Mapping[str, Any] = field(default_factory=dict)
    edit: Callable[[Json], Json] | None = None

    def request(self) -> Json:
        request = DIALECTS[self.dialect].encode(self.chart)
        return self.edit(request) if self.edit else request
