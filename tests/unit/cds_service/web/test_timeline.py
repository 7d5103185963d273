"""The timeline: where things are put, what is certain and what is not, and what it says of them."""

from __future__ import annotations

from datetime import date

import pytest

from cds_service.web.panel_picture import draw_panel
from cds_service.web.panels import Panel, panels_of
from cds_service.web.shapes import NARROW, WIDE, TimeAxis, ValueAxis
from cds_service.web.timeline import Lane, Timeline, timeline_of
from cds_service.web.timeline_picture import axis_for, draw_timeline
from fhir_mappings.facts import DrugExposure, PartialDate, Patient, PatientFacts, Sex
from tests.unit.cds_service.web.test_what_if import evaluated, facts_of, knowledge


def of_sample(name: str) -> Timeline:
    facts = facts_of(name)
    return timeline_of(facts, evaluated(facts), knowledge())


def lane(timeline: Timeline, title: str) -> Lane:
    return next(each for each in timeline.lanes if each.title == title)


def of_exposure(exposure: DrugExposure) -> Timeline:
    facts = PatientFacts(patient=Patient(id="p", sex=Sex.MALE), exposures=(exposure,))
    return timeline_of(facts, evaluated(facts), knowledge())


def test_drugs_stand_by_class_in_the_order_of_the_drug_table():
    timeline = of_sample("triple-class-exposed")
    assert [(each.group, each.title) for each in timeline.lanes if each.kind == "drug"] == [
        ("Proteasome inhibitor", "bortezomib"),
        ("Immunomodulatory drug (IMiD)", "thalidomide"),
        ("Immunomodulatory drug (IMiD)", "lenalidomide"),
        ("Anti-CD38 antibody", "daratumumab"),
        ("Corticosteroid", "dexamethasone"),
    ]


def test_the_bracket_spans_the_months_of_the_evaluation():
    timeline = of_sample("founding-patient")
    assert timeline.remission is not None
    assert (timeline.remission.label, timeline.remission.start, timeline.remission.end) == (
        "18 months", date(2025, 4, 15), date(2026, 10, 28),
    )  # fmt: skip


def test_a_vague_date_leaves_margins():
    (line,) = lane(of_sample("dates-undecidable"), "Lines of therapy").spans
    assert line.earliest < line.start < line.end < line.latest


def test_a_year_alone_is_nowhere_certain():
    timeline = of_exposure(DrugExposure(drug="bortezomib", start=PartialDate.year(2024), end=PartialDate.year(2024)))
    (bar,) = lane(timeline, "bortezomib").spans
    assert (bar.earliest, bar.latest) == (date(2024, 1, 1), date(2024, 12, 31))
    assert bar.earliest <= bar.start <= bar.end <= bar.latest


def test_an_end_that_nobody_recorded_looks_inferred():
    timeline = of_exposure(DrugExposure(drug="bortezomib", start=PartialDate.day(date(2024, 5, 2))))
    (bar,) = lane(timeline, "bortezomib").spans
    assert bar.inferred
    assert "end not recorded" in bar.says


def test_current_therapy_runs_to_the_day_of_the_judgement():
    exposure = DrugExposure(drug="lenalidomide", start=PartialDate.day(date(2024, 5, 2)), ongoing=True)
    (bar,) = lane(of_exposure(exposure), "lenalidomide").spans
    assert (bar.ongoing, bar.end) == (True, date(2026, 11, 22))


def test_a_drug_without_a_date_is_told_in_words():
    timeline = of_exposure(DrugExposure(drug="bortezomib", sources=("MedicationStatement/m1",)))
    assert timeline.undated == ("bortezomib: no date (MedicationStatement/m1)",)


def test_every_mark_says_what_when_and_by_which_record():
    for name in ("founding-patient", "second-relapse", "biochemical-relapse"):
        for mark in draw_timeline(of_sample(name), WIDE).marks:
            assert "20" in mark.says
            assert "/" in mark.says or "complete months" in mark.says, mark.says


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_drawn_outside_the_picture(layout):
    for name in ("founding-patient", "triple-class-exposed", "dates-undecidable", "biochemical-relapse"):
        facts = facts_of(name)
        timeline = of_sample(name)
        pictures = [draw_timeline(timeline, layout)]
        axis = axis_for(timeline, layout)
        pictures += [draw_panel(each, axis, 0) for each in panels_of(facts, evaluated(facts), knowledge())]
        for picture in pictures:
            rects = [*picture.rects, *(rect for mark in picture.marks for rect in mark.rects)]
            assert all(rect.x >= 0 and rect.x + rect.width <= layout.width + 1 for rect in rects)
            assert all(rect.y >= 0 and rect.y + rect.height <= picture.height for rect in rects)


def clearance(sample: str) -> Panel:
    facts = facts_of(sample)
    return next(each for each in panels_of(facts, evaluated(facts), knowledge()) if each.title == "Creatinine clearance")


def test_the_clearance_that_is_used_is_the_one_of_the_evaluation():
    used = [reading for series in clearance("founding-patient").series for reading in series.readings if reading.used]
    said = next(each for each in evaluated(facts_of("founding-patient")).measurements if each.analyte == "creatinine-clearance")
    assert [reading.value for reading in used] == [said.value]
    assert "this value is used" in used[0].says


def test_limits_of_the_clearance_come_from_the_knowledge():
    limits = {c.params["limit"] for rule in knowledge().rules for c in rule.when if c.criterion == "kidney-below"}
    assert {limit.value for limit in clearance("founding-patient").limits} == limits


def test_the_limit_of_progression_starts_from_the_lowest_value():
    facts = facts_of("biochemical-relapse")
    panel = next(each for each in panels_of(facts, evaluated(facts), knowledge()) if each.title == "Serum M-protein")
    lowest = min(reading.value for reading in panel.series[0].readings)
    assert [limit.value for limit in panel.limits] == [pytest.approx(lowest + 0.5)]


def test_time_and_values_have_their_places():
    axis = TimeAxis(first=date(2020, 1, 1), last=date(2021, 1, 1), layout=WIDE)
    assert (axis.at(date(2020, 1, 1)), axis.at(date(2021, 1, 1))) == (axis.left, WIDE.width - WIDE.right)
    assert len(axis.ticks()) <= WIDE.years
    values = ValueAxis(top=10, ceiling=20, floor=120)
    assert (values.at(0), values.at(10), values.at(99)) == (120, 20, 20)
