"""Results: units converted or refused, comparators, text, corrections, age."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.dialects.page import Json, concept
from tests.support.raw import measured, observation, relapsed, statement, transplant

_TODAY = "2026-11-16"
_THERAPY = (statement("VTd", "2024-01-08", "2024-05-13"), transplant("2024-06-18"))
_WEIGHT = measured("29463-7", 80, "kg", _TODAY)
CREATININE, CREATININE_SI, CLEARANCE, EGFR = "2160-0", "14682-9", "2164-2", "98979-8"
_UNKNOWN = {"unknownIncludes": ["creatinine-clearance"], "measuredExcludes": ["creatinineClearance"], "creatinineClearance": None}


def _chart(*results: Json, weight: bool = True) -> Json:
    """A 65-year-old man of 80 kg after VTd and a transplant, relapsed; 1.0 mg/dL of creatinine is 83 mL/min."""
    return relapsed(*_THERAPY, *([_WEIGHT] if weight else []), *results)


def _creatinine(**more: Any) -> Json:
    return observation(CREATININE, _TODAY, **more)


CLEARANCES = (
    Case(
        "creatinine in mg/dL",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY)),
        {"creatinineClearance": 83, "preferred": ["Rd"]},
    ),
    Case("creatinine in µmol/L", _chart(measured(CREATININE_SI, 88.42, "umol/L", _TODAY)), {"creatinineClearance": 83}),
    Case(
        "molar creatinine under the mass code is read by its unit",
        _chart(measured(CREATININE, 88.42, "umol/L", _TODAY)),
        {"creatinineClearance": 83},
    ),
    Case(
        "a unit that stands only as text",
        _chart(_creatinine(valueQuantity={"value": 1.0, "unit": "mg/dL"})),
        {"creatinineClearance": 83},
    ),
    Case(
        "a unit that stands only as code",
        _chart(_creatinine(valueQuantity={"value": 1.0, "system": "http://unitsofmeasure.org", "code": "mg/dL"})),
        {"creatinineClearance": 83},
    ),
    Case("a value in text with its unit", _chart(_creatinine(valueString="1.0 mg/dL")), {"creatinineClearance": 83}),
    Case("a decimal comma", _chart(_creatinine(valueString="1,0 mg/dL")), {"creatinineClearance": 83}),
    Case(
        "weight in pounds",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY), measured("29463-7", 176.37, "[lb_av]", _TODAY), weight=False),
        {"creatinineClearance": 83},
    ),
    Case(
        "a clearance measured in urine is used as it is",
        _chart(measured(CLEARANCE, 41, "mL/min", _TODAY), weight=False),
        {"creatinineClearance": 41, "notesIncludes": ["lenalidomide-dose-by-renal-function"]},
    ),
)

REFUSED = (
    Case("a number without a unit is unknown", _chart(_creatinine(valueQuantity={"value": 1.0})), _UNKNOWN),
    Case("a unit that creatinine never has is unknown", _chart(measured(CREATININE, 1.0, "U/L", _TODAY)), _UNKNOWN),
    Case("an implausible value is refused", _chart(measured(CREATININE, 90, "mg/dL", _TODAY)), _UNKNOWN),
    Case("a boolean is no value", _chart(_creatinine(valueQuantity={"value": True, "unit": "mg/dL"})), _UNKNOWN),
    Case(
        "no weight, no clearance",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY), weight=False),
        _UNKNOWN | {"unknownIncludes": ["creatinine-clearance", "weight"]},
    ),
    Case("eGFR never stands in for clearance", _chart(measured(EGFR, 88, "mL/min/{1.73_m2}", _TODAY)), _UNKNOWN),
    Case(
        "a value that is absent with a reason is unknown",
        _chart(_creatinine(dataAbsentReason=concept(text="specimen haemolysed"))),
        _UNKNOWN,
    ),
    Case("a result of last year is stale", _chart(measured(CREATININE, 1.0, "mg/dL", "2025-11-10")), _UNKNOWN),
    Case("a result dated in the future is unusable", _chart(measured(CREATININE, 1.0, "mg/dL", "2026-12-10")), _UNKNOWN),
    Case(
        "a result without a date is unusable",
        _chart(observation(CREATININE, None, valueQuantity={"value": 1.0, "unit": "mg/dL"})),
        _UNKNOWN,
    ),
    *(
        Case(
            f"a result with status {status} is unusable",
            _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY, status=status)),
            _UNKNOWN,
        )
        for status in ("entered-in-error", "cancelled", "registered", "unknown", "perhaps")
    ),
    Case(
        "an unknown modifier stops the use of a result",
        _chart(
            measured(
                CREATININE, 1.0, "mg/dL", _TODAY, modifierExtension=[{"url": "https://ehr.example/negated", "valueBoolean": True}]
            )
        ),
        _UNKNOWN,
    ),
)

SEVERAL = (
    Case(
        "the corrected result replaces the preliminary one of the same time",
        _chart(
            measured(CREATININE, 3.0, "mg/dL", _TODAY, status="preliminary"),
            measured(CREATININE, 1.0, "mg/dL", _TODAY, status="corrected"),
        ),
        {"creatinineClearance": 83, "preferred": ["Rd"]},
    ),
    Case(
        "the newest of several results counts",
        _chart(measured(CREATININE, 2.9, "mg/dL", "2026-11-02"), measured(CREATININE, 1.0, "mg/dL", _TODAY)),
        {"creatinineClearance": 83},
    ),
    Case(
        "two values of one instant that differ are a conflict and not one of them is chosen silently",
        _chart(
            measured(CREATININE, 1.0, "mg/dL", f"{_TODAY}T08:00:00Z"), measured(CREATININE, 4.0, "mg/dL", f"{_TODAY}T08:00:00Z")
        ),
        {"conflictsSome": True, "suitableExcludes": ["Rd", "DRd", "KRd"]},
    ),
    Case(
        "neutrophils below lenalidomide's start limit suppress Rd",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY), measured("751-8", 0.7, "10*9/L", _TODAY)),
        {"row": "S-R1", "preferred": None, "suppressed": ["Rd"]},
    ),
    Case(
        "neutrophils per microlitre",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY), measured("751-8", 700, "/uL", _TODAY)),
        {"row": "S-R1", "preferred": None, "suppressed": ["Rd"]},
    ),
    Case(
        "platelets below lenalidomide's start limit suppress Rd",
        _chart(measured(CREATININE, 1.0, "mg/dL", _TODAY), measured("777-3", 41, "10*3/uL", _TODAY)),
        {"row": "S-R1", "preferred": None, "suppressed": ["Rd"]},
    ),
    Case(
        "a clearance given only as greater than 60 is enough for full kidneys",
        _chart(observation(CLEARANCE, _TODAY, valueQuantity={"value": 60, "comparator": ">", "unit": "mL/min"})),
        {"preferred": ["Rd"], "unknownExcludes": ["creatinine-clearance"]},
    ),
    Case(
        "a clearance given as text greater than 45 does not say full kidneys",
        _chart(observation(CLEARANCE, _TODAY, valueCodeableConcept=concept(text="GT 45 mL/min")), weight=False),
        {"row": "S-R1", "suppressed": []},
    ),
)

CASES = (*CLEARANCES, *REFUSED, *SEVERAL)
