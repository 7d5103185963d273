"""F6: of an answer that ends early nothing is used."""

from __future__ import annotations

import pytest

from cds_service.clocked_transport import IDLE_SECONDS
from tests.support.fault_server import Fault, chunk_cut, half_body, half_without_length, reset
from tests.support.hospital import SLACK, hospital

CUT = {"length": half_body, "no-length": half_without_length, "chunk": chunk_cut, "reset": reset}
EACH = pytest.mark.parametrize("fault", CUT.values(), ids=CUT)


@EACH
def test_required_data_is_412(fault: Fault):
    with hospital({"Condition": fault}) as here:
        answer = here.call()
    assert answer.status == 412
    assert answer.problems["prefetch.conditions"].endswith("ended with: unreadable.")
    assert answer.seconds < IDLE_SECONDS + SLACK


@EACH
def test_no_part_of_it_reaches_the_answer(fault: Fault):
    with hospital({"Observation": fault}) as here:
        cut = here.call()
        without = here.call(prefetch=here.sent("observations"), fhirServer="https://elsewhere.example/fhir")
    assert "history-incomplete" in cut.notes
    assert cut.evaluation == without.evaluation
    assert cut.seconds < IDLE_SECONDS + SLACK
