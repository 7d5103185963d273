"""Random patients, and what may happen to the request that tells of them on its way."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart, a_chart
from tests.support.service import EVALUATION, post

AS_OF = "2026-11-22"
ORGAN_CODES = {"2160-0", "14682-9", "29463-7", "751-8", "777-3", "10230-1"}
PRESSURE_CODES = {"8480-6", "8462-4", "85354-9"}
_FIRST = ("VTd", "VRd", "Rd", "VCd", "D-VRd", "DRd", "KRd")
_NEXT = ("DKd", "DPd", "Kd", "Rd", "IsaPd", "PVd", "SVd")
_FULL_DAY = re.compile(r"^(\d{4}-\d{2})-\d{2}$")


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A relapsed patient with one to three lines and each organ recorded at most once, well, badly or not at all."""
    start = date(2018, 1, 8)
    chart = a_chart().diagnosed(_later(start, -21).isoformat()).named("gen-1", "Gen", "Erated")
    for number in range(draw(st.integers(1, 3))):
        regimen = draw(st.sampled_from(_FIRST if number == 0 else _NEXT))
        end = _later(start, draw(st.integers(60, 420)))
        stop = draw(st.sampled_from(("completed", "progression")))
        chart = chart.with_line(regimen, start.isoformat(), end.isoformat(), stop=stop)
        anchor = end
        if number == 0 and stop == "completed" and draw(st.booleans()):
            anchor = _later(end, 40)
            chart = chart.with_transplant(anchor.isoformat())
        relapse = anchor if stop == "progression" else _later(anchor, draw(st.integers(90, 700)))
        chart = chart.relapsed(relapse.isoformat())
        start = _later(relapse, 14)
    return _with_organs(draw, chart)


def _with_organs(draw: st.DrawFn, chart: Chart) -> Chart:
    on = "2026-11-10"
    for analyte, values in (
        ("creatinine", (None, 0.8, 1.6, 3.4)),
        ("weight", (None, 74.0)),
        ("neutrophils", (None, 3.1, 0.6)),
        ("platelets", (None, 190.0, 38.0)),
        ("lvef", (None, 61.0, 33.0)),
        ("systolic-pressure", (None, 128.0, 171.0)),
        ("diastolic-pressure", (None, 77.0, 104.0)),
    ):
        value = draw(st.sampled_from(values))
        chart = chart if value is None else chart.with_result(analyte, value, on)
    grade = draw(st.sampled_from((None, 0, 2, 3)))
    return chart if grade is None else chart.with_neuropathy(grade, on)


def evaluated(request: Json) -> Json:
    """The evaluation, or the fact that the request was refused."""
    status, body = post(request, AS_OF)
    return body["extension"][EVALUATION] if status == 200 else {"outcome": f"http-{status}"}


def encoded(chart: Chart, dialect: str) -> Json:
    return DIALECTS[dialect].encode(chart)


def entries(request: Json) -> Iterator[tuple[str, int, Json]]:
    """Every resource in a Bundle of the request with its key and place; Medications are left out, they say nothing alone."""
    for key, bundle in request["prefetch"].items():
        for place, entry in enumerate(bundle.get("entry", [])):
            if entry["resource"]["resourceType"] != "Medication":
                yield key, place, entry["resource"]


def changed(request: Json, key: str, place: int, change: Callable[[Json], Json | None]) -> Json:
    """The request with one resource changed, or left out when `change` gives None."""
    other = copy.deepcopy(request)
    found = other["prefetch"][key]["entry"]
    new = change(found[place]["resource"])
    if new is None:
        del found[place]
        other["prefetch"][key]["total"] -= 1
    else:
        found[place]["resource"] = new
    return other


def without(request: Json, key: str, place: int) -> Json:
    return changed(request, key, place, lambda _: None)


def shuffled(request: Json, seed: int) -> Json:
    """The same request with the entries of every Bundle and the members of prefetch in another order."""
    other, order = copy.deepcopy(request), random.Random(seed)  # noqa: S311  # a test's order, no secret
    for bundle in other["prefetch"].values():
        order.shuffle(bundle.get("entry", []))
    keys = list(other["prefetch"])
    order.shuffle(keys)
    return other | {"prefetch": {key: other["prefetch"][key] for key in keys}}


def to_the_month(value: Any) -> Any:
    """Every full day in a resource cut to its month."""
    if isinstance(value, str):
        return _FULL_DAY.sub(r"\1", value)
    if isinstance(value, dict):
        return {key: to_the_month(inner) for key, inner in value.items()}
    return [to_the_month(inner) for inner in value] if isinstance(value, list) else value


def is_organ_result(resource: Json) -> bool:
    """Whether an Observation is one of the results that gate a regimen."""
    codings = resource.get("code", {}).get("coding", [])
    return resource["resourceType"] == "Observation" and any(coding.get("code") in ORGAN_CODES for coding in codings)


def is_organ_evidence(resource: Json) -> bool:
    """An organ's result, a blood pressure, or a record of neuropathy."""
    words = str(resource.get("code", {})).lower()
    pressure = "blood pressure" in words or any(code in words for code in PRESSURE_CODES)
    return is_organ_result(resource) or pressure or "neuropathy" in words


def standing(evaluation: Json, verdict: str) -> set[str]:
    """The regimens of current practice with a verdict."""
    options = evaluation.get("currentPractice", {}).get("options", [])
    return {option["regimen"] for option in options if option["verdict"] == verdict}


def preferred(evaluation: Json) -> set[str]:
    return set(evaluation.get("switchClass", {}).get("preferred", []))


def medical(evaluation: Json) -> Json:
    """The evaluation without the counts of what was left aside."""
    return {key: value for key, value in evaluation.items() if key not in {"ignored", "unreadable", "notRecognised"}}
