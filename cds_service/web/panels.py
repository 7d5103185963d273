"""Results over time with the limits that matter: M-protein, light chains, creatinine clearance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cds_service.knowledge import kidney
from cds_service.knowledge.evaluation import Evaluation
from cds_service.knowledge.model import Knowledge
from cds_service.numbers import shown
from cds_service.phrases import phrase
from cds_service.web.timeline import sources_in_words
from fhir_mappings.definitions import definitions
from fhir_mappings.facts import Analyte, Measurement, PatientFacts, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One result. `computed`: by us from other results. `used`: the value that the evaluation rests on."""

    on: date
    value: float
    says: str
    computed: bool = False
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    value: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture of results in one unit."""

    title: str
    unit: str
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()


def panels_of(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> tuple[Panel, ...]:
    """The panels that have at least one result."""
    found = (
        _panel("Serum M-protein", "g/dL", facts, evaluation, [Analyte.SERUM_M_PROTEIN], serum=True),
        _panel("Urine M-protein", "mg/24 h", facts, evaluation, [Analyte.URINE_M_PROTEIN]),
        _panel("Free light chains", "mg/L", facts, evaluation, [Analyte.FREE_KAPPA, Analyte.FREE_LAMBDA]),
        _clearance_panel(facts, evaluation, knowledge),
    )
    return tuple(panel for panel in found if panel is not None)


def _panel(
    title: str, unit: str, facts: PatientFacts, evaluation: Evaluation, analytes: Sequence[Analyte], *, serum: bool = False
) -> Panel | None:
    series = tuple(
        Series(name=phrase("analyte", analyte.value), readings=readings)
        for analyte in analytes
        if (readings := tuple(_readings(facts.measurements, analyte, unit, evaluation.as_of)))
    )
    if not series:
        return None
    return Panel(title=title, unit=unit, series=series, limits=tuple(_progression_limit(series[0])) if serum else ())


def _readings(measurements: Iterable[Measurement], analyte: Analyte, unit: str, as_of: date) -> Iterator[Reading]:
    for each in sorted(_usable(measurements, analyte, as_of), key=_in_time):
        value = _point(each)
        if each.on is not None and value is not None:
            says = f"{phrase('analyte', analyte.value)} {_amount(each)} {unit}, {each.on}{sources_in_words([each.source])}"
            yield Reading(on=each.on.earliest, value=value, says=says)


def _usable(measurements: Iterable[Measurement], analyte: Analyte, as_of: date) -> list[Measurement]:
    return [m for m in measurements if m.analyte is analyte and m.problem is None and m.on and m.on.earliest <= as_of]


def _in_time(measurement: Measurement) -> tuple[date, str]:
    return (measurement.on.earliest if measurement.on else date.min, measurement.source)


def _point(measurement: Measurement) -> float | None:
    """Where a result is drawn: its value, or the bound that was written."""
    if measurement.value is not None:
        return measurement.value
    return measurement.high if measurement.high is not None else measurement.low


def _amount(measurement: Measurement) -> str:
    if measurement.value is not None:
        return f"{shown(measurement.value)}"
    if measurement.high is not None:
        return f"below {shown(measurement.high)}"
    return f"above {shown(measurement.low)}" if measurement.low is not None else "?"


def _progression_limit(series: Series) -> Iterator[Limit]:
    """From the lowest value on, what counts as progression: a quarter more, and at least 0.5 g/dL (IMWG)."""
    rules = definitions("progression")
    if len(series.readings) > 1:
        nadir = min(reading.value for reading in series.readings[:-1])
        rise = max(rules["relative_rise"] * nadir, rules["serum_m_protein_g_dl"])
        yield Limit(value=nadir + rise, label=f"progression from {shown(round(nadir + rise, 2))}")


def _clearance_panel(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> Panel | None:
    recorded = _readings(facts.measurements, Analyte.CREATININE_CLEARANCE, "mL/min", evaluation.as_of)
    readings = [*recorded, *_computed_clearance(facts, evaluation)]
    if not readings:
        return None
    limits = {
        float(value)
        for rule in knowledge.rules
        for condition in rule.when
        if condition.criterion == "kidney-below" and isinstance(value := condition.params.get("limit"), int | float)
    }
    return Panel(
        title="Creatinine clearance",
        unit="mL/min",
        series=(Series(name="Creatinine clearance", readings=tuple(sorted(readings, key=lambda each: each.on))),),
        limits=tuple(Limit(value=value, label=f"limit {shown(value)}") for value in sorted(limits)),
    )


def _computed_clearance(facts: PatientFacts, evaluation: Evaluation) -> Iterator[Reading]:
    """Cockcroft–Gault at every creatinine, with the weight nearest before it (else the first after it)."""
    used = next((each for each in evaluation.measurements if each.analyte is Analyte.CREATININE_CLEARANCE), None)
    weights = sorted(_usable(facts.measurements, Analyte.WEIGHT, evaluation.as_of), key=_in_time)
    female = facts.patient.sex is Sex.FEMALE
    if facts.patient.sex is Sex.UNKNOWN:
        return
    for each in sorted(_usable(facts.measurements, Analyte.CREATININE, evaluation.as_of), key=_in_time):
        if each.on is None or not each.value:
            continue
        ages = kidney.age_bounds(facts.patient.birth_date, each.on.earliest)
        weight = _weight_for(each.on.earliest, weights)
        if ages is None or weight is None or weight.value is None:
            continue
        value = kidney.cockcroft_gault(age=ages[1], weight_kg=weight.value, creatinine_mg_dl=each.value, female=female)
        is_used = used is not None and used.method == kidney.COCKCROFT_GAULT and each.source in used.sources
        if is_used and used is not None and used.value is not None:
            value = used.value  # by the age of today
        rests_on = f"creatinine {shown(each.value)} mg/dL, weight {shown(weight.value)} kg of {weight.on}"
        yield Reading(
            on=each.on.earliest,
            value=value,
            says=f"Creatinine clearance {shown(value)} mL/min, {each.on}, computed from {rests_on}"
            f"{'; this value is used' if is_used else ''}{sources_in_words([each.source, weight.source])}",
            computed=True,
            used=is_used,
        )


def _weight_for(day: date, weights: Sequence[Measurement]) -> Measurement | None:
    before = [each for each in weights if each.on and each.on.earliest <= day and each.value]
    after = [each for each in weights if each.on and each.on.earliest > day and each.value]
    return before[-1] if before else after[0] if after else None
