"""Fetching costs little more than its slowest search, and nothing that cannot matter is fetched."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cds_service.fhir_client import FhirClient
from cds_service.prefetch import Fetcher
from fhir_mappings.bundle import KEY_OF_TYPE
from tests.support.fault_server import after
from tests.support.hospital import PATH, hospital

KIND = {key: kind for kind, key in KEY_OF_TYPE.items()}


def test_seven_searches_take_little_more_than_the_slowest(monkeypatch: pytest.MonkeyPatch):
    searches: list[float] = []
    fetches: list[float] = []

    def timed(into: list[float], function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.perf_counter()
            result = function(*arguments, **options)
            into.append(time.perf_counter() - start)
            return result

        return call

    monkeypatch.setattr(FhirClient, "get", timed(searches, FhirClient.get))
    monkeypatch.setattr(Fetcher, "complete", timed(fetches, Fetcher.complete))
    ratios = []
    with hospital({"*": after(0.1)}, chart="dialysis") as here:
        for _ in range(5):
            searches.clear()
            assert here.call().status == 200
            assert len(searches) == len(KIND)
            ratios.append(fetches[-1] / max(searches))
    assert min(ratios) < 1.6, ratios


@pytest.mark.parametrize("chart", ["no-myeloma", "mgus", "smouldering-myeloma"])
def test_a_chart_without_myeloma_costs_one_search(chart: str):
    with hospital(chart=chart, fetch_head_start_ms=1000) as here:
        answer = here.call()
        assert here.server.types() == ["Condition"]
        plain = here.call(prefetch=here.sent(), fhirServer="https://elsewhere.example/fhir")
    assert (answer.status, answer.body["cards"]) == (200, [])
    assert answer.evaluation["reason"] == plain.evaluation["reason"]


@pytest.mark.parametrize("chart", ["no-myeloma", "mgus"])
def test_conditions_without_myeloma_in_the_prefetch_cost_none(chart: str):
    with hospital(chart=chart) as here:
        conditions = here.request["prefetch"]["conditions"]
        answer = here.call(prefetch={"conditions": conditions})
        assert here.server.seen == []
    assert (answer.status, answer.body["cards"]) == (200, [])


@pytest.mark.parametrize(
    "chart",
    ["founding-patient", "second-relapse", "deceased", "newly-diagnosed", "in-remission", "triple-class-exposed", "dialysis"],
)
def test_without_prefetch_the_answer_is_the_same(chart: str):
    with hospital(chart=chart) as here:
        fetched = here.call()
        sent = here.call(prefetch=here.sent(), fhirServer="https://elsewhere.example/fhir")
    assert fetched.evaluation == sent.evaluation
    assert [card["detail"] for card in fetched.body["cards"]] == [card["detail"] for card in sent.body["cards"]]


@pytest.mark.parametrize("missing", ["patient", "conditions", "medicationRequests", "observations"])
def test_only_what_is_missing_is_asked_for(missing: str):
    with hospital(fetch_head_start_ms=1000) as here:
        answer = here.call(prefetch=here.sent(missing))
        assert set(here.server.types()) - {"Medication"} == {KIND[missing]}
    assert (answer.status, answer.preferred) == (200, ["Rd"])


def test_nothing_is_asked_for_when_everything_was_sent():
    with hospital(chart="dialysis") as here:
        assert here.call(prefetch=here.sent()).status == 200
        assert here.server.seen == []


def test_the_trace_of_a_call_is_passed_on_as_a_step_of_our_own():
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with hospital() as here:
        body = {name: value for name, value in here.request.items() if name != "prefetch"} | {"fhirServer": here.server.base}
        header = {"traceparent": f"00-{trace}-{span}-01"}
        assert here.app.test_client().post(PATH, json=body, headers=header).status_code == 200
        passed_on = {each.headers["traceparent"] for each in here.server.seen}
    assert len(here.server.seen) > len(KIND)
    (step,) = passed_on
    version, same, ours, flags = step.split("-")
    assert (version, same, flags) == ("00", trace, "01")
    assert ours != span
