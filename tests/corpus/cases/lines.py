"""Lines of therapy: phases of one plan, transplants, changes."""

from __future__ import annotations

from tests.corpus.cases.case import Case
from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart, a_chart

_EUROPEAN = DIALECTS["european"]


def _written(chart: Chart) -> Json:
    return _EUROPEAN.encode(chart)


def _vrd() -> Chart:
    return a_chart().diagnosed("2021-12-20").with_line("VRd", "2022-01-10", "2022-06-06", stop="completed")


PHASES = (
    Case(
        "induction, transplant and maintenance are one line, the maintenance inferred as planned",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_line("R", "2022-10-03", "2026-06-01", stop="progression")
            .relapsed("2026-06-01")
        ),
        {
            "lines": 1,
            "lineDrugs": [["bortezomib", "dexamethasone", "lenalidomide"]],
            "transplants": ["2022-07-12"],
            "inferredSome": True,
            "lineStarts": ["2022-01-10"],
            "lineEnds": ["2026-06-01"],
        },
    ),
    Case(
        "consolidation after the transplant belongs to the line",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_line("VRd", "2022-09-12", "2022-11-07", stop="completed")
            .relapsed("2026-06-01")
        ),
        {"lines": 1, "lineEnds": ["2022-11-07"]},
    ),
    Case(
        "dropping one drug is no new line",
        _written(
            a_chart()
            .diagnosed("2021-12-20")
            .with_line(
                "VRd",
                "2022-01-10",
                "2024-06-03",
                stop="completed",
                dropped=(("bortezomib", "2022-05-09", "peripheral neuropathy"),),
            )
            .relapsed("2026-06-01")
        ),
        {"lines": 1, "intolerantTo": ["bortezomib"], "refractoryTo": []},
    ),
    Case(
        "the same regimen after a pause is the same line",
        _written(
            a_chart()
            .diagnosed("2021-12-20")
            .with_line("Rd", "2022-01-10", "2022-08-01", stop="other")
            .with_line("Rd", "2023-02-06", "2024-05-06", stop="completed")
            .relapsed("2026-06-01")
        ),
        {"lines": 1, "lineStarts": ["2022-01-10"], "lineEnds": ["2024-05-06"]},
    ),
    Case(
        "maintenance begun a year after the transplant is not planned maintenance",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_line("R", "2023-09-04", "2026-06-01", stop="progression")
            .relapsed("2026-06-01")
        ),
        {"lines": 2},
    ),
    Case(
        "adding a drug without a plan opens a line",
        _written(
            a_chart()
            .diagnosed("2021-12-20")
            .with_line("Rd", "2022-01-10", "2025-06-02", stop="progression")
            .with_drug("daratumumab", "2023-10-02", "2025-06-02", stop="progression")
            .relapsed("2025-06-02")
        ),
        {
            "lines": 2,
            "lineDrugs": [["dexamethasone", "lenalidomide"], ["daratumumab", "dexamethasone", "lenalidomide"]],
            "refractoryTo": ["daratumumab", "lenalidomide"],
        },
    ),
    Case(
        "another regimen after the first was stopped opens a line",
        _written(
            _vrd().relapsed("2024-03-04").with_line("DKd", "2024-03-18", "2026-06-01", stop="progression").relapsed("2026-06-01")
        ),
        {"lines": 2, "reason": "later-relapse", "refractoryTo": ["carfilzomib", "daratumumab"]},
    ),
)

TRANSPLANTS = (
    Case(
        "a tandem transplant that says so is one line",
        _written(_vrd().with_transplant("2022-07-12").with_transplant("2022-12-13", tandem=True).relapsed("2026-06-01")),
        {"lines": 1},
    ),
    Case(
        "two transplants within six months without relapse are inferred to be tandem",
        _written(_vrd().with_transplant("2022-07-12").with_transplant("2022-12-13").relapsed("2026-06-01")),
        {"lines": 1, "inferredSome": True},
    ),
    Case(
        "a second transplant after a year opens a line",
        _written(_vrd().with_transplant("2022-07-12").with_transplant("2023-09-12").relapsed("2026-06-01")),
        {"lines": 2},
    ),
    Case(
        "a salvage transplant after a relapse belongs to the new line",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .relapsed("2024-09-02")
            .with_line("KRd", "2024-09-16", "2025-01-06", stop="completed")
            .with_transplant("2025-02-11")
            .relapsed("2026-09-07")
        ),
        {
            "lines": 2,
            "transplants": ["2022-07-12", "2025-02-11"],
            "anchor": "transplant",
            "anchorDate": "2025-02-11",
            "months": 18,
        },
    ),
    Case(
        "bridging belongs to the line of the CAR-T cells",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_line("R", "2022-10-03", "2024-09-02", stop="progression")
            .relapsed("2024-09-02")
            .with_drug("pomalidomide", "2024-10-07", "2024-11-04", purpose="bridging before CAR-T")
            .with_car_t("ciltacabtagene-autoleucel", "2024-11-26")
            .relapsed("2026-09-07")
        ),
        {"lines": 2, "exposedToIncludes": ["ciltacabtagene-autoleucel", "pomalidomide"]},
    ),
    Case(
        "maintenance seen and induction done elsewhere: the history may be incomplete",
        _written(
            a_chart()
            .diagnosed("2021-12-20")
            .with_transplant("2022-07-12")
            .with_line("R", "2022-10-03", "2026-06-01", stop="progression")
            .relapsed("2026-06-01")
        ),
        {"notesIncludes": ["history-incomplete"], "refractoryTo": ["lenalidomide"]},
    ),
)

CASES = (*PHASES, *TRANSPLANTS)
