"""How the values of one call are declared: immutable for whoever writes code, plain for the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(*, kw_only: bool = True) -> Callable[[type[T]], type[T]]:
    """A dataclass with slots that mypy holds to be frozen; equal ones are equal and have the same hash.

    A dataclass that is frozen at run time takes three to five times as long to make, and reading a chart makes thousands. What
    is made once and shared between calls stays `dataclass(frozen=True)`.
    """
    return dataclass(slots=True, kw_only=kw_only, unsafe_hash=True)
