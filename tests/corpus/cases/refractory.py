"""Refractory, intolerant, early: what the last doses and the relapse say about each drug."""

from __future__ import annotations

from tests.corpus.cases.case import Case
from tests.support.charts.usual import fit
from tests.support.dialects.page import Json
from tests.support.dialects.registry import DIALECTS
from tests.support.patients import Chart, a_chart

_EUROPEAN = DIALECTS["european"]


def _written(chart: Chart) -> Json:
    return _EUROPEAN.encode(chart)


def _vrd() -> Chart:
    return a_chart().diagnosed("2021-12-20").with_line("VRd", "2022-01-10", "2022-06-06", stop="completed")


def _never(*regimens: str) -> dict[str, object]:
    """Stands nowhere but, perhaps, among what is to be avoided."""
    return {f"{verdict}Excludes": list(regimens) for verdict in ("suitable", "checkFirst", "offLabel")}


def _last_dose(last: str, *, relapse: str = "2026-08-31") -> Json:
    """Lenalidomide maintenance that ended for no stated reason some days before the relapse."""
    return _written(_vrd().with_transplant("2022-07-12").with_drug("lenalidomide", "2022-10-03", last).relapsed(relapse))


REFRACTORY = (
    Case("progression 60 days after the last dose is refractory", _last_dose("2026-07-02"), {"refractoryTo": ["lenalidomide"]}),
    Case("progression 61 days after the last dose is not", _last_dose("2026-07-01"), {"refractoryTo": []}),
    Case(
        "progression on low-dose maintenance is refractory",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_drug("lenalidomide", "2022-10-03", "2026-08-31", stop="progression", purpose="maintenance 5 mg")
            .relapsed("2026-08-31")
        ),
        {"refractoryTo": ["lenalidomide"]},
    ),
    Case(
        "a stop for toxicity is intolerance, not refractoriness",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .with_drug("lenalidomide", "2022-10-03", "2023-06-05", stop="toxicity", toxicity="rash")
            .relapsed("2026-06-01")
        ),
        {"refractoryTo": [], "intolerantTo": ["lenalidomide"], "preferred": ["Pd"]},
    ),
    Case(
        "a stop without a reason long before the relapse is neither, and named",
        _written(
            _vrd().with_transplant("2022-07-12").with_drug("lenalidomide", "2022-10-03", "2023-06-05").relapsed("2026-06-01"),
        ),
        {"refractoryTo": [], "intolerantTo": [], "unknownIncludes": ["stop-reason"]},
    ),
    Case(
        "steroids are never refractory",
        _written(a_chart().with_line("Rd", "2024-01-08", "2026-06-01", stop="progression").relapsed("2026-06-01")),
        {"refractoryTo": ["lenalidomide"]},
    ),
    Case(
        "refractory to lenalidomide is not refractory to pomalidomide",
        _written(
            fit(
                _vrd()
                .with_transplant("2022-07-12")
                .with_line("R", "2022-10-03", "2026-06-01", stop="progression")
                .relapsed("2026-06-01"),
                creatinine=0.9,
                weight=80,
            )
        ),
        {"preferred": ["Pd"], **_never("DRd", "KRd", "Rd", "IRd", "ERd")},
    ),
    Case(
        "refractory to daratumumab stands for the class of anti-CD38 antibodies",
        _written(
            a_chart()
            .diagnosed("2021-12-20")
            .with_line("DRd", "2022-01-10", "2026-06-01", stop="progression")
            .relapsed("2026-06-01")
        ),
        {"refractoryTo": ["daratumumab", "lenalidomide"], **_never("DKd", "DVd", "DPd", "IsaKd", "IsaPd")},
    ),
    Case(
        "refractory to bortezomib is not refractory to carfilzomib",
        _written(
            fit(
                a_chart()
                .diagnosed("2023-12-18")
                .with_line("Vd", "2024-01-08", "2025-09-01", stop="progression")
                .relapsed("2025-09-01"),
                creatinine=0.9,
                weight=80,
            ).with_result("lvef", 60, "2026-11-02")
        ),
        {
            "refractoryTo": ["bortezomib"],
            "row": "S-R1",
            "preferred": ["Rd"],
            **_never("DVd", "SVd", "PVd"),
            "avoidExcludes": ["DKd", "IsaKd"],
        },
    ),
    Case(
        "a regimen whose drug is not tolerated is removed",
        _written(
            fit(
                a_chart()
                .diagnosed("2021-12-20")
                .with_line("Rd", "2022-01-10", "2024-01-08", stop="completed")
                .relapsed("2024-02-05")
                .with_drug("carfilzomib", "2024-02-19", "2024-04-15", stop="toxicity", toxicity="heart failure")
                .relapsed("2026-06-01"),
                creatinine=0.9,
                weight=80,
            )
        ),
        {"intolerantTo": ["carfilzomib"], **_never("DKd", "IsaKd", "Kd", "KRd")},
    ),
    Case(
        "pomalidomide-refractory disease gets no Pd",
        _written(
            _vrd().relapsed("2023-10-02").with_line("DPd", "2023-10-16", "2026-06-01", stop="progression").relapsed("2026-06-01")
        ),
        {"row": "S-R3", "preferred": None, "suppressed": ["Pd"], "notesIncludes": ["later-relapse-teaching-answer"]},
    ),
    Case(
        "neither a proteasome inhibitor nor lenalidomide ever: the founding policy has no row",
        _written(a_chart().with_line("MP", "2024-01-08", "2024-10-07", stop="completed").relapsed("2026-06-01")),
        {"row": None, "preferred": None, "reason": "first-relapse"},
    ),
)

