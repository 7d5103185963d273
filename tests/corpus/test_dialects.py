"""The same patient in five ways of writing: one therapy history."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart
from tests.support.samples import AS_OF, SAMPLES
from tests.support.service import evaluation

PATIENTS = {sample.name: sample.chart for sample in SAMPLES}
TREATED = [name for name, chart in PATIENTS.items() if chart.courses and chart.disease == "multiple-myeloma"]


def without_sources(value: Any) -> Any:
    """The value without what names the single records it was read from."""
    if isinstance(value, dict):
        return {key: without_sources(inner) for key, inner in value.items() if key != "sources"}
    return [without_sources(inner) for inner in value] if isinstance(value, list) else value


@cache
def _history(patient: str, dialect: str) -> Json:
    found: Json = without_sources(evaluation(DIALECTS[dialect].encode(PATIENTS[patient]), AS_OF).get("history", {}))
    return found


def test_there_are_enough_patients() -> None:
    assert len(TREATED) >= 10


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "european"])
@pytest.mark.parametrize("patient", TREATED)
def test_every_dialect_tells_the_same_history(patient: str, dialect: str) -> None:
    assert _history(patient, dialect) == _history(patient, "european")


@pytest.mark.parametrize("patient", TREATED)
@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_every_dialect_leads_to_the_same_answer(patient: str, dialect: str) -> None:
    """Outcome, reason and row; the options may differ where a dialect has no way to say an organ's state."""
    said = evaluation(DIALECTS[dialect].encode(PATIENTS[patient]), AS_OF)
    model = evaluation(DIALECTS["european"].encode(PATIENTS[patient]), AS_OF)
    assert _answer(said) == _answer(model)


def _answer(said: Json) -> tuple[Any, ...]:
    switch = said.get("switchClass", {})
    return (
        said["outcome"],
        said["reason"],
        switch.get("row"),
        switch.get("preferred"),
        said.get("currentPractice", {}).get("situation"),
    )


def _resources(request: Json) -> list[Json]:
    bundles = [value for key, value in request["prefetch"].items() if key != "patient"]
    return [request["prefetch"]["patient"], *(entry["resource"] for bundle in bundles for entry in bundle.get("entry", []))]


@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize("chart", PATIENTS.values(), ids=list(PATIENTS))
def test_every_dialect_writes_valid_resources(chart: Chart, dialect: str) -> None:
    for resource in _resources(DIALECTS[dialect].encode(chart)):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
