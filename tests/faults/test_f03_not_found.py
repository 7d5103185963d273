"""F3: not to find an address says nothing about the patient: 404 is never "none"."""

from __future__ import annotations

import pytest

from tests.support.fault_server import resource, status
from tests.support.hospital import SLACK, hospital

NONE = {"resourceType": "Bundle", "type": "searchset", "total": 0}


@pytest.mark.parametrize("line", ["404 Not Found", "410 Gone"])
def test_a_patient_that_is_not_there_is_412(line: str):
    with hospital({"Patient": status(line)}) as here:
        answer = here.call()
    assert (answer.status, list(answer.problems)) == (412, ["prefetch.patient"])
    assert answer.problems["prefetch.patient"].endswith("ended with: not-found.")
    assert answer.seconds < 0.5 + SLACK


@pytest.mark.parametrize(
    "line", ["404 Not Found", "410 Gone", "400 Bad Request", "405 Method Not Allowed", "501 Not Implemented"]
)
def test_a_search_that_is_not_there_is_unsupported(line: str):
    with hospital({"Condition": status(line)}) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith("ended with: unsupported.")
    assert answer.seconds < 0.5 + SLACK


@pytest.mark.parametrize("kind", ["Observation", "Procedure", "MedicationAdministration"])
def test_404_and_an_empty_search_give_different_answers(kind: str):
    with hospital({kind: status("404 Not Found")}) as here:
        not_found = here.call()
    with hospital({kind: resource(NONE)}) as here:
        empty = here.call()
    assert "history-incomplete" in not_found.notes
    assert "history-incomplete" not in empty.notes
    assert not_found.body["cards"][0]["detail"] != empty.body["cards"][0]["detail"]


def test_no_conditions_at_all_is_an_answer():
    with hospital({"Condition": resource(NONE)}) as here:
        answer = here.call()
    assert (answer.status, answer.body["cards"], answer.evaluation["reason"]) == (200, [], "no-myeloma")
