"""Dates as they are written: partial, zoned, illegal, inverted, open, in the future."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.raw import a_request, in_relapse, myeloma, relapsed, statement, transplant

_VTD = statement("VTd", "2024-01-08", "2024-05-13")
_ASSERTED: dict[str, Any] = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate", "valueDateTime": "2026-10-05"}]
}

PARTIAL = (
    Case(
        "months are enough when they decide the order",
        relapsed(statement("VTd", "2024-01", "2024-05"), transplant("2024-06"), on="2026-02"),
        {
            "lines": 1,
            "lineStarts": ["2024-01"],
            "lineEnds": ["2024-05"],
            "transplants": ["2024-06"],
            "relapseDate": "2026-02",
            "anchorDate": "2024-06",
            "early": False,
            "row": "S-R1",
        },
    ),
    Case(
        "a year that leaves early or late open is undecidable, never assumed late",
        relapsed(_VTD, transplant("2025"), on="2026-06"),
        {"outcome": "insufficient-data", "reason": "dates-undecidable", "row": None},
    ),
    Case(
        "a year can be enough",
        a_request(myeloma(onsetDateTime="2018-11"), in_relapse("2026-06-10"), statement("VTd", "2019", "2019")),
        {"reason": "first-relapse", "early": False, "lineStarts": ["2019"], "row": "S-R1"},
    ),
    Case(
        "mixed precision in one period",
        relapsed(statement("VTd", "2024-01", "2024-05-13")),
        {"lineStarts": ["2024-01"], "lineEnds": ["2024-05-13"]},
    ),
)

WRITTEN = (
    Case("midnight in UTC does not move a day", relapsed(_VTD, on="2026-10-05T00:00:00.000Z"), {"relapseDate": "2026-10-05"}),
    Case(
        "midnight east of Greenwich does not move a day",
        relapsed(_VTD, on="2026-10-05T00:00:00+02:00"),
        {"relapseDate": "2026-10-05"},
    ),
    Case("late evening in New York is that day", relapsed(_VTD, on="2026-10-05T23:30:00-04:00"), {"relapseDate": "2026-10-05"}),
    Case(
        "an integer is no date and never 1970",
        relapsed(statement("VTd", effectivePeriod={"start": 2024, "end": 2025})),
        {"lineStartsExcludes": ["1970-01-01", "1970"], "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"]},
    ),
    Case(
        "an illegal date is no date; a relapse a year after the recorded end is late whatever the start",
        relapsed(statement("VTd", "2024-13-45", "2024-05-13")),
        {
            "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"],
            "lineStarts": [None],
            "early": False,
            "outcome": "recommendation",
        },
    ),
    Case(
        "blanks inside an instant leave its day", relapsed(_VTD, on="2026-10-05T16: 09: 08.000Z"), {"relapseDate": "2026-10-05"}
    ),
    Case(
        "a period that ends before it starts gives no end",
        relapsed(statement("VTd", "2024-05-13", "2024-01-08"), on="2026-02-02"),
        {"lineEndsExcludes": ["2024-01-08"], "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"]},
    ),
)

OPEN = (
    Case(
        "an open course ends, inferred, where the next line begins",
        a_request(
            myeloma(onsetDateTime="2020-12-14"),
            in_relapse("2023-02-20", id="first"),
            in_relapse(),
            statement("VTd", "2021-01-11", None, status="active", stop=None),
            statement("DRd", "2023-03-06", "2025-03-03"),
        ),
        {"lines": 2, "inferredSome": True, "lineStarts": ["2021-01-11", "2023-03-06"]},
    ),
    Case(
        "active therapy without an end goes on",
        relapsed(statement("Rd", "2024-01-08", None, status="active", stop=None)),
        {"lines": 1, "refractoryToIncludes": ["lenalidomide"]},
    ),
    Case(
        "the recorded date dates a relapse that has no onset",
        a_request(myeloma(), in_relapse("2026-10-05"), _VTD),
        {"relapseDate": "2026-10-05", "kind": "coded"},
    ),
    Case(
        "the onset comes before the recorded date",
        a_request(myeloma(), in_relapse("2026-10-20", onsetDateTime="2026-09-28"), _VTD),
        {"relapseDate": "2026-09-28"},
    ),
    Case(
        "the asserted date dates a relapse that has neither",
        a_request(myeloma(), {key: value for key, value in in_relapse(**_ASSERTED).items() if key != "recordedDate"}, _VTD),
        {"relapseDate": "2026-10-05"},
    ),
    Case(
        "a relapse with the onset of the disease itself does not give the relapse's date",
        a_request(myeloma(), {"id": "c9", **in_relapse(onsetDateTime="2023-12-18"), "recordedDate": "2023-12-20"}, _VTD),
        {"relapseDate": None, "unknownIncludes": ["relapse-date"], "outcome": "insufficient-data"},
    ),
)

FUTURE = (
    Case(
        "a relapse after today contradicts",
        relapsed(_VTD, on="2027-03-01"),
        {"outcome": "conflicting-data", "reason": "records-contradict"},
    ),
    Case(
        "therapy that starts after today contradicts",
        relapsed(_VTD, statement("DRd", "2027-01-11", "2027-06-07")),
        {"outcome": "conflicting-data", "reason": "records-contradict"},
    ),
)

CASES = (*PARTIAL, *WRITTEN, *OPEN, *FUTURE)
