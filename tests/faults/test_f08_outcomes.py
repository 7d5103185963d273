"""F8: an OperationOutcome where data was due is a failure, never an empty list; what the caller has tried is not tried again."""

from __future__ import annotations

import pytest

from tests.support.fault_server import resource
from tests.support.hospital import SLACK, hospital

ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing"}]}
BESIDE = {"resource": ERROR, "search": {"mode": "outcome"}}


def test_200_with_an_outcome_for_required_data_is_412():
    with hospital({"Condition": resource(ERROR)}) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith("ended with: unsupported.")
    assert answer.seconds < 0.5 + SLACK


def test_200_with_an_outcome_for_other_data_is_named():
    with hospital({"Observation": resource(ERROR)}) as here:
        assert "history-incomplete" in here.call().notes


def test_an_outcome_among_the_entries_is_named():
    def with_outcome(exchange) -> None:
        exchange.resource(exchange.honest | {"entry": [*exchange.honest["entry"], BESIDE]})

    with hospital({"Observation": with_outcome}) as here:
        answer = here.call()
    assert "history-incomplete" in answer.notes
    assert answer.evaluation["measurements"]


@pytest.mark.parametrize(("key", "kind"), [("observations", "Observation"), ("procedures", "Procedure")])
@pytest.mark.parametrize("value", [None, ERROR], ids=["null", "outcome"])
def test_what_the_caller_has_answered_is_not_asked_again(key: str, kind: str, value: object):
    with hospital() as here:
        answer = here.call(prefetch=here.sent() | {key: value})
        assert kind not in here.server.types()
    assert answer.status == 200
    assert ("history-incomplete" in answer.notes) == (value is ERROR)


@pytest.mark.parametrize("value", [None, ERROR, "text"], ids=["null", "outcome", "text"])
def test_required_data_that_the_caller_could_not_get_is_412_without_a_question(value: object):
    with hospital() as here:
        answer = here.call(prefetch={"patient": value})
        assert here.server.seen == []
    assert answer.status == 412
