"""The timeline drawn: lanes under one axis of time, the relapse across them all."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from cds_service.web.shapes import Layout, Line, Mark, Path, Picture, Rect, Text, TimeAxis
from cds_service.web.timeline import Lane, Moment, Span, Timeline

TOP = 40.0  # room for the axis and for what is written over it
BAR = 14.0
LEAST_WIDTH = 4.0  # a single dose is still to be seen


def axis_for(timeline: Timeline, layout: Layout) -> TimeAxis:
    """The axis that the timeline and the panels below it share, with a little air at both ends."""
    air = timedelta(days=max((timeline.last - timeline.first).days // 40, 10))
    return TimeAxis(first=timeline.first - air, last=timeline.last + air, layout=layout)


def draw_timeline(timeline: Timeline, layout: Layout) -> Picture:
    """The picture for one width of screen."""
    axis = axis_for(timeline, layout)
    texts: list[Text] = []
    rects: list[Rect] = []
    marks: list[Mark] = []
    y, group = TOP, ""
    for number, lane in enumerate(timeline.lanes):
        if lane.group != group and lane.group:
            texts.append(Text(x=4, y=y + 15, text=lane.group, look="group"))
            y += 21
        group = lane.group
        if number % 2 == 0:
            rects.append(Rect(x=0, y=y, width=layout.width, height=layout.row, look="stripe"))
        indent = 12.0 if lane.group else 4.0
        texts.append(Text(x=indent, y=y + (16 if layout.gutter else 13), text=lane.title, look="name"))
        marks += _lane_marks(lane, axis, y + layout.row - BAR - 5)
        y += layout.row
    bottom = y + 4
    if timeline.relapse:
        marks += _relapse_marks(timeline.relapse, timeline.remission, axis, bottom)
        bottom += 26 if timeline.remission else 4
    lines = tuple(Line(x1=x, y1=TOP - 8, x2=x, y2=bottom, look="grid") for x, _ in axis.ticks())
    texts += [Text(x=x, y=TOP - 13, text=text, look="tick", anchor="middle") for x, text in axis.ticks()]
    return Picture(
        id=f"timeline-{layout.name}",
        title="Therapy over time",
        width=layout.width,
        height=bottom + 6,
        rects=tuple(rects),
        lines=lines,
        texts=tuple(texts),
        marks=tuple(marks),
    )


def _lane_marks(lane: Lane, axis: TimeAxis, y: float) -> list[Mark]:
    bars = [_bar(span, lane.kind, axis, y) for span in lane.spans]
    signs = [_sign(moment, lane.kind, axis, y) for moment in lane.moments]
    return bars + _apart(signs)


def _bar(span: Span, kind: str, axis: TimeAxis, y: float) -> Mark:
    """A certain part in full colour; on both sides, paler, what a vague date leaves open."""
    left, right = axis.at(span.start), axis.at(span.end)
    width = max(right - left, LEAST_WIDTH)
    look = f"bar {kind}{' inferred' if span.inferred else ''}"
    rects = [Rect(x=left, y=y, width=round(width, 1), height=BAR, look=look)]
    for start, end in ((span.earliest, span.start), (span.end, span.latest)):
        if (margin := axis.at(end) - axis.at(start)) > 0:
            rects.append(Rect(x=axis.at(start), y=y, width=round(margin, 1), height=BAR, look=f"bar {kind} vague"))
    paths = []
    if span.ongoing:
        tip, middle = left + width, y + BAR / 2
        paths.append(Path(points=f"{tip},{y} {tip + 7},{middle} {tip},{y + BAR}", look=look))
    texts: tuple[Text, ...] = ()
    if kind == "line":
        whole = width > 7 * len(span.label)
        written = span.label if whole else span.label.rpartition(" ")[2]
        texts = (Text(x=round(left + width / 2, 1), y=y + BAR - 3.5, text=written, look="on-bar", anchor="middle"),)
    return Mark(says=span.says, rects=tuple(rects), paths=tuple(paths), texts=texts)


def _sign(moment: Moment, kind: str, axis: TimeAxis, y: float) -> Mark:
    left, right = axis.at(moment.earliest), axis.at(moment.latest)
    x, middle = round((left + right) / 2, 1), y + BAR / 2
    rects: tuple[Rect, ...] = ()
    if right - left > 1:
        rects = (Rect(x=left, y=middle - 2, width=round(right - left, 1), height=4, look=f"bar {kind} vague"),)
    diamond = Path(points=f"{x},{y} {x + 7},{middle} {x},{y + BAR} {x - 7},{middle}", look=f"sign {kind}")
    beyond = x + 11 + 7 * len(moment.label) > axis.layout.width
    label = Text(
        x=x - 11 if beyond else x + 11, y=y + BAR - 3, text=moment.label, look="label", anchor="end" if beyond else "start"
    )
    return Mark(says=moment.says, rects=rects, paths=(diamond,), texts=(label,))


def _apart(signs: list[Mark]) -> list[Mark]:
    """Labels that would run into the next sign are left to the sentence."""
    kept = []
    for mark, following in pairwise([*signs, None]):
        if mark is None:
            continue
        text = mark.texts[0]
        crowded = following is not None and text.x + 7 * len(text.text) > following.texts[0].x - 18
        kept.append(Mark(says=mark.says, rects=mark.rects, paths=mark.paths, texts=() if crowded else mark.texts))
    return kept


def _relapse_marks(relapse: Moment, remission: Span | None, axis: TimeAxis, bottom: float) -> list[Mark]:
    """A rule through all lanes at the relapse, and under them the bracket of the months before it."""
    left, right = axis.at(relapse.earliest), axis.at(relapse.latest)
    look = "relapse inferred" if relapse.inferred else "relapse"
    x = round((left + right) / 2, 1)
    rects = [Rect(x=x - 1, y=TOP - 8, width=2, height=bottom - TOP + 8, look=look)]
    if right - left > 2:
        rects.append(Rect(x=left, y=TOP - 8, width=right - left, height=bottom - TOP + 8, look="relapse vague"))
    near_end = x + 60 > axis.layout.width
    text = Text(x=x if not near_end else axis.layout.width - 2, y=12, text="relapse", look="relapse-label", anchor="end")
    marks = [Mark(says=relapse.says, rects=tuple(rects), texts=(text,))]
    if remission:
        start, end = axis.at(remission.start), x
        width = max(round(abs(end - start), 1), LEAST_WIDTH)
        bracket = Rect(x=min(start, end), y=bottom + 8, width=width, height=5, look="months")
        middle = round((start + end) / 2, 1)
        label = Text(x=middle, y=bottom + 26, text=remission.label, look="months-label", anchor="middle")
        marks.append(Mark(says=remission.says, rects=(bracket,), texts=(label,)))
    return marks
