"""Which value is used on a day, which records are passed over and why, and what the clearance is computed from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cds_service.knowledge.kidney import age_bounds, clearance, cockcroft_gault
from cds_service.knowledge.readings import Readings, read
from cds_service.knowledge.rules import Window
from fhir_mappings.facts import Analyte, Measurement, PartialDate, Patient, Problem, Sex

AS_OF = date(2026, 11, 22)
WINDOWS = {
    analyte: Window(analyte=analyte, days=days, unit=unit, mark="D", source="S30")
    for analyte, days, unit in [
        (Analyte.CREATININE, 30, "mg/dL"),
        (Analyte.CREATININE_CLEARANCE, 30, "mL/min"),
        (Analyte.WEIGHT, 180, "kg"),
        (Analyte.NEUROPATHY_GRADE, 180, None),
    ]
}


def taken(value: float | None, days: int | None = 3, analyte: Analyte = Analyte.CREATININE, **more: object) -> Measurement:
    on = None if days is None else PartialDate.day(AS_OF - timedelta(days=days))
    given = {"value": value, "on": on, "source": f"Observation/{value}-{days}", **more}
    return Measurement(analyte=analyte, **given)  # type: ignore[arg-type]  # members by name, checked when the test runs


def reading(*results: Measurement) -> Readings:
    return read(results, WINDOWS, as_of=AS_OF)


def test_the_latest_usable_result_is_used_and_the_others_say_why_not() -> None:
    found = reading(
        taken(1.0, 20), taken(1.3, 5), taken(9.0, 31), taken(8.0, -1), taken(None, 2, problem=Problem.NO_UNIT), taken(7.0, None)
    )
    assert found.used[Analyte.CREATININE].value == 1.3
    assert {(u.value, u.why) for u in found.unusable} == {
        (8.0, "future-dated"),
        (None, "no-unit"),
        (7.0, "no-date"),
    }


def test_an_old_value_is_named_only_where_no_newer_one_is_used() -> None:
    assert {(u.value, u.why) for u in reading(taken(1.0, 40), taken(1.3, 90)).unusable} == {(1.0, "stale")}


def test_a_final_result_stands_before_a_preliminary_one_of_the_day() -> None:
    assert (
        reading(taken(1.0, 3, preliminary=True), taken(1.4, 3, source="Observation/final")).used[Analyte.CREATININE].value == 1.4
    )


def test_results_of_one_day_that_differ_are_an_interval_and_a_conflict() -> None:
    found = reading(taken(1.0), taken(3.0))
    used = found.used[Analyte.CREATININE]
    assert (used.value, used.low, used.high) == (None, 1.0, 3.0)
    assert [(c.code, c.decides) for c in found.conflicts] == [("creatinine-results-disagree", False)]
    assert {u.why for u in found.unusable} == {"disagree"}


def test_the_same_result_twice_is_one_result_with_two_sources() -> None:
    found = reading(taken(1.0, source="Observation/a"), taken(1.0, source="Observation/b"))
    assert found.used[Analyte.CREATININE].sources == ("Observation/a", "Observation/b")
    assert found.conflicts == ()


def test_a_month_that_reaches_back_beyond_the_window_is_not_fresh() -> None:
    month = Measurement(analyte=Analyte.CREATININE, value=1.0, on=PartialDate.month(2026, 10), source="Observation/m")
    assert Analyte.CREATININE not in reading(month).used


@pytest.mark.parametrize(
    ("pains", "merged"), [((True, None), True), ((False, None), False), ((True, False), None), ((None, None), None)]
)
def test_pain_that_one_of_two_records_gives_counts(pains: tuple[bool | None, bool | None], merged: bool | None) -> None:
    grades = [taken(2.0, 3, Analyte.NEUROPATHY_GRADE, with_pain=pain, source=f"Condition/{n}") for n, pain in enumerate(pains)]
    assert reading(*grades).used[Analyte.NEUROPATHY_GRADE].with_pain is merged


def test_cockcroft_gault_of_the_worked_example() -> None:
    # A woman of 73 years, 50 kg, 1.4 mg/dL: 28 mL/min, where CKD-EPI gives 40.
    assert round(cockcroft_gault(age=73, weight_kg=50, creatinine_mg_dl=1.4, female=True)) == 28


def test_the_clearance_carries_its_method_and_sources() -> None:
    patient = Patient(id="p", sex=Sex.FEMALE, birth_date=PartialDate.day(date(1953, 11, 22)))
    used = clearance(patient, reading(taken(1.4), taken(50, 9, Analyte.WEIGHT)), as_of=AS_OF)
    assert used is not None
    assert (round(used.value or 0), used.method, used.unit) == (28, "cockcroft-gault", "mL/min")
    assert used.sources == ("Observation/1.4-3", "Observation/50-9")
    assert used.on == PartialDate.day(AS_OF - timedelta(days=3))


def test_a_recorded_clearance_stands_in_and_an_egfr_never() -> None:
    patient = Patient(id="p", sex=Sex.MALE, birth_date=PartialDate.year(1960))
    recorded = clearance(patient, reading(taken(44, 3, Analyte.CREATININE_CLEARANCE), taken(1.0)), as_of=AS_OF)
    assert recorded is not None
    assert (recorded.value, recorded.method) == (44, "measured")
    assert clearance(patient, reading(taken(80, 3, Analyte.EGFR), taken(1.0)), as_of=AS_OF) is None


@pytest.mark.parametrize(
    ("born", "bounds"),
    [
        (PartialDate.day(date(1966, 11, 22)), (60, 60)),
        (PartialDate.day(date(1966, 11, 23)), (59, 59)),
        (PartialDate.month(1966, 11), (59, 60)),
        (PartialDate.year(1966), (59, 60)),
        (PartialDate.day(date(2027, 1, 1)), None),
        (None, None),
    ],
)
def test_age_as_far_as_the_birth_date_tells(born: PartialDate | None, bounds: tuple[int, int] | None) -> None:
    assert age_bounds(born, AS_OF) == bounds
