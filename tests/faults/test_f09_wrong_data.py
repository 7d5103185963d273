"""F9: data of another patient, of another type, or in another kind of Bundle."""

from __future__ import annotations

import copy
import json

import pytest

from tests.support.fault_server import Exchange, resource
from tests.support.hospital import SLACK, hospital


def of_another_patient(exchange: Exchange) -> None:
    honest = json.dumps(exchange.honest).replace("Patient/thomas-founding", "Patient/someone-else")
    exchange.resource(json.loads(honest.replace('"id": "thomas-founding"', '"id": "someone-else"')))


def of_kind(kind: str):
    return lambda exchange: exchange.resource(exchange.honest | {"type": kind})


@pytest.mark.parametrize("kind", ["Patient", "Condition"])
def test_required_data_of_another_patient_is_412(kind: str):
    with hospital({kind: of_another_patient}) as here:
        answer = here.call()
    assert answer.status == 412
    assert "another patient" in " ".join(answer.problems.values())
    assert answer.seconds < 0.5 + SLACK


def test_other_data_of_another_patient_never_counts():
    with hospital({"Observation": of_another_patient}) as here:
        answer = here.call()
    assert answer.status == 200
    assert "measurements" not in answer.evaluation
    assert answer.evaluation["ignored"] > 0


@pytest.mark.parametrize("kind", ["batch-response", "transaction-response", "history", "message"])
def test_a_bundle_that_is_no_search_is_unreadable(kind: str):
    with hospital({"Condition": of_kind(kind)}) as here:
        answer = here.call()
    assert answer.problems["prefetch.conditions"].endswith("ended with: unreadable.")


@pytest.mark.parametrize("kind", ["Patient", "Condition"])
def test_another_type_than_asked_for_is_unreadable(kind: str):
    with hospital({kind: resource({"resourceType": "Basic", "id": "thomas-founding"})}) as here:
        answer = here.call()
    assert answer.status == 412
    assert any(text.endswith("ended with: unreadable.") for text in answer.problems.values())


def test_unknown_types_among_the_entries_are_left_aside():
    def with_more(exchange: Exchange) -> None:
        bundle = copy.deepcopy(exchange.honest)
        bundle["entry"] += [{"resource": {"resourceType": "Unheard", "id": "u"}}, {"resource": {"resourceType": "Basic"}}]
        exchange.resource(bundle)

    with hospital() as here:
        plain = here.call()
    with hospital({"Observation": with_more}) as here:
        answer = here.call()
    assert answer.preferred == plain.preferred
    assert answer.evaluation["measurements"] == plain.evaluation["measurements"]
