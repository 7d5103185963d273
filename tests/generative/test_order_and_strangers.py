"""The order of a chart's entries means nothing, and another patient's records help nobody."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.charts import charts, encoded, evaluated, shuffled
from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart
from tests.support.samples import SAMPLES, Sample

EACH_DIALECT = pytest.mark.parametrize("dialect", list(DIALECTS))
FEW = settings(max_examples=10, deadline=None, derandomize=True)


@EACH_DIALECT
@FEW
@given(chart=charts(), seed=st.integers(0, 10**6))
def test_shuffling_changes_nothing(dialect: str, chart: Chart, seed: int) -> None:
    request = encoded(chart, dialect)
    assert evaluated(shuffled(request, seed)) == evaluated(request)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_shuffling_a_sample_changes_nothing(sample: Sample) -> None:
    request = sample.request()
    assert all(evaluated(shuffled(request, seed)) == evaluated(request) for seed in range(3))


@EACH_DIALECT
@FEW
@given(chart=charts())
def test_the_same_question_has_the_same_answer(dialect: str, chart: Chart) -> None:
    request = encoded(chart, dialect)
    assert evaluated(request) == evaluated(copy.deepcopy(request))


def _with_strangers(request: Json, stranger: Json) -> Json:
    """The request with all records of another patient mixed in under their own ids."""
    mixed = copy.deepcopy(request)
    for key, bundle in copy.deepcopy(stranger)["prefetch"].items():
        for entry in bundle.get("entry", []):
            resource = entry["resource"]
            if resource["resourceType"] == "Medication":
                continue
            resource["id"] = f"x-{resource['id']}"
            entry["fullUrl"] = f"https://ehr.example/fhir/{resource['resourceType']}/{resource['id']}"
            mixed["prefetch"][key].setdefault("entry", []).append(entry)
    return mixed


@EACH_DIALECT
@FEW
@given(chart=charts(), other=charts())
def test_another_patients_records_never_help(dialect: str, chart: Chart, other: Chart) -> None:
    request = encoded(chart, dialect)
    mixed = _with_strangers(request, encoded(replace(other, patient_id="stranger"), dialect))
    with_strangers, alone = evaluated(mixed), evaluated(request)
    assert with_strangers.pop("ignored", 0) > alone.pop("ignored", 0)
    assert with_strangers == alone
