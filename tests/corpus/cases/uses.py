"""Myeloma drugs given for something else: exposure is recorded, no line of therapy is made."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.dialects.page import Json, concept
from tests.support.raw import administration, relapsed, statement, transplant

_INDUCTION = statement("VTd", "2024-01-08", "2024-05-13")
_DRUGS = [["bortezomib", "dexamethasone", "thalidomide"]]


def _for(reason: str) -> dict[str, Any]:
    return {"reasonCode": [concept(text=reason)]}


def _melphalan(**more: Any) -> Json:
    return administration("melphalan 200 mg/m2 IV", "2024-06-17", **more)


CASES = (
    Case(
        "melphalan given as conditioning belongs to the transplant",
        relapsed(_INDUCTION, _melphalan(**_for("conditioning")), transplant("2024-06-18")),
        {"lines": 1, "lineDrugs": _DRUGS, "exposedToIncludes": ["melphalan"], "transplants": ["2024-06-18"]},
    ),
    Case(
        "one day of high-dose melphalan beside a transplant is conditioning, also unsaid",
        relapsed(_INDUCTION, _melphalan(), transplant("2024-06-18")),
        {"lines": 1, "lineDrugs": _DRUGS, "exposedToIncludes": ["melphalan"]},
    ),
    Case(
        "cyclophosphamide for mobilisation opens no line",
        relapsed(
            _INDUCTION,
            administration("cyclophosphamide", "2024-05-27", **_for("stem cell mobilisation")),
            transplant("2024-06-18"),
        ),
        {"lines": 1, "lineDrugs": _DRUGS, "exposedToIncludes": ["cyclophosphamide"]},
    ),
    Case(
        "dexamethasone as an antiemetic opens no line",
        relapsed(_INDUCTION, statement("dexamethasone 8 mg", "2025-03-03", "2025-03-05", **_for("antiemetic prophylaxis"))),
        {"lines": 1, "lineDrugs": _DRUGS},
    ),
    Case(
        "a steroid alone opens no line",
        relapsed(_INDUCTION, statement("prednisone 20 mg", "2025-03-03", "2025-03-17", **_for("asthma exacerbation"))),
        {"lines": 1, "lineDrugs": _DRUGS},
    ),
    Case(
        "lenalidomide before the myeloma diagnosis opens no line but is exposure",
        relapsed(statement("lenalidomide", "2020-02-03", "2021-02-01", **_for("myelodysplastic syndrome del(5q)")), _INDUCTION),
        {"lines": 1, "lineDrugs": _DRUGS, "exposedToIncludes": ["lenalidomide"]},
    ),
    Case(
        "venetoclax for chronic lymphocytic leukaemia opens no line but is exposure",
        relapsed(_INDUCTION, statement("Venclexta", "2025-02-03", "2025-08-04", **_for("chronic lymphocytic leukemia"))),
        {"lines": 1, "lineDrugs": _DRUGS, "exposedToIncludes": ["venetoclax"]},
    ),
    Case(
        "bisphosphonates, growth factors and immunoglobulins never open a line",
        relapsed(_INDUCTION, *(statement(name, "2025-02-03", "2025-08-04") for name in ("denosumab", "filgrastim", "IVIG"))),
        {"lines": 1, "lineDrugs": _DRUGS},
    ),
    Case(
        "radiotherapy opens no line",
        relapsed(
            _INDUCTION,
            {
                "resourceType": "Procedure",
                "status": "completed",
                "code": {"text": "External beam radiotherapy to L4"},
                "subject": {"reference": "Patient/p-1"},
                "performedDateTime": "2025-03-10",
            },
        ),
        {"lines": 1, "lineDrugs": _DRUGS},
    ),
)
