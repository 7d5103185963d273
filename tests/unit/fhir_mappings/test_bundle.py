"""Entries that are no resources: counted, and never the end of the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fhir_mappings.chart import read_chart
from fhir_mappings.facts import Analyte

CREATININE = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "subject": {"reference": "Patient/p"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]},
    "effectiveDateTime": "2026-11-01",
    "valueQuantity": {"value": 1.1, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
}


def _read(*resources: object) -> Any:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in (*resources, CREATININE)]}
    return read_chart({"observations": bundle}, patient_id="p", as_of=date(2026, 11, 22))


@pytest.mark.parametrize("strange", [[], {}, ["Observation"], {"a": 1}, 3, True, None])
def test_a_type_that_is_no_string_costs_only_its_own_entry(strange: object) -> None:
    facts = _read({"resourceType": strange})
    assert facts.accounting.unreadable == 1
    assert [each.analyte for each in facts.measurements] == [Analyte.CREATININE]


@pytest.mark.parametrize("strange", [[], {}, 3, None])
def test_a_severity_that_is_no_string_is_a_warning(strange: object) -> None:
    assert "observations" in _read({"resourceType": "OperationOutcome", "issue": [{"severity": strange}]}).accounting.incomplete


@pytest.mark.parametrize("strange", [[], {}, 3, None])
def test_a_code_that_is_no_string_costs_only_its_own_result(strange: object) -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": strange, "display": strange}], "text": strange}
    facts = _read({**CREATININE, "id": "o2", "code": code})
    assert [each.source for each in facts.measurements] == ["Observation/o1"]
