"""F23: what comes after the deadline is dropped, and never turns up in a later call."""

from __future__ import annotations

import threading
import time

from cds_service.breaker import FAILURES
from tests.support.fault_server import Exchange, after
from tests.support.hospital import hospital

LATE = 0.45  # below the idle time-out, above the deadline of these calls


def test_a_late_answer_is_dropped_and_the_next_call_sees_nothing_of_it():
    faults = {"Observation": after(LATE)}
    with hospital(faults, fetch_deadline_ms=300) as here:
        late = here.call()
        assert "history-incomplete" in late.notes
        assert "measurements" not in late.evaluation
        time.sleep(LATE)
        assert not [each for each in threading.enumerate() if each.name.startswith("fetch")]
        without = here.call(prefetch=here.sent("observations"), fhirServer="https://elsewhere.example/fhir")
        faults.clear()
        sound = here.call()
    assert without.evaluation == late.evaluation
    assert "measurements" in sound.evaluation


def test_answers_never_change_places():
    """Calls for two patients in turn over the same connections, while every second search for results comes too late."""

    def late_now_and_then(exchange: Exchange) -> None:
        after(LATE if exchange.time % 2 else 0.0)(exchange)

    with hospital({"Observation": late_now_and_then}, fetch_deadline_ms=300) as here:
        for turn in range(6):
            answer = here.call()
            assert answer.preferred == ["Rd"]
            assert ("measurements" in answer.evaluation) == ("history-incomplete" not in answer.notes)
            stranger = here.call(context={**here.request["context"], "patientId": f"stranger-{turn}"})
            assert stranger.status == 412
            assert "another patient" in str(stranger.problems)
            assert here.request["context"]["patientId"] not in str(stranger.body)


def test_a_short_deadline_is_no_fault_of_the_server():
    faults = {"Observation": after(LATE)}
    with hospital(faults, fetch_deadline_ms=150) as here:
        for _ in range(FAILURES + 1):
            assert "history-incomplete" in here.call(prefetch=here.sent("observations")).notes
        faults.clear()
        assert "history-incomplete" not in here.call(prefetch=here.sent("observations")).notes
