"""Dates are intervals as wide as they were written; what is not a date is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mappings.dates import add_months, complete_months, partial_date, period


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T00:00:00.000Z", "2024-05-01"),
        ("2024-05-01T23:59:59-11:00", "2024-05-01"),
        ("2024-05-01 10:00", "2024-05-01"),
        ("  2024-05-01 ", "2024-05-01"),
        ("2024-05-01T16: 09: 08.000Z", "2024-05-01"),
    ],
)
def test_a_date_keeps_the_precision_it_was_written_with(written: str, read: str) -> None:
    assert str(partial_date(written)) == read


@pytest.mark.parametrize(
    "written",
    ["2024-13-01", "2024-05-1", "2024-5-1", "2024-W20-1", "20240501", "2024-05-01Z", "0001-01-01", "9999-01-01", "2024-02-30",
     "", "-", 1970, 2024.5, True, None, [], {}],
)  # fmt: skip
def test_what_is_not_a_date_is_none(written: object) -> None:
    assert partial_date(written) is None


@given(st.text() | st.from_regex(r"[0-9T:Z+. -]{0,25}", fullmatch=True))
def test_any_text_is_read_without_an_error(written: str) -> None:
    partial_date(written)


def test_an_inverted_period_gives_no_dates() -> None:
    span = period({"start": "2024-05-13", "end": "2024-01-08"})
    assert (span.start, span.end, span.invalid) == (None, None, True)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_so_many_months_later_so_many_months_are_complete(start: date, months: int) -> None:
    later = add_months(start, months)
    assert complete_months(start, later) == months


def test_a_day_short_of_a_month_is_not_complete() -> None:
    assert complete_months(date(2024, 7, 1), date(2025, 6, 30)) == 11
    assert complete_months(date(2024, 7, 1), date(2025, 7, 1)) == 12
