"""Kleene's strong three-valued logic: what is not known stays not known."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """MET for True, NOT_MET for False, UNKNOWN for None."""
        if value is None:
            return cls.UNKNOWN
        return cls.MET if value else cls.NOT_MET


def negate(truth: Truth) -> Truth:
    """MET and NOT_MET change places; UNKNOWN stays."""
    return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET, Truth.UNKNOWN: Truth.UNKNOWN}[truth]


def all_of(truths: Iterable[Truth]) -> Truth:
    """MET when every one is met (also when there is none), NOT_MET when any is not met, else UNKNOWN."""
    seen = set(truths)
    if Truth.NOT_MET in seen:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.MET


def any_of(truths: Iterable[Truth]) -> Truth:
    """MET when any is met, NOT_MET when every one is not met (also when there is none), else UNKNOWN."""
    seen = set(truths)
    if Truth.MET in seen:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.NOT_MET
