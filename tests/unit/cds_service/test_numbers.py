import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.numbers import shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [(71.875, 71.9), (60.0, 60), (0.0, 0), (0.90478, 0.905), (1.2345, 1.23), (59.97, 59.97), (29.9996, 29.9996)],
)
def test_a_number_is_short(value, expected):
    assert shown(value) == expected


def test_a_whole_number_has_no_point():
    assert str(shown(60.0)) == "60"


@given(st.floats(min_value=0.0009, max_value=100_000), st.integers(min_value=0, max_value=200))
def test_what_is_shown_stands_on_the_same_side_of_a_whole_threshold(value, threshold):
    assert (shown(value) < threshold) == (value < threshold)
    assert (shown(value) > threshold) == (value > threshold)
