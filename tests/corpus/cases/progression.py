"""Progression that nobody coded: IMWG thresholds from the nadir on two assessments, and what supersedes it."""

from __future__ import annotations

from tests.corpus.cases.case import Case
from tests.support.dialects.page import LOINC, SNOMED, Json, coding, concept
from tests.support.raw import SUBJECT, a_request, measured, myeloma, observation, statement, transplant

M_PROTEIN, URINE, KAPPA, LAMBDA, CALCIUM = "33358-3", "42482-0", "36916-5", "33944-0", "17861-6"
_THERAPY = (statement("VTd", "2024-01-08", "2024-05-13"), transplant("2024-06-18"))
_DAYS = ("2024-10-07", "2025-04-07", "2026-08-10", "2026-10-12")
_NOT_RELAPSED = {"outcome": "not-relapsed", "cards": 0}
_BIOCHEMICAL = {"reason": "first-relapse", "kind": "biochemical", "row": "S-R1", "early": False}


def _chart(*records: Json) -> Json:
    return a_request(myeloma(), *_THERAPY, *records)


def _series(loinc: str, unit: str, *values: float) -> tuple[Json, ...]:
    return tuple(measured(loinc, value, unit, on) for value, on in zip(values, _DAYS, strict=False))


def _response(text: str, on: str) -> Json:
    return observation("88040-1", on, valueCodeableConcept=concept(text=text))


def _disease_status(code: str, on: str) -> Json:
    return observation("97509-4", on, valueCodeableConcept=concept(coding(SNOMED, code)))


COMPUTED = (
    Case(
        "M-protein up by 0.8 and 1.3 g/dL from its nadir on two dates is progression",
        _chart(*_series(M_PROTEIN, "g/dL", 0.3, 0.3, 1.1, 1.6)),
        _BIOCHEMICAL,
    ),
    Case("the same in g/L", _chart(*_series(M_PROTEIN, "g/L", 3, 3, 11, 16)), _BIOCHEMICAL),
    Case(
        "one assessment is not two: progression is not established",
        _chart(*_series(M_PROTEIN, "g/dL", 0.3, 0.3, 0.3, 1.6)),
        {"outcome": "insufficient-data", "reason": "relapse-not-established"},
    ),
    Case(
        "a rise below 0.5 g/dL is no progression, whatever its share",
        _chart(*_series(M_PROTEIN, "g/dL", 0.1, 0.1, 0.4, 0.5)),
        _NOT_RELAPSED,
    ),
    Case("a rise below a quarter is no progression", _chart(*_series(M_PROTEIN, "g/dL", 3.0, 3.0, 3.6, 3.7)), _NOT_RELAPSED),
    Case(
        "urine M-protein up by 200 mg in 24 h twice is progression",
        _chart(*_series(URINE, "mg/(24.h)", 60, 40, 280, 420)),
        _BIOCHEMICAL,
    ),
    Case(
        "light chains up by more than 100 mg/L twice are progression when no M-protein is measurable",
        _chart(*_series(KAPPA, "mg/L", 20, 18, 190, 310), *_series(LAMBDA, "mg/L", 12, 11, 9, 8)),
        _BIOCHEMICAL,
    ),
    Case(
        "light chains in mg/dL",
        _chart(*_series(KAPPA, "mg/dL", 2.0, 1.8, 19, 31), *_series(LAMBDA, "mg/dL", 1.2, 1.1, 0.9, 0.8)),
        _BIOCHEMICAL,
    ),
    Case(
        "light chains up by 10 mg/L are no progression",
        _chart(*_series(KAPPA, "mg/L", 20, 18, 26, 29), *_series(LAMBDA, "mg/L", 12, 11, 11, 11)),
        _NOT_RELAPSED,
    ),
    Case(
        "light chains of one date in two components of one panel",
        _chart(
            *(
                observation(
                    "36916-5",
                    on,
                    code=concept(text="Free light chains, serum"),
                    component=[
                        {"code": concept(coding(LOINC, code)), "valueQuantity": {"value": value, "unit": "mg/L"}}
                        for code, value in ((KAPPA, kappa), (LAMBDA, 11.0))
                    ],
                )
                for on, kappa in zip(_DAYS, (20, 18, 190, 310), strict=True)
            )
        ),
        _BIOCHEMICAL,
    ),
    Case(
        "M-protein written as below 0.1 is a nadir, not a number",
        _chart(
            observation(M_PROTEIN, _DAYS[0], valueQuantity={"value": 0.1, "comparator": "<", "unit": "g/dL"}),
            measured(M_PROTEIN, 0.9, "g/dL", _DAYS[2]),
            measured(M_PROTEIN, 1.2, "g/dL", _DAYS[3]),
        ),
        _BIOCHEMICAL,
    ),
    Case(
        "progression with calcium of 12.4 mg/dL is clinical",
        _chart(*_series(M_PROTEIN, "g/dL", 0.3, 0.3, 1.1, 1.6), measured(CALCIUM, 12.4, "mg/dL", _DAYS[3])),
        {"reason": "first-relapse", "kind": "clinical", "row": "S-R1"},
    ),
)

