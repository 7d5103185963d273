"""The truth tables of Kleene's strong logic."""

from __future__ import annotations

from itertools import product

import pytest

from cds_service.knowledge.logic import Truth, all_of, any_of, negate

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
STRENGTH = {NOT_MET: 0, UNKNOWN: 1, MET: 2}


@pytest.mark.parametrize(("one", "other"), list(product(Truth, Truth)))
def test_all_of_is_the_weaker_and_any_of_the_stronger(one: Truth, other: Truth) -> None:
    assert STRENGTH[all_of([one, other])] == min(STRENGTH[one], STRENGTH[other])
    assert STRENGTH[any_of([one, other])] == max(STRENGTH[one], STRENGTH[other])


@pytest.mark.parametrize(("one", "other"), list(product(Truth, Truth)))
def test_de_morgan(one: Truth, other: Truth) -> None:
    assert negate(all_of([one, other])) is any_of([negate(one), negate(other)])


def test_of_nothing() -> None:
    assert all_of([]) is MET
    assert any_of([]) is NOT_MET


def test_from_a_plain_answer() -> None:
    assert [Truth.of(value) for value in (True, False, None)] == [MET, NOT_MET, UNKNOWN]
