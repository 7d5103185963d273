"""Medications that orders refer to and the Bundles lack are read: a few, from the same server, or the answer says so."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cds_service.medication_reads import MAX_READS
from tests.support.fault_server import status
from tests.support.hospital import hospital

KEY = "medicationStatements"
MEDICATION = {
    "resourceType": "Medication",
    "id": "med-pom",
    "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1369713"}], "text": "pomalidomide"},
}


def referring(here: Any, *references: dict[str, str]) -> dict[str, Any]:
    """The prefetch with statements that say their drug by reference only."""
    patient = here.request["context"]["patientId"]
    entries = [
        {
            "resource": {
                "resourceType": "MedicationStatement",
                "id": f"by-reference-{number}",
                "status": "completed",
                "subject": {"reference": f"Patient/{patient}"},
                "medicationReference": reference,
                "effectivePeriod": {"start": "2024-06-01", "end": "2024-09-01"},
            }
        }
        for number, reference in enumerate(references)
    ]
    sent = copy.deepcopy(here.sent())
    sent[KEY] = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    return sent


def holding_medication(here: Any) -> None:
    here.server.chart = {**here.server.chart, "medication": MEDICATION}


@pytest.mark.parametrize("form", ["Medication/med-pom", "{base}/Medication/med-pom", "Medication/med-pom/_history/2"])
def test_a_medication_below_the_base_is_read(form: str):
    with hospital() as here:
        holding_medication(here)
        answer = here.call(prefetch=referring(here, {"reference": form.format(base=here.server.base)}))
        assert "/fhir/Medication/med-pom" in [each.path for each in here.server.seen]
    assert "pomalidomide" in answer.evaluation["history"]["exposedTo"]
    assert "history-incomplete" not in answer.notes


@pytest.mark.parametrize(
    "reference",
    [
        "https://elsewhere.example/fhir/Medication/med-pom",
        "http://169.254.169.254/Medication/med-pom",
        "{base}.evil/Medication/med-pom",
        "{base}/../Medication/med-pom",
        "Medication/..",
        "Medication/a%2Fb",
        "Medication/a?_include=*",
        "Observation/med-pom",
        "//elsewhere.example/Medication/med-pom",
    ],
)
def test_a_reference_that_leads_elsewhere_is_not_followed(reference: str):
    with hospital() as here:
        holding_medication(here)
        answer = here.call(prefetch=referring(here, {"reference": reference.format(base=here.server.base)}))
        assert [each.path for each in here.server.seen if "med-pom" in each.path or ".." in each.path] == []
    assert "pomalidomide" not in answer.evaluation["history"]["exposedTo"]
    assert "history-incomplete" in answer.notes


def test_a_medication_that_cannot_be_read_is_said_unless_it_is_named():
    with hospital({"Medication": status("403 Forbidden")}) as here:
        assert "history-incomplete" in here.call(prefetch=referring(here, {"reference": "Medication/x"})).notes
    with hospital(chart="dialysis") as here:
        named = {"reference": "Medication/x", "display": "pomalidomide 4 mg"}
        answer = here.call(prefetch=referring(here, named))
    assert "pomalidomide" in answer.evaluation["history"]["exposedTo"]
    assert "history-incomplete" not in answer.notes


def test_no_more_are_read_than_the_bound():
    with hospital(chart="dialysis") as here:
        answer = here.call(prefetch=referring(here, *({"reference": f"Medication/m-{n}"} for n in range(MAX_READS + 15))))
        assert here.server.types().count("Medication") == MAX_READS
    assert "history-incomplete" in answer.notes
