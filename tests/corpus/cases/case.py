"""One small chart and what must be read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.dialects.page import Json

AS_OF = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Case:
    """`says` is the rule that the chart shows; `expect` as in `tests/support/expectation.py`."""

    says: str
    request: Json
    expect: Mapping[str, Any]
    jurisdiction: str = "US"
