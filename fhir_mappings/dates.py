"""FHIR dates as intervals. Total readers: any value gives a date or None, never an error.

A date keeps the precision it was written with. The day of an instant is the day as written: a midnight instant is a date with a
zone artefact, and moving it to another zone would move the day.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from fhir_mappings.facts import PartialDate
from fhir_mappings.facts.frozen import frozen

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?$", re.DOTALL)
_OLDEST, _NEWEST = 1900, 2200
_DAY = len("2024-05-20")


def partial_date(value: object) -> PartialDate | None:
    """The date that a FHIR date, dateTime or instant gives; None for anything else (numbers, impossible days, other
    notations)."""
    if not isinstance(value, str):
        return None
    if value[4:5] == value[7:8] == "-" and len(value) >= _DAY and value[_DAY : _DAY + 1] in ("", "T"):
        return _known_day(value[:_DAY])  # by far the most frequent form, read without the pattern
    match = _DATE.match(value.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    if not _OLDEST <= year <= _NEWEST:
        return None
    try:
        if month is None:
            return PartialDate.year(year)
        if day is None:
            return PartialDate.month(year, int(month))
        return PartialDate.day(date(year, int(month), int(day)))
    except ValueError:
        return None


def _known_day(value: str) -> PartialDate | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return PartialDate(day, day) if _OLDEST <= day.year <= _NEWEST else None


@frozen()
class Span:
    """When something began and ended. `invalid`: a date was written but cannot be used (not a date, or the end
    before the start)."""

    start: PartialDate | None = None
    end: PartialDate | None = None
    invalid: bool = False


def period(value: object) -> Span:
    """A FHIR Period. An inverted one gives no dates: which of the two is wrong cannot be known."""
    if not isinstance(value, dict):
        return Span(invalid=value is not None)
    begun, ended = value.get("start"), value.get("end")
    start, end = partial_date(begun), partial_date(ended)
    invalid = (start is None and begun is not None) or (end is None and ended is not None)
    if start and end and end.before(start):
        return Span(invalid=True)
    return Span(start=start, end=end, invalid=invalid)


def moment_or_period(resource: dict[str, object], prefix: str) -> Span:
    """`prefix`DateTime, `prefix`Period or `prefix`Instant of a resource; a moment is a span of one day."""
    whole = resource.get(prefix + "Period")
    if whole is not None:
        return period(whole)
    written = resource.get(prefix + "DateTime")
    if written is None:
        written = resource.get(prefix + "Instant")
    if written is None:
        return Span()
    read = partial_date(written)
    return Span(start=read, end=read, invalid=read is None)


def add_months(value: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    return date(year, month + 1, min(value.day, calendar.monthrange(year, month + 1)[1]))


def complete_months(start: date, end: date) -> int:
    """Complete calendar months from `start` to `end`; 0 when `end` is not later."""
    if end <= start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
