"""A panel of results drawn under the axis of time of the timeline."""

from __future__ import annotations

from cds_service.numbers import shown
from cds_service.web.panels import Panel, Series
from cds_service.web.shapes import Line, Mark, Path, Picture, Text, TimeAxis, ValueAxis

HEIGHT = 118.0
HEAD = 30.0
FOOT = 22.0
RADIUS = 5.5
LETTERS = 13.0  # the height of a line of text


def draw_panel(panel: Panel, axis: TimeAxis, number: int) -> Picture:
    """The picture; `number` tells the panels of one page apart."""
    layout = axis.layout
    values = ValueAxis(top=_top(panel), ceiling=HEAD, floor=HEIGHT - FOOT)
    lines = [Line(x1=x, y1=HEAD, x2=x, y2=values.floor, look="grid") for x, _ in axis.ticks()]
    lines.append(Line(x1=axis.left, y1=values.floor, x2=layout.width - layout.right, y2=values.floor, look="floor"))
    texts = [Text(x=4, y=14, text=f"{panel.title}, {panel.unit}", look="group")]
    texts += [Text(x=x, y=HEIGHT - 7, text=text, look="tick", anchor="middle") for x, text in axis.ticks()]
    above, x = HEIGHT, axis.left + 2
    for limit in panel.limits:
        y = values.at(limit.value)
        lines.append(Line(x1=axis.left, y1=y, x2=layout.width - layout.right, y2=y, look="limit"))
        # Names of limits that lie close together stand side by side.
        x = x + 7 * len(limit.label) + 8 if above - y < LETTERS else axis.left + 2
        texts.append(Text(x=x, y=y - 3, text=limit.label, look="limit-label"))
        above = y
    if layout.gutter:
        texts += [
            Text(x=axis.left - 6, y=values.at(value) + 4, text=f"{shown(value)}", look="tick", anchor="end")
            for value in (0.0, values.top)
        ]
    paths = [_curve(series, axis, values, place) for place, series in enumerate(panel.series) if len(series.readings) > 1]
    marks = [mark for place, series in enumerate(panel.series) for mark in _dots(series, axis, values, place)]
    texts += _names(panel, axis, values)
    return Picture(
        id=f"panel-{number}-{layout.name}",
        title=f"{panel.title} over time",
        width=layout.width,
        height=HEIGHT,
        lines=tuple(lines),
        paths=tuple(paths),
        texts=tuple(texts),
        marks=tuple(marks),
    )


def _top(panel: Panel) -> float:
    """A round number above everything that is drawn."""
    highest = max([r.value for s in panel.series for r in s.readings] + [limit.value for limit in panel.limits])
    step = next(each for each in (10.0**power * digit for power in range(-2, 7) for digit in (1, 2, 5)) if each * 5 >= highest)
    return step * -(-(highest * 1.05) // step)


def _curve(series: Series, axis: TimeAxis, values: ValueAxis, place: int) -> Path:
    return Path(points=" ".join(f"{axis.at(r.on)},{values.at(r.value)}" for r in series.readings), look=f"curve series-{place}")


def _dots(series: Series, axis: TimeAxis, values: ValueAxis, place: int) -> list[Mark]:
    marks = []
    for reading in series.readings:
        x, y = axis.at(reading.on), values.at(reading.value)
        looks = ["dot", f"series-{place}", *(["inferred"] if reading.computed else []), *(["used"] if reading.used else [])]
        # A second series has squares on their corner: colour alone tells nobody apart.
        corners = [(-1, 0), (0, -1), (1, 0), (0, 1)] if place else [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
        points = " ".join(f"{x + RADIUS * right:.1f},{y + RADIUS * down:.1f}" for right, down in corners)
        beside, anchor = (x - 8, "end") if x + 48 > axis.layout.width else (x + 8, "start")
        texts = (Text(x=beside, y=y + 4, text=f"{shown(reading.value)}", look="label", anchor=anchor),) if reading.used else ()
        marks.append(Mark(says=reading.says, paths=(Path(points=points, look=" ".join(looks)),), texts=texts))
    return marks


def _names(panel: Panel, axis: TimeAxis, values: ValueAxis) -> list[Text]:
    """Names beside the last point of each series, when there is more than one."""
    if len(panel.series) < 2:
        return []
    ends = [(series, series.readings[-1], place) for place, series in enumerate(panel.series)]
    return [
        Text(x=axis.at(last.on) - 8, y=values.at(last.value) - 6, text=series.name, look=f"label series-{place}", anchor="end")
        for series, last, place in ends
    ]
