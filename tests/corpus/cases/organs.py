"""Nerves, heart and kidneys as conditions, grades and procedures."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.dialects.page import SNOMED, Json, clinical_status, coding, concept
from tests.support.raw import SUBJECT, condition, measured, observation, procedure, relapsed, statement

_TODAY = "2026-11-16"
_KIDNEYS = (measured("2160-0", 0.9, "mg/dL", _TODAY), measured("29463-7", 80, "kg", _TODAY))
_LVEF = measured("10230-1", 60, "%", "2026-11-02")


def _after_rd(*records: Json) -> Json:
    """After lenalidomide only, so that row S-R2 offers Vd and Kd and nerves and heart decide between them."""
    return relapsed(statement("Rd", "2024-01-08", "2024-05-13"), *_KIDNEYS, *records)


def _grade(name: str = "Peripheral sensory neuropathy", **value: Any) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(text=name),
        "subject": SUBJECT,
        "effectiveDateTime": _TODAY,
        **value,
    }


def _neuropathy(**more: Any) -> Json:
    return condition("G62.0", "Drug-induced polyneuropathy", recordedDate=_TODAY, **more)


_VD_OUT = {"row": "S-R2", "suppressed": ["Vd"], "preferred": ["Kd"]}
_BOTH = {"row": "S-R2", "suppressed": [], "preferred": ["Kd", "Vd"], "unknownExcludes": ["neuropathy-grade"]}
_UNKNOWN_GRADE = {"row": "S-R2", "unknownIncludes": ["neuropathy-grade"]}

NERVES = (
    Case("grade 3 as an integer removes Vd", _after_rd(_LVEF, _grade(valueInteger=3)), _VD_OUT),
    Case("grade 3 as a quantity removes Vd", _after_rd(_LVEF, _grade(valueQuantity={"value": 3})), _VD_OUT),
    Case(
        "grade 3 by its display removes Vd",
        _after_rd(_LVEF, _grade(valueCodeableConcept=concept({"display": "Grade 3"}))),
        _VD_OUT,
    ),
    Case("grade 3 in text removes Vd", _after_rd(_LVEF, _grade(valueString="CTCAE grade 3")), _VD_OUT),
    Case("grade 2 with pain removes Vd", _after_rd(_LVEF, _neuropathy(note=[{"text": "CTCAE grade 2, with pain"}])), _VD_OUT),
    Case(
        "grade 2 with pain written as severity text removes Vd",
        _after_rd(_LVEF, _neuropathy(severity=concept(text="CTCAE grade 2, with pain"))),
        _VD_OUT,
    ),
    Case("grade 2 without pain leaves Vd", _after_rd(_LVEF, _grade(valueInteger=2)), _BOTH),
    Case(
        "the grade in the stage of a condition",
        _after_rd(_LVEF, _neuropathy(stage=[{"summary": concept(text="CTCAE grade 3")}])),
        _VD_OUT,
    ),
    Case("grade 0 is a finding", _after_rd(_LVEF, _grade(valueInteger=0)), _BOTH),
    Case(
        "severe is not a grade",
        _after_rd(_LVEF, _neuropathy(severity=concept(coding(SNOMED, "24484000", "Severe")))),
        _UNKNOWN_GRADE,
    ),
    Case("no record of nerves is unknown", _after_rd(_LVEF), _UNKNOWN_GRADE),
    Case(
        "another symptom's grade is not a grade of neuropathy",
        _after_rd(_LVEF, _grade("Diarrhea CTCAE grade", valueInteger=3)),
        _UNKNOWN_GRADE,
    ),
)

_NERVES = _grade(valueInteger=0)
_KD_OUT = {"row": "S-R2", "suppressed": ["Kd"], "preferred": ["Vd"]}

HEART = (
    Case("ejection fraction 35 % removes Kd", _after_rd(_NERVES, measured("10230-1", 35, "%", "2026-11-02")), _KD_OUT),
    Case(
        "NYHA class III in the stage of heart failure removes Kd",
        _after_rd(_NERVES, condition("I50.22", "Heart failure", stage=[{"summary": concept(text="NYHA class III")}])),
        _KD_OUT,
    ),
    Case(
        "NYHA class as an observation removes Kd",
        _after_rd(_NERVES, observation("88020-3", _TODAY, valueCodeableConcept=concept(text="Class III"))),
        _KD_OUT,
    ),
    Case(
        "a heart attack four months ago removes Kd",
        _after_rd(_NERVES, _LVEF, condition("I21.9", "Acute myocardial infarction", onsetDateTime="2026-07-20")),
        _KD_OUT,
    ),
    Case(
        "a heart attack three years ago does not",
        _after_rd(_NERVES, _LVEF, condition("I21.9", "Acute myocardial infarction", onsetDateTime="2023-07-20")),
        {"suppressed": [], "preferred": ["Kd", "Vd"]},
    ),
    Case(
        "blood pressure of 172/104 at the last reading removes Kd",
        _after_rd(
            _NERVES,
            _LVEF,
            {
                "resourceType": "Observation",
                "status": "final",
                "code": concept(coding("http://loinc.org", "85354-9")),
                "subject": SUBJECT,
                "effectiveDateTime": _TODAY,
                "component": [
                    {
                        "code": concept(coding("http://loinc.org", code)),
                        "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"},
                    }
                    for code, value in (("8480-6", 172), ("8462-4", 104))
                ],
            },
        ),
        _KD_OUT,
    ),
    Case("a heart never examined is unknown", _after_rd(_NERVES), {"unknownIncludes": ["heart-function"]}),
)

_AFTER_VTD = statement("VTd", "2024-01-08", "2024-05-13")
_RD_OUT = {"row": "S-R1", "suppressed": ["Rd"], "preferred": None}

KIDNEYS = (
    Case("dialysis as a condition removes Rd", relapsed(_AFTER_VTD, condition("Z99.2", "Dependence on renal dialysis")), _RD_OUT),
    Case(
        "dialysis as a procedure removes Rd",
        relapsed(_AFTER_VTD, procedure("Hemodialysis", "2026-11-13", code=concept(coding(SNOMED, "302497006", "Hemodialysis")))),
        _RD_OUT,
    ),
    Case(
        "end-stage kidney disease that resolved by transplant does not remove Rd by itself",
        relapsed(
            _AFTER_VTD,
            *_KIDNEYS,
            condition(
                "N18.6",
                "End stage renal disease",
                status=None,
                clinicalStatus=clinical_status("resolved"),
                abatementDateTime="2021-02-01",
            ),
        ),
        {"row": "S-R1", "preferred": ["Rd"]},
    ),
)

CASES = (*NERVES, *HEART, *KIDNEYS)
