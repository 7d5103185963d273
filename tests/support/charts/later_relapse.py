"""Samples of second and later relapses."""

from __future__ import annotations

from tests.support.charts.usual import fit, four_lines
from tests.support.patients import a_chart
from tests.support.sample import Sample

LATER_RELAPSE: tuple[Sample, ...] = (
    Sample(
        name="car-t-candidate",
        dialect="mcode",
        title="Second relapse, a candidate for CAR-T cells",
        says="54 years old, fit, refractory to lenalidomide, daratumumab and carfilzomib after two lines; never a BCMA drug.",
        chart=fit(
            a_chart()
            .named("leila-cart", "Leila", "Haddad")
            .born("1972-03-03", "female")
            .diagnosed("2020-09-14")
            .with_line("VRd", "2020-09-28", "2021-03-01", stop="completed")
            .with_transplant("2021-04-13")
            .with_line("R", "2021-07-12", "2024-05-06", stop="progression")
            .relapsed("2024-05-06")
            .with_line("DKd", "2024-05-27", "2026-10-19", stop="progression")
            .relapsed("2026-10-19"),
            creatinine=0.7,
            weight=61,
        )
        .with_neuropathy(0, "2026-11-10")
        .with_result("lvef", 62, "2026-11-04"),
        expect={
            "outcome": "recommendation",
            "reason": "later-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "lines": 2,
            "situation": "L4",
            "refractoryTo": ["carfilzomib", "daratumumab", "lenalidomide"],
            "notesIncludes": ["later-relapse-teaching-answer"],
        },
    ),
    Sample(
        name="triple-class-exposed",
        dialect="european",
        jurisdiction="EU",
        title="Exposed to three classes, refractory to none",
        says="A European chart: VTd and transplant, then three planned years of DRd; second relapse eleven months after the end.",
        chart=fit(
            a_chart()
            .named("jana-triple", "Jana", "Novotná")
            .born("1961-09-05", "female")
            .diagnosed("2018-10-15")
            .with_line("VTd", "2018-10-29", "2019-03-11", stop="completed")
            .with_transplant("2019-04-24")
            .relapsed("2022-02-14")
            .with_line("DRd", "2022-03-07", "2025-03-10", stop="completed")
            .relapsed("2026-02-23"),
            creatinine=0.8,
            weight=69,
        )
        .with_neuropathy(1, "2026-11-10")
        .with_result("lvef", 60, "2026-10-15"),
        expect={
            "outcome": "recommendation",
            "reason": "later-relapse",
            "row": "S-R3",
            "lines": 2,
            "refractoryTo": [],
            "situation": "L3",
            "notesIncludes": ["later-relapse-teaching-answer"],
        },
    ),
    Sample(
        name="bcma-exposed",
        dialect="oracle",
        title="Relapse after CAR-T cells",
        says="Four lines, the last of them cilta-cel with a deep response of two and a half years.",
        chart=four_lines().named("george-bcma", "George", "Pappas"),
        expect={
            "outcome": "recommendation",
            "reason": "later-relapse",
            "lines": 4,
            "situation": "L5",
            "refractoryTo": ["carfilzomib", "daratumumab", "elotuzumab", "lenalidomide", "pomalidomide"],
            "preferred": None,
            "notesIncludes": ["later-relapse-teaching-answer"],
        },
    ),
    Sample(
        name="second-relapse",
        dialect="text-only",
        title="Second relapse, anti-CD38 never given",
        says="VTd and transplant, then Rd until progression: the founding row is shown as a teaching answer.",
        chart=fit(
            a_chart()
            .named("doris-second", "Doris", "Engel")
            .born("1959-12-01", "female")
            .diagnosed("2020-11-09")
            .with_line("VTd", "2020-11-23", "2021-04-05", stop="completed")
            .with_transplant("2021-05-18")
            .relapsed("2023-08-21")
            .with_line("Rd", "2023-09-04", "2026-10-26", stop="progression")
            .relapsed("2026-10-26"),
            creatinine=0.8,
            weight=65,
        )
        .with_neuropathy(1, "2026-11-10")
        .with_result("lvef", 60, "2026-11-05"),
        expect={
            "outcome": "recommendation",
            "reason": "later-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "lines": 2,
            "situation": "L1",
            "refractoryTo": ["lenalidomide"],
            "notesIncludes": ["later-relapse-teaching-answer"],
        },
    ),
)
