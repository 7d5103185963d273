"""Progression computed from laboratory results, where nobody coded it: IMWG thresholds from the lowest value, on two
assessments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from fhir_mappings.definitions import definitions
from fhir_mappings.facts import Analyte, Measurement, PartialDate, RelapseKind, Source
from fhir_mappings.facts.frozen import frozen


@frozen()
class LabProgression:
    """A progression in the results: the day of the first of the two assessments. `confirmed` False: only one
    assessment shows it."""

    on: PartialDate
    until: date  # the day of the last assessment that shows it
    kind: RelapseKind
    confirmed: bool
    sources: tuple[Source, ...]


@frozen(kw_only=False)
class _Point:
    day: date
    low: float
    high: float
    sources: tuple[Source, ...]


def lab_progressions(measurements: Iterable[Measurement], *, since: date, as_of: date) -> list[LabProgression]:
    """Every progression that the results from `since` (the first therapy) to `as_of` show, in order of time."""
    series = _series(measurements, since, as_of)
    rules = definitions("progression")
    serum, urine = series.get(Analyte.SERUM_M_PROTEIN, []), series.get(Analyte.URINE_M_PROTEIN, [])
    found = _rises(serum, _serum_rise) + _rises(
        urine, lambda nadir: max(rules["relative_rise"] * nadir, rules["urine_m_protein_mg_24h"])
    )
    measurable = any(point.high >= rules["measurable_serum_g_dl"] for point in serum) or any(
        point.high >= rules["measurable_urine_mg_24h"] for point in urine
    )
    if not measurable:
        limit = rules["free_light_chain_difference_mg_l"]
        chains = _rises(_difference(series), lambda nadir: max(rules["relative_rise"] * nadir, limit + 0.001))
        found += chains
        if not series.get(Analyte.FREE_KAPPA) and not series.get(Analyte.FREE_LAMBDA):
            found += _rises(
                series.get(Analyte.MARROW_PLASMA_CELLS, []), lambda _: rules["marrow_plasma_cells_percent"], assessments=1
            )
    found += _above(series.get(Analyte.CALCIUM, []), rules["calcium_mg_dl"])
    return sorted((_with_kind(each, series) for each in found), key=lambda each: (each.on.earliest, each.sources))


def _series(measurements: Iterable[Measurement], since: date, as_of: date) -> dict[Analyte, list[_Point]]:
    series: dict[Analyte, list[_Point]] = {}
    held = [each for each in measurements if each.analyte in _ASKED_FOR]
    contradictory = {id(each) for values in disagreeing(held).values() for each in values}
    for each in held:
        if id(each) in contradictory:
            continue
        if (
            each.problem is None
            and each.on is not None
            and each.on.exact
            and since <= each.on.earliest <= as_of
            and not each.preliminary
        ):
            low = each.value if each.value is not None else each.low or 0.0
            high = each.value if each.value is not None else each.high if each.high is not None else float("inf")
            series.setdefault(each.analyte, []).append(_Point(each.on.earliest, low, high, (each.source,)))
    for points in series.values():
        points.sort(key=lambda point: (point.day, point.low, point.sources))
    return series


def _serum_rise(nadir: float) -> float:
    rules = definitions("progression")
    high = nadir >= rules["serum_m_protein_high_nadir_g_dl"]
    return rules["serum_m_protein_high_rise_g_dl"] if high else max(rules["relative_rise"] * nadir, rules["serum_m_protein_g_dl"])


def _rises(points: Sequence[_Point], needed: Callable[[float], float], assessments: int = 2) -> list[LabProgression]:
    """Rises of at least `needed(nadir)` above the lowest value, on consecutive assessments."""
    found: list[LabProgression] = []
    nadir: _Point | None = None
    risen: list[_Point] = []
    for point in points:
        if nadir is None or point.high <= nadir.high:
            nadir, risen = point, []
            continue
        if point.low - nadir.high >= needed(nadir.high) - 1e-9:
            risen.append(point)
        else:
            risen = []
        if len(risen) == assessments:
            found.append(_progression(risen, (*nadir.sources, *risen[0].sources, *risen[-1].sources), confirmed=True))
            nadir, risen = None, []
    if risen and nadir is not None:
        found.append(_progression(risen, (*nadir.sources, *risen[0].sources), confirmed=False))
    return found


def _above(points: Sequence[_Point], limit: float) -> list[LabProgression]:
    run: list[_Point] = []
    for point in points:
        run = [*run, point] if point.low > limit else []
        if len(run) == 2:
            return [_progression(run, (*run[0].sources, *run[1].sources), confirmed=True)]
    return [_progression(run, run[0].sources, confirmed=False)] if run else []


def _progression(points: Sequence[_Point], sources: tuple[Source, ...], *, confirmed: bool) -> LabProgression:
    return LabProgression(
        on=PartialDate.day(points[0].day),
        until=points[-1].day,
        kind=RelapseKind.BIOCHEMICAL,
        confirmed=confirmed,
        sources=tuple(sorted(set(sources))),
    )


def _difference(series: dict[Analyte, list[_Point]]) -> list[_Point]:
    """Involved minus uninvolved light chain per day. The involved chain is the one that reaches the higher value."""
    kappa = {point.day: point for point in series.get(Analyte.FREE_KAPPA, [])}
    lambda_ = {point.day: point for point in series.get(Analyte.FREE_LAMBDA, [])}
    days = sorted(kappa.keys() & lambda_.keys())
    if not days:
        return []
    involved, other = (
        (kappa, lambda_) if max(kappa[day].low for day in days) >= max(lambda_[day].low for day in days) else (lambda_, kappa)
    )
    return [
        _Point(
            day,
            max(involved[day].low - other[day].high, 0.0),
            max(involved[day].high - other[day].low, 0.0),
            (*involved[day].sources, *other[day].sources),
        )
        for day in days
    ]


def _with_kind(found: LabProgression, series: dict[Analyte, list[_Point]]) -> LabProgression:
    """Clinical when an organ feature of myeloma appears at that time, else biochemical."""
    evidence = _organ_evidence(found.on.earliest, found.until, series)
    return replace(found, kind=RelapseKind.CLINICAL, sources=tuple(sorted({*found.sources, *evidence}))) if evidence else found


def _organ_evidence(first: date, last: date, series: dict[Analyte, list[_Point]]) -> list[Source]:
    """Results around the progression that show an organ feature of myeloma."""
    around = timedelta(days=definitions("relapse")["clinical_evidence_days"])
    evidence: list[Source] = []
    for analyte, shows in _ORGAN_FEATURES.items():
        points = series.get(analyte, [])
        for point in points:
            if first - around <= point.day <= last + around:
                before = [earlier for earlier in points if earlier.day < point.day]
                if shows(point, before):
                    evidence.extend(point.sources)
    return evidence


def _hypercalcaemia(point: _Point, _: Sequence[_Point]) -> bool:
    return point.low > definitions("progression")["calcium_mg_dl"]


def _anaemia(point: _Point, before: Sequence[_Point]) -> bool:
    rules = definitions("progression")
    fallen = any(earlier.low - point.high >= rules["haemoglobin_fall_g_dl"] for earlier in before)
    return fallen or point.high < rules["haemoglobin_g_dl"]


def _renal_failure(point: _Point, before: Sequence[_Point]) -> bool:
    return any(point.low - earlier.high >= definitions("progression")["creatinine_rise_mg_dl"] for earlier in before)


_ORGAN_FEATURES: dict[Analyte, Callable[[_Point, Sequence[_Point]], bool]] = {
    Analyte.CALCIUM: _hypercalcaemia,
    Analyte.HAEMOGLOBIN: _anaemia,
    Analyte.CREATININE: _renal_failure,
}


MARKERS = frozenset(
    {
        Analyte.SERUM_M_PROTEIN,
        Analyte.URINE_M_PROTEIN,
        Analyte.FREE_KAPPA,
        Analyte.FREE_LAMBDA,
        Analyte.MARROW_PLASMA_CELLS,
    }
)
_ASKED_FOR = MARKERS | _ORGAN_FEATURES.keys()


def disagreeing(measurements: Iterable[Measurement]) -> dict[tuple[Analyte, date], list[Measurement]]:
    """Results of one analyte at one time that are not the same number, by analyte and day."""
    by_time: dict[tuple[Analyte, date], list[Measurement]] = {}
    for each in measurements:
        if each.problem is None and each.on is not None and each.on.exact:
            by_time.setdefault((each.analyte, each.on.earliest), []).append(each)
    several = {key: values for key, values in by_time.items() if len(values) > 1}
    return {
        key: values for key, values in sorted(several.items()) if len({(each.value, each.low, each.high) for each in values}) > 1
    }