RELAPSES = (
    Case(
        "eleven months and thirty days after the transplant are early",
        _written(
            a_chart()
            .with_line("VTd", "2024-01-08", "2024-05-13", stop="completed")
            .with_transplant("2024-06-18")
            .relapsed("2025-06-17")
        ),
        {"months": 11, "early": True, "row": "S-R4", "anchor": "transplant"},
    ),
    Case(
        "twelve months to the day are not early",
        _written(
            a_chart()
            .with_line("VTd", "2024-01-08", "2024-05-13", stop="completed")
            .with_transplant("2024-06-18")
            .relapsed("2025-06-18")
        ),
        {"months": 12, "early": False, "row": "S-R1"},
    ),
    Case(
        "without a transplant the months count from the start of the line",
        _written(a_chart().with_line("VCd", "2024-01-08", "2024-07-08", stop="completed").relapsed("2025-01-07")),
        {"months": 11, "early": True, "row": "S-R4", "anchor": "line-start", "anchorDate": "2024-01-08"},
    ),
    Case(
        "28 February to 28 February is twelve months",
        _written(
            a_chart()
            .diagnosed("2023-01-16")
            .with_line("VCd", "2023-02-28", "2023-08-07", stop="completed")
            .relapsed("2024-02-28")
        ),
        {"months": 12, "early": False},
    ),
    Case(
        "a transplant on 29 February has its twelve months on 28 February",
        _written(
            a_chart()
            .with_line("VTd", "2023-12-20", "2024-01-29", stop="completed")
            .with_transplant("2024-02-29")
            .relapsed("2025-02-28")
        ),
        {"months": 12, "early": False},
    ),
    Case(
        "an early later relapse is no row S-R4",
        _written(
            _vrd()
            .with_transplant("2022-07-12")
            .relapsed("2024-09-02")
            .with_line("DPd", "2024-09-16", "2025-03-03", stop="progression")
            .relapsed("2025-03-03")
        ),
        {"reason": "later-relapse", "row": "S-R3", "early": True, "lines": 2},
    ),
)

CASES = (*REFRACTORY, *RELAPSES)
