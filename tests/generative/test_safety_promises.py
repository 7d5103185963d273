"""The safety promises, each over random patients in every dialect.

What deletion can and cannot promise. A result that a rule asks for (kidneys, nerves, heart, counts) is open-world: when its only
record goes, the fact is unknown, and a regimen it spoke against rises at most to check-first. A list (drugs given, diagnoses) is
closed-world: no reader can see that an entry is missing, so a shorter therapy history is a different patient; promised is that
deletion never adds an exposure.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.charts import (
    changed,
    charts,
    encoded,
    entries,
    evaluated,
    is_organ_evidence,
    is_organ_result,
    medical,
    preferred,
    standing,
    to_the_month,
    without,
)
from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart
from tests.support.samples import SAMPLES, Sample

EACH_DIALECT = pytest.mark.parametrize("dialect", list(DIALECTS))
FEW = settings(max_examples=10, deadline=None, derandomize=True)
_MODIFIER = {"url": "https://ehr.example/fhir/StructureDefinition/negated", "valueBoolean": True}


def _one(data: st.DataObject, request: Json) -> tuple[str, int, Json]:
    return data.draw(st.sampled_from(list(entries(request))))


def _promotions(before: Json, after: Json) -> set[str]:
    """Regimens that the second evaluation holds safe and the first did not."""
    rising = standing(after, "suitable") - standing(before, "suitable")
    silently = preferred(after) - preferred(before) if set(after.get("unknown", [])) <= set(before.get("unknown", [])) else set()
    return rising | silently


@EACH_DIALECT
@FEW
@given(chart=charts())
def test_p1_deleting_an_organs_only_record_promotes_nothing(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    before = evaluated(request)
    for key, place, resource in entries(request):
        if is_organ_evidence(resource):
            after = evaluated(without(request, key, place))
            assert _promotions(before, after) == set(), resource
            assert set(before.get("unknown", [])) - {"neuropathy-pain"} <= set(
                after.get("unknown", [])
            )  # no grade, no question of pain


@EACH_DIALECT
@FEW
@given(chart=charts(), data=st.data())
def test_p1_deleting_any_record_never_adds_an_exposure(dialect: str, chart: Chart, data: st.DataObject) -> None:
    request = encoded(chart, dialect)
    key, place, _ = _one(data, request)
    before, after = evaluated(request).get("history", {}), evaluated(without(request, key, place)).get("history", {})
    assert set(after.get("exposedTo", [])) <= set(before.get("exposedTo", []))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_p1_deleting_an_organs_record_from_a_sample_promotes_nothing(sample: Sample) -> None:
    request = sample.request()
    before = evaluated(request)
    for key, place, resource in entries(request):
        if is_organ_evidence(resource):
            assert _promotions(before, evaluated(without(request, key, place))) == set(), resource


def _retracted(resource: Json) -> Json:
    if resource["resourceType"] == "Condition":
        return resource | {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    return resource | {"status": "entered-in-error"}


@EACH_DIALECT
@FEW
@given(chart=charts(), data=st.data())
def test_p2_a_retracted_record_is_as_if_it_were_not_there(dialect: str, chart: Chart, data: st.DataObject) -> None:
    request = encoded(chart, dialect)
    key, place, _ = _one(data, request)
    assert medical(evaluated(changed(request, key, place, _retracted))) == medical(evaluated(without(request, key, place)))


@EACH_DIALECT
@FEW
@given(chart=charts(), data=st.data())
def test_p3_an_unknown_modifier_stops_the_use_of_a_record(dialect: str, chart: Chart, data: st.DataObject) -> None:
    request = encoded(chart, dialect)
    key, place, _ = _one(data, request)
    modified = evaluated(changed(request, key, place, lambda resource: resource | {"modifierExtension": [_MODIFIER]}))
    gone = evaluated(without(request, key, place))
    assert modified.get("history") == gone.get("history")
    assert standing(modified, "suitable") <= standing(gone, "suitable")


def _unitless(resource: Json) -> Json:
    if "valueString" in resource:
        return resource | {"valueString": resource["valueString"].split(" ")[0]}
    return resource | {"valueQuantity": {"value": resource["valueQuantity"]["value"]}}


@EACH_DIALECT
@FEW
@given(chart=charts())
def test_p4_a_number_without_a_unit_is_no_better_than_none(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    for key, place, resource in entries(request):
        if is_organ_result(resource):
            bare, gone = evaluated(changed(request, key, place, _unitless)), evaluated(without(request, key, place))
            assert bare.get("measurements") == gone.get("measurements")
            assert (standing(bare, "suitable"), preferred(bare)) == (standing(gone, "suitable"), preferred(gone))


@EACH_DIALECT
@FEW
@given(chart=charts())
def test_p5_coarser_dates_leave_things_open_but_never_turn_them_round(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    coarse = copy.deepcopy(request)
    for key in ("conditions", "medicationStatements", "medicationRequests", "medicationAdministrations", "procedures"):
        coarse["prefetch"][key] = to_the_month(coarse["prefetch"][key])
    exact, open_ended = evaluated(request), evaluated(coarse)
    if open_ended["outcome"] != "recommendation":
        assert open_ended["outcome"] in {"insufficient-data", "conflicting-data", "no-regimen"}
        return
    early: dict[str, Any] = open_ended["history"].get("relapse", {})
    assert early.get("early", exact["history"]["relapse"]["early"]) == exact["history"]["relapse"]["early"]
    assert set(open_ended["history"].get("refractoryTo", [])) <= set(exact["history"].get("refractoryTo", []))


def _contradicted(request: Json, key: str, place: int) -> Json:
    """A second result of the same instant, four times as high."""
    other = copy.deepcopy(request)
    second = copy.deepcopy(other["prefetch"][key]["entry"][place])
    resource = second["resource"]
    resource["id"] = f"{resource['id']}-again"
    second["fullUrl"] = f"https://ehr.example/fhir/Observation/{resource['id']}"
    if "valueString" in resource:
        number, unit = resource["valueString"].split(" ", 1)
        resource["valueString"] = f"{float(number.replace(',', '.')) * 4} {unit}"
    else:
        resource["valueQuantity"]["value"] *= 4
    for when in (other["prefetch"][key]["entry"][place]["resource"], resource):
        when["effectiveDateTime"] = "2026-11-10T08:00:00Z"
    other["prefetch"][key]["entry"].append(second)
    return other


@EACH_DIALECT
@FEW
@given(chart=charts().filter(lambda chart: any(result.analyte == "creatinine" for result in chart.results)))
def test_p6_two_results_of_one_instant_that_differ_are_shown_and_help_nobody(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    before = evaluated(request)
    for key, place, resource in entries(request):
        if is_organ_result(resource) and resource["code"]["coding"][-1]["code"] in {"2160-0", "14682-9"}:
            after = evaluated(_contradicted(request, key, place))
            assert after.get("conflicts")
            assert standing(after, "suitable") <= standing(before, "suitable")


@EACH_DIALECT
@FEW
@given(chart=charts())
def test_p7_a_drug_whose_code_and_name_nobody_knows_is_counted(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    before = evaluated(request)
    unknown = {
        "resourceType": "MedicationStatement",
        "id": "unknown-1",
        "status": "completed",
        "subject": {"reference": f"Patient/{chart.patient_id}"},
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "99999999"}],
            "text": "examplomab 100 mg infusion",
        },
    }
    more = copy.deepcopy(request)
    more["prefetch"]["medicationStatements"].setdefault("entry", []).append({"resource": unknown})
    after = evaluated(more)
    assert after.get("notRecognised", 0) == before.get("notRecognised", 0) + 1
    assert after["history"] == before["history"]
