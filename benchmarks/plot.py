"""What one call costs against the size of the chart, as an SVG: both axes logarithmic, everyone a line, the floor among them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 30, 55
_COLOURS = ("#666666", "#0b6e4f", "#3a86c8", "#8e5bb5", "#c1121f", "#d98200")


def cost_plot(results: Mapping[str, Any]) -> str:
    """Milliseconds of one core per call (cores over calls per second) by kilobytes of the body."""
    sizes, cores = results["bytes"], results["machine"]["cores"]
    series = {
        who: [(sizes[name] / 1000, 1000 * cores / load["rate"]) for name, load in of.items() if load["calls"]]
        for who, of in results["closed loop"].items()
    }
    points = [point for line in series.values() for point in line]
    across = _scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Cost of one call against the size of the chart</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for tick in _ticks([x for x, _ in points]):
        parts.append(_line(across(tick), TOP, across(tick), HEIGHT - BOTTOM, "#e5e5e5"))
        parts.append(_text(across(tick), HEIGHT - BOTTOM + 18, f"{tick:g} kB", "middle"))
    for tick in _ticks([y for _, y in points]):
        parts.append(_line(LEFT, up(tick), WIDTH - RIGHT, up(tick), "#e5e5e5"))
        parts.append(_text(LEFT - 8, up(tick) + 4, f"{tick:g} ms", "end"))
    for number, (who, line) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>' for x, y in line]
        parts.append(_line(WIDTH - RIGHT + 14, TOP + 10 + 20 * number, WIDTH - RIGHT + 34, TOP + 10 + 20 * number, colour))
        parts.append(_text(WIDTH - RIGHT + 40, TOP + 14 + 20 * number, who, "start"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "size of the request", "middle"))
    parts.append(_text(LEFT, TOP - 12, "core time per call, the load generator included", "start"))
    return "\n".join([*parts, "</svg>", ""])


def _scale(values: list[float], start: float, end: float) -> Any:  # noqa: ANN401  # a function from value to place
    low, high = math.log10(min(values)), math.log10(max(values))
    return lambda value: start + (math.log10(value) - low) / (high - low) * (end - start)


def _ticks(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [mantissa * 10.0**power for power in range(-2, 6) for mantissa in (1, 3) if low <= mantissa * 10.0**power <= high]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
