"""F2: the FHIR server does not accept the token. It is asked once, and the answer says so in its own words."""

from __future__ import annotations

import pytest

from tests.support.fault_server import status
from tests.support.hospital import SLACK, hospital

REFUSALS = ["401 Unauthorized", "403 Forbidden"]


@pytest.mark.parametrize("line", REFUSALS)
@pytest.mark.parametrize("kind", ["Patient", "Condition"])
def test_required_data_refused_is_412(line: str, kind: str):
    key = {"Patient": "patient", "Condition": "conditions"}[kind]
    with hospital({kind: status(line)}) as here:
        answer = here.call()
        assert here.server.types().count(kind) == 1
    assert answer.status == 412
    assert answer.problems[f"prefetch.{key}"].endswith("ended with: refused.")
    assert answer.seconds < 0.5 + SLACK


@pytest.mark.parametrize("line", REFUSALS)
@pytest.mark.parametrize("kind", ["Observation", "Procedure", "MedicationStatement", "MedicationRequest"])
def test_other_data_refused_is_a_history_that_may_be_incomplete(line: str, kind: str):
    with hospital({kind: status(line)}) as here:
        answer = here.call()
        assert here.server.types().count(kind) == 1
    assert answer.status == 200
    assert "history-incomplete" in answer.notes or answer.evaluation["outcome"] == "insufficient-data"
    assert answer.seconds < 0.5 + SLACK


def test_no_list_of_medications_is_412():
    with hospital(
        {kind: status("403 Forbidden") for kind in ("MedicationStatement", "MedicationRequest", "MedicationAdministration")}
    ) as here:
        answer = here.call()
    assert answer.status == 412
    assert set(answer.problems) == {f"prefetch.medication{kind}" for kind in ("Statements", "Requests", "Administrations")}
