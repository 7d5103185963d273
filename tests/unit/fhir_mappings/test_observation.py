"""Observations: what is taken up, and what is passed over without a look at its value."""

from __future__ import annotations

import pytest

from fhir_mappings.ledger import Ledger
from fhir_mappings.observation import ObservationFacts, read_observation

LOINC = "http://loinc.org"


def _read(code: dict[str, object], **rest: object) -> tuple[ObservationFacts, Ledger]:
    facts, ledger = ObservationFacts(), Ledger()
    resource: dict[str, object] = {
        "resourceType": "Observation",
        "status": "final",
        "code": code,
        "effectiveDateTime": "2026-10-01",
        **rest,
    }
    read_observation(resource, "Observation/o", facts, ledger)
    return facts, ledger


@pytest.mark.parametrize(
    "name",
    [
        "Peripheral sensory neuropathy, CTCAE v5 grade",
        "Left ventricular Ejection fraction",
        "LVEF",
        "ECOG performance status",
        "NYHA functional class",
        "New York Heart Association class",
        "IMWG frailty",
    ],
)
def test_a_graded_finding_is_known_by_its_name_beside_a_foreign_loinc(name: str) -> None:
    facts, _ = _read({"coding": [{"system": LOINC, "code": "99999-9"}], "text": name}, valueInteger=2)
    assert [each.analyte for _, _, each in facts.measurements]


@pytest.mark.parametrize("name", ["Best response", "Response to therapy", "Ansprechen"])
def test_a_response_is_known_by_its_name_beside_a_foreign_loinc(name: str) -> None:
    facts, _ = _read({"coding": [{"system": LOINC, "code": "99999-9"}], "text": name}, valueString="VGPR")
    assert [event.response for event in facts.events] == ["VGPR"]


@pytest.mark.parametrize(
    "name",
    [
        "FISH t(11;14)",
        "Translocation t(4;14)",
        "Deletion 17p",
        "17p deletion",
        "del(17p)",
        "gain(1q)",
        "1q21 gain",
        "Cytogenetics",
    ],
)
def test_an_abnormality_is_known_by_its_name_beside_a_foreign_loinc(name: str) -> None:
    facts, _ = _read(
        {"coding": [{"system": LOINC, "code": "99999-9"}], "text": name}, valueString="del(17p) and t(11;14) detected"
    )
    assert facts.cytogenetics


@pytest.mark.parametrize("name", ["M-protein by capillary electrophoresis", "M spike", "Paraprotein", "Free light chain pattern"])
def test_a_myeloma_marker_under_an_unknown_code_is_counted(name: str) -> None:
    _, ledger = _read({"coding": [{"system": LOINC, "code": "99999-9"}], "text": name}, valueString="see report")
    assert ledger.not_recognised == 1


def test_a_result_that_nothing_asks_for_is_passed_over() -> None:
    facts, ledger = _read({"coding": [{"system": LOINC, "code": "2345-7"}], "text": "Glucose"}, valueString="unreadable")
    assert (facts.measurements, ledger.unreadable, ledger.not_recognised) == ([], 0, 0)


def test_a_creatinine_of_urine_is_not_a_creatinine() -> None:
    facts, _ = _read(
        {"coding": [{"system": LOINC, "code": "2161-8"}], "text": "Creatinine"}, valueQuantity={"value": 90, "unit": "mg/dL"}
    )
    assert facts.measurements == []
