"""Creatinine clearance on the day the chart is judged: by Cockcroft and Gault, else the fresh recorded value, else unknown.

The steps of drug labels are in Cockcroft–Gault clearance, so the computed value comes first; a recorded clearance stands in for
it when it cannot be computed. An eGFR never does: it is normalised to body surface and can lie on the other side of a dose step.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cds_service.knowledge.evaluation import UsedMeasurement
from cds_service.knowledge.readings import Readings
from fhir_mappings.facts import Analyte, PartialDate, Patient, Sex

UNIT = "mL/min"
COCKCROFT_GAULT = "cockcroft-gault"
MEASURED = "measured"


def years_between(born: date, as_of: date) -> int:
    """Completed years of age."""
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def age_bounds(birth_date: PartialDate | None, as_of: date) -> tuple[int, int] | None:
    """The youngest and the oldest age the birth date allows; None without one, or with one after `as_of`."""
    if birth_date is None or birth_date.earliest > as_of:
        return None
    return years_between(min(birth_date.latest, as_of), as_of), years_between(birth_date.earliest, as_of)


def cockcroft_gault(*, age: int, weight_kg: float, creatinine_mg_dl: float, female: bool) -> float:
    """Clearance in mL/min from actual body weight (Cockcroft and Gault 1976)."""
    return (140 - age) * weight_kg / (72 * creatinine_mg_dl) * (0.85 if female else 1.0)


def clearance(patient: Patient, readings: Readings, *, as_of: date) -> UsedMeasurement | None:
    """The clearance to use, in mL/min; an interval where an input is one."""
    computed = _computed(patient, readings, as_of)
    if computed is not None:
        return computed
    measured = readings.used.get(Analyte.CREATININE_CLEARANCE)
    return replace(measured, unit=UNIT, method=MEASURED) if measured else None


def missing_for_clearance(patient: Patient, readings: Readings, *, as_of: date) -> tuple[str, ...]:
    """What keeps the clearance from being computed."""
    lacking = [str(analyte) for analyte in (Analyte.CREATININE, Analyte.WEIGHT) if analyte not in readings.used]
    if age_bounds(patient.birth_date, as_of) is None:
        lacking.append("age")
    if patient.sex is Sex.UNKNOWN:
        lacking.append("sex")
    return tuple(lacking)


def _computed(patient: Patient, readings: Readings, as_of: date) -> UsedMeasurement | None:
    if missing_for_clearance(patient, readings, as_of=as_of):
        return None
    creatinine, weight = readings.used[Analyte.CREATININE], readings.used[Analyte.WEIGHT]
    ages = age_bounds(patient.birth_date, as_of)
    if ages is None:
        return None
    female = patient.sex is Sex.FEMALE
    creatinine_low, creatinine_high = _bounds(creatinine)
    weight_low, weight_high = _bounds(weight)
    low = high = None
    if creatinine_high is not None and weight_low is not None:
        low = cockcroft_gault(age=ages[1], weight_kg=weight_low, creatinine_mg_dl=creatinine_high, female=female)
    if creatinine_low is not None and creatinine_low > 0 and weight_high is not None:
        high = cockcroft_gault(age=ages[0], weight_kg=weight_high, creatinine_mg_dl=creatinine_low, female=female)
    if low is None and high is None:
        return None
    return UsedMeasurement(
        analyte=Analyte.CREATININE_CLEARANCE,
        value=low if low == high else None,
        low=None if low == high else low,
        high=None if low == high else high,
        unit=UNIT,
        method=COCKCROFT_GAULT,
        on=creatinine.on,
        sources=tuple(sorted({*creatinine.sources, *weight.sources})),
    )


def _bounds(used: UsedMeasurement) -> tuple[float | None, float | None]:
    return (used.value, used.value) if used.value is not None else (used.low, used.high)
