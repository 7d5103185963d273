"""Treatments and findings that several samples share."""

from __future__ import annotations

from tests.support.patients import Chart, a_chart


def fit(chart: Chart, *, creatinine: float, weight: float, on: str = "2026-11-10") -> Chart:
    """Recent kidneys, counts, blood pressure and performance; only the creatinine given can stand in a regimen's way."""
    chart = chart.with_creatinine(creatinine, on, weight=weight).with_blood_counts(on).with_result("calcium", 9.4, on)
    chart = chart.with_result("systolic-pressure", 128, on).with_result("diastolic-pressure", 76, on)
    return chart.with_result("ecog", 1, on)


def vtd_and_transplant(transplant: str, relapse: str) -> Chart:
    """VTd and one transplant, the founding patient's treatment, with the dates that the time to relapse hangs on."""
    chart = a_chart().born("1968-03-14", "male").diagnosed("2024-09-30")
    chart = chart.with_line("VTd", "2024-10-14", "2025-02-24", stop="completed").with_transplant(transplant).relapsed(relapse)
    return fit(chart, creatinine=0.9, weight=78).with_supportive_care("2024-10-14")


def rd_completed() -> Chart:
    chart = a_chart().born("1952-06-02", "female").diagnosed("2023-01-16")
    chart = chart.with_line("Rd", "2023-02-06", "2024-11-25", stop="completed").relapsed("2026-09-30")
    return fit(chart, creatinine=0.8, weight=64).with_supportive_care("2023-02-06")


def vcd(birth_date: str, sex: str, *, creatinine: float, weight: float) -> Chart:
    chart = a_chart().born(birth_date, sex).diagnosed("2024-11-18")
    chart = chart.with_line("VCd", "2024-12-02", "2025-06-16", stop="completed").relapsed("2026-09-14")
    return fit(chart, creatinine=creatinine, weight=weight)


def lenalidomide_refractory() -> Chart:
    chart = a_chart().born("1960-08-21", "male").diagnosed("2022-04-11")
    chart = (
        chart.with_line("VRd", "2022-05-02", "2022-10-10", stop="completed")
        .with_transplant("2022-11-15")
        .responded("VGPR", "2023-01-30")
    )
    chart = chart.with_line("R", "2023-02-06", "2026-10-05", stop="progression").relapsed("2026-10-05")
    return fit(chart, creatinine=1.0, weight=84).with_neuropathy(1, "2026-11-10").with_result("lvef", 61, "2026-10-30")


def four_lines() -> Chart:
    chart = a_chart().born("1963-02-27", "male").diagnosed("2018-02-26")
    chart = chart.with_line("VRd", "2018-03-12", "2018-08-20", stop="completed").with_transplant("2018-09-18")
    chart = chart.with_line("R", "2018-12-10", "2021-06-14", stop="progression").relapsed("2021-06-14")
    chart = chart.with_line("DKd", "2021-07-05", "2023-03-20", stop="progression").relapsed("2023-03-20")
    chart = chart.with_line("EPd", "2023-04-11", "2024-01-29", stop="progression").relapsed("2024-01-29")
    chart = chart.with_car_t("ciltacabtagene-autoleucel", "2024-04-16").responded("sCR", "2024-07-22").relapsed("2026-10-12")
    return fit(chart, creatinine=1.1, weight=81).with_neuropathy(1, "2026-11-10").with_result("lvef", 57, "2026-11-03")
