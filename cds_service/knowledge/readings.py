"""Which recorded value is used for each analyte on the day the chart is judged, and which records were passed over and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from cds_service.knowledge.evaluation import UnusableMeasurement, UsedMeasurement
from cds_service.knowledge.rules import Window
from fhir_mappings.facts import Analyte, Conflict, Measurement, Problem
from fhir_mappings.facts.frozen import frozen

STALE = "stale"
DISAGREE = "disagree"


@frozen()
class Readings:
    """The value used per analyte, the records that were not used, and results of one time that contradict each other."""

    used: Mapping[Analyte, UsedMeasurement]
    unusable: tuple[UnusableMeasurement, ...]
    conflicts: tuple[Conflict, ...]


def read(measurements: Iterable[Measurement], windows: Mapping[Analyte, Window], *, as_of: date) -> Readings:
    """The latest usable result per analyte that has a window. Results of one time that differ give the interval they span.

    A grade on an active problem does not go stale like a result: the problem lasts, and the grade says how bad it was at least.
    """
    used: dict[Analyte, UsedMeasurement] = {}
    unusable: list[UnusableMeasurement] = []
    conflicts: list[Conflict] = []
    wanted = sorted((m for m in measurements if m.analyte in windows), key=_order)
    for analyte, results in groupby(wanted, key=attrgetter("analyte")):
        window = windows[analyte]
        good: list[Measurement] = []
        lasting: list[Measurement] = []
        stale: list[Measurement] = []
        for result in results:
            why = _unusable(result, window, as_of)
            if why is None:
                good.append(result)
            elif why == STALE and result.current and _low(result) is not None:
                lasting.append(result)
            elif why == STALE:
                stale.append(result)
            else:
                unusable.append(_passed_over(result, window, why))
        if any(result.on is not None for result in good):
            unusable.extend(_passed_over(result, window, STALE) for result in lasting)
        else:
            good = [_at_least(result) for result in [*good, *lasting] if _low(result) is not None]
        if not good:
            # An old value is worth naming only where there is no newer one to use.
            unusable.extend(_passed_over(result, window, STALE) for result in stale[-1:])
            continue
        latest = _latest(good)
        used[analyte] = _merge(latest, window)
        if len({_content(result) for result in latest}) > 1:
            sources = tuple(sorted({result.source for result in latest}))
            conflicts.append(Conflict(code=f"{analyte}-results-disagree", decides=False, sources=sources))
            unusable.extend(_passed_over(result, window, DISAGREE) for result in latest)
    return Readings(used=used, unusable=tuple(unusable), conflicts=tuple(conflicts))


def _unusable(result: Measurement, window: Window, as_of: date) -> str | None:
    if result.on is not None and result.on.earliest > as_of:
        return Problem.FUTURE
    if result.problem is not None:
        return result.problem
    if result.on is None and not result.current:
        return Problem.NO_DATE
    if result.value is None and result.low is None and result.high is None:
        return Problem.UNREADABLE
    # A date that may lie before the window cannot be shown to be fresh.
    if result.on is not None and result.on.earliest < as_of - timedelta(days=window.days):
        return None if window.positive_stays and result.value == 1 else STALE
    return None


def _at_least(result: Measurement) -> Measurement:
    """What an old or undated grade on an active problem still says."""
    return replace(result, value=None, low=_low(result), high=None)


def _latest(good: list[Measurement]) -> list[Measurement]:
    """Those that no other result is certainly later than; final results stand before preliminary ones."""
    newest = max((m.on.earliest for m in good if m.on is not None), default=date.min)
    last = [m for m in good if m.on is None or m.on.latest >= newest]
    return [m for m in last if not m.preliminary] or last


def _merge(latest: list[Measurement], window: Window) -> UsedMeasurement:
    first = latest[-1]
    agree = len({_content(m) for m in latest}) == 1
    lows, highs = [_low(m) for m in latest], [_high(m) for m in latest]
    pains = {m.with_pain for m in latest} - {None}
    return UsedMeasurement(
        analyte=first.analyte,
        value=first.value if agree else None,
        low=first.low if agree else _least(lows),
        high=first.high if agree else _greatest(highs),
        unit=window.unit,
        on=first.on,
        with_pain=pains.pop() if len(pains) == 1 else None,
        sources=tuple(sorted({m.source for m in latest})),
    )


def _low(m: Measurement) -> float | None:
    return m.value if m.value is not None else m.low


def _high(m: Measurement) -> float | None:
    return m.value if m.value is not None else m.high


def _least(bounds: list[float | None]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return min(known) if len(known) == len(bounds) else None


def _greatest(bounds: list[float | None]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return max(known) if len(known) == len(bounds) else None


def _content(m: Measurement) -> tuple[float | None, float | None, float | None]:
    return (m.value, m.low, m.high)


def _order(m: Measurement) -> tuple[str, date, date, str, float]:
    earliest, latest = (m.on.earliest, m.on.latest) if m.on else (date.min, date.min)
    return (m.analyte, latest, earliest, m.source, m.value if m.value is not None else -1.0)


def _passed_over(result: Measurement, window: Window, why: str) -> UnusableMeasurement:
    return UnusableMeasurement(
        analyte=result.analyte, why=str(why), value=result.value, unit=window.unit, on=result.on, sources=(result.source,)
    )