RECORDED = (
    Case(
        "mCODE's worsened is progression",
        _chart(_disease_status("271299001", "2026-10-05")),
        {"reason": "first-relapse", "relapseDate": "2026-10-05", "kind": "coded"},
    ),
    Case("mCODE's improved is not", _chart(_disease_status("268910001", "2026-10-05")), _NOT_RELAPSED),
    Case(
        "a recorded PD is progression",
        _chart(_response("VGPR", "2024-10-07"), _response("PD", "2026-10-05")),
        {"reason": "first-relapse", "relapseDate": "2026-10-05"},
    ),
    Case(
        "progressive disease in words is progression",
        _chart(_response("Progressive disease", "2026-10-05")),
        {"reason": "first-relapse", "relapseDate": "2026-10-05"},
    ),
    Case("a response without progression is no relapse", _chart(_response("CR", "2024-10-07")), _NOT_RELAPSED),
    Case(
        "a response named in the code's text",
        _chart(
            {
                "resourceType": "Observation",
                "status": "final",
                "code": concept(text="IMWG best response"),
                "subject": SUBJECT,
                "effectiveDateTime": "2026-10-05",
                "valueString": "PD",
            }
        ),
        {"reason": "first-relapse", "relapseDate": "2026-10-05"},
    ),
    Case(
        "a response after progression and new treatment supersedes it",
        _chart(
            _disease_status("271299001", "2025-09-01"),
            statement("DRd", "2025-09-15", None, status="active", stop=None),
            _response("VGPR", "2026-03-02"),
        ),
        _NOT_RELAPSED | {"lines": 2},
    ),
    Case(
        "relapse under a code comes before a computed one in kind",
        _chart(
            {**myeloma(), "id": "c2", "clinicalStatus": concept({"code": "relapse"}), "onsetDateTime": "2026-10-20"},
            *_series(M_PROTEIN, "g/dL", 0.3, 0.3, 1.1, 1.6),
        ),
        {"reason": "first-relapse", "row": "S-R1"},
    ),
)

CONTRADICTIONS = (
    Case(
        "therapy under way and progression recorded on its first day of response is shown",
        _chart(_response("CR", "2026-10-05"), _response("PD", "2026-10-05")),
        {"conflictsSome": True},
    ),
    Case(
        "two heights of M-protein at one instant are a conflict",
        _chart(
            measured(M_PROTEIN, 0.2, "g/dL", "2026-10-05T08:00:00Z"), measured(M_PROTEIN, 2.2, "g/dL", "2026-10-05T08:00:00Z")
        ),
        {"conflictsSome": True},
    ),
    Case(
        "a drug marked active after its recorded end is shown",
        _chart(
            _disease_status("271299001", "2026-10-05"),
            statement("Revlimid", "2024-10-07", "2025-10-06", status="active", stop=None),
            statement("lenalidomide", "2024-10-07", "2025-10-06", stop="completed"),
        ),
        {"conflictsSome": True},
    ),
    Case(
        "therapy after the day of death contradicts nothing that decides: the patient is deceased",
        a_request(
            myeloma(),
            *_THERAPY,
            patient={"resourceType": "Patient", "id": "p-1", "birthDate": "1961", "deceasedDateTime": "2024-03-01"},
        ),
        {"outcome": "not-applicable", "reason": "deceased", "cards": 0},
    ),
    Case(
        "deceased said by a boolean",
        a_request(myeloma(), *_THERAPY, patient={"resourceType": "Patient", "id": "p-1", "deceasedBoolean": True}),
        {"outcome": "not-applicable", "reason": "deceased", "cards": 0},
    ),
    Case(
        "deceased false is alive",
        a_request(
            myeloma(),
            *_THERAPY,
            _disease_status("271299001", "2026-10-05"),
            patient={"resourceType": "Patient", "id": "p-1", "birthDate": "1961-04-12", "deceasedBoolean": False},
        ),
        {"reason": "first-relapse"},
    ),
)

CASES = (*COMPUTED, *RECORDED, *CONTRADICTIONS)
