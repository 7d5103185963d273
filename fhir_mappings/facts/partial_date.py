"""Dates as precise as they were written."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from fhir_mappings.facts.frozen import frozen


@frozen(kw_only=False)
class PartialDate:
    """A date as precise as it was written: the interval from `earliest` to `latest`, both inclusive.

    `str()` gives the ISO form at the written precision: 2024, 2024-05 or 2024-05-20.
    """

    earliest: date
    latest: date

    @classmethod
    def day(cls, value: date) -> PartialDate:
        """The interval of one known day."""
        return cls(value, value)

    @classmethod
    def month(cls, year: int, month: int) -> PartialDate:
        """The interval of one calendar month."""
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @classmethod
    def year(cls, year: int) -> PartialDate:
        """The interval of one calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.earliest == self.latest

    def __str__(self) -> str:
        if self.exact:
            return self.earliest.isoformat()
        if (self.earliest.year, self.earliest.month) == (self.latest.year, self.latest.month):
            return self.earliest.isoformat()[:7]
        return self.earliest.isoformat()[:4]

    def before(self, other: PartialDate) -> bool | None:
        """Whether this is earlier than `other`; None when their intervals leave it open."""
        if self.latest < other.earliest:
            return True
        if self.earliest >= other.latest:
            return False
        return None

    def after(self, other: PartialDate) -> bool | None:
        """Whether this is later than `other`; None when their intervals leave it open."""
        return other.before(self)

    def shifted(self, days: int) -> PartialDate:
        """The same interval moved by a number of days."""
        move = timedelta(days=days)
        return PartialDate(self.earliest + move, self.latest + move)
