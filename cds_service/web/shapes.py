"""The few shapes that a picture is made of, in user units of its SVG, and how time and values become places in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    look: str  # the CSS class


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """`points` as SVG writes them: `x,y x,y`. Closed when the look fills it."""

    points: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    x: float
    y: float
    text: str
    look: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something a person can point at, by mouse or keyboard: its shapes, and the sentence it answers with."""

    says: str
    rects: tuple[Rect, ...] = ()
    paths: tuple[Path, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One SVG. Background first, then the marks in the order in which the keyboard walks through them."""

    id: str
    title: str
    width: float
    height: float
    rects: tuple[Rect, ...] = ()
    lines: tuple[Line, ...] = ()
    paths: tuple[Path, ...] = ()
    texts: tuple[Text, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The measures of one width of screen. `gutter` is the room for names at the left; without it they stand above their row."""

    name: str
    width: float
    gutter: float
    right: float
    row: float
    years: int  # at most so many labels on the axis of time


WIDE = Layout(name="wide", width=960, gutter=176, right=16, row=24, years=12)
NARROW = Layout(name="narrow", width=350, gutter=0, right=8, row=38, years=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """Days from `first` to `last` over the drawing width of a layout."""

    first: date
    last: date
    layout: Layout

    @property
    def left(self) -> float:
        return self.layout.gutter + 8

    def at(self, day: date) -> float:
        days = max((self.last - self.first).days, 1)
        room = self.layout.width - self.layout.right - self.left
        return round(self.left + room * (day - self.first).days / days, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The starts of years, or of months when it all happened within two years."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next(each for each in (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 1200) if months / each <= self.layout.years)
        found = []
        for number in range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month):
            year, month = divmod(number, 12)
            day = date(year, month + 1, 1)
            if number % step == 0 and day >= self.first:
                found.append((self.at(day), f"{year}" if step >= 12 else f"{year}-{month + 1:02}"))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """Values from 0 to `top` between two heights, `floor` being the lower one on the screen."""

    top: float
    ceiling: float
    floor: float

    def at(self, value: float) -> float:
        share = min(max(value / self.top, 0.0), 1.0) if self.top > 0 else 0.0
        return round(self.floor - (self.floor - self.ceiling) * share, 1)
