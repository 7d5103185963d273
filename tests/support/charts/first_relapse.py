"""Samples of a first relapse: the rows of the founding policy."""

from __future__ import annotations

from tests.support.charts.usual import fit, lenalidomide_refractory, rd_completed, vtd_and_transplant
from tests.support.patients import a_chart
from tests.support.sample import Sample

FOUNDING = Sample(
    name="founding-patient",
    dialect="us-core",
    title="VTd and transplant, relapse at 18 months",
    says="Relapse 18 months after VTd and transplant; never lenalidomide; kidneys normal, no neuropathy, the heart not examined.",
    chart=vtd_and_transplant("2025-04-15", "2026-10-28")
    .named("thomas-founding", "Thomas", "Reuter")
    .with_neuropathy(0, "2026-11-10"),
    expect={
        "outcome": "recommendation",
        "reason": "first-relapse",
        "row": "S-R1",
        "preferred": ["Rd"],
        "months": 18,
        "early": False,
        "anchor": "transplant",
        "notesIncludes": ["thalidomide-is-an-imid"],
        "whyNot": ["Kd", "Pd", "Vd"],
        "lines": 1,
        "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"],
        "refractoryTo": [],
        "unknownIncludes": ["heart-function"],
    },
)

FIRST_RELAPSE: tuple[Sample, ...] = (
    FOUNDING,
    Sample(
        name="imid-only",
        dialect="oracle",
        title="Lenalidomide only, fixed duration",
        says="Rd for two years, stopped as planned, relapse 22 months later; never a proteasome inhibitor.",
        chart=rd_completed()
        .named("greta-imid", "Greta", "Lindqvist")
        .with_neuropathy(0, "2026-11-10")
        .with_result("lvef", 60, "2026-10-12"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R2",
            "preferred": ["Kd", "Vd"],
            "anchor": "line-start",
            "months": 43,
            "early": False,
            "refractoryTo": [],
            "lines": 1,
        },
    ),
    Sample(
        name="progression-on-lenalidomide-maintenance",
        dialect="us-core",
        title="Both classes, progression on lenalidomide maintenance",
        says="VRd, transplant and lenalidomide until progression under it: lenalidomide-refractory, one line.",
        chart=lenalidomide_refractory().named("marcus-maintenance", "Marcus", "Whitfield"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "refractoryTo": ["lenalidomide"],
            "lines": 1,
            "notesIncludes": ["off-label"],
            "situation": "C2",
            "months": 46,
        },
    ),
    Sample(
        name="both-classes-not-refractory",
        dialect="mcode",
        title="Both classes, refractory to neither",
        says="VRd, transplant, two planned years of lenalidomide, relapse 23 months after the last capsule.",
        chart=fit(
            a_chart()
            .named("helen-both", "Helen", "Okafor")
            .born("1965-11-30", "female")
            .diagnosed("2021-12-20")
            .with_line("VRd", "2022-01-10", "2022-06-20", stop="completed")
            .with_transplant("2022-07-20")
            .with_line("R", "2022-10-10", "2024-10-14", stop="completed")
            .relapsed("2026-09-21"),
            creatinine=0.7,
            weight=66,
        )
        .with_neuropathy(1, "2026-11-10")
        .with_result("lvef", 63, "2026-10-20"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "refractoryTo": [],
            "lines": 1,
            "notesIncludes": ["w1-not-refractory"],
            "months": 50,
        },
    ),
    Sample(
        name="relapse-at-11-months",
        dialect="us-core",
        title="Early relapse, 11 months after transplant",
        says="The founding patient's treatment, but relapse eleven months after transplant.",
        chart=vtd_and_transplant("2025-11-10", "2026-10-15")
        .named("rosa-early", "Rosa", "Delgado")
        .born("1966-05-09", "female")
        .with_neuropathy(0, "2026-11-10")
        .with_result("lvef", 58, "2026-11-02"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R4",
            "preferred": ["Kd"],
            "months": 11,
            "early": True,
            "notesIncludes": ["early-relapse"],
            "situation": "C7",
            "lines": 1,
        },
    ),
    Sample(
        name="relapse-at-exactly-12-months",
        dialect="mcode",
        title="Relapse on the day twelve months after transplant",
        says="Exactly twelve calendar months are not early.",
        chart=vtd_and_transplant("2025-11-03", "2026-11-03")
        .named("paul-twelve", "Paul", "Marchetti")
        .with_neuropathy(0, "2026-11-10"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R1",
            "preferred": ["Rd"],
            "months": 12,
            "early": False,
        },
    ),
    Sample(
        name="daratumumab-refractory",
        dialect="us-core",
        title="Progression on daratumumab and lenalidomide maintenance",
        says="D-VRd, transplant, daratumumab with lenalidomide until progression under both.",
        chart=fit(
            a_chart()
            .named("yusuf-dara", "Yusuf", "Rahman")
            .born("1969-04-25", "male")
            .diagnosed("2023-02-20")
            .with_line("D-VRd", "2023-03-06", "2023-07-31", stop="completed")
            .with_transplant("2023-09-12")
            .responded("VGPR", "2023-11-20")
            .with_line("DR", "2023-12-11", "2026-09-28", stop="progression")
            .relapsed("2026-09-28"),
            creatinine=0.9,
            weight=86,
        )
        .with_neuropathy(1, "2026-11-10")
        .with_result("lvef", 59, "2026-10-21"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "lines": 1,
            "situation": "C3",
            "refractoryTo": ["daratumumab", "lenalidomide"],
        },
    ),
    Sample(
        name="bortezomib-intolerant",
        dialect="us-core",
        title="Bortezomib stopped for neuropathy",
        says="Bortezomib stopped after four months for neuropathy, lenalidomide went on until progression: one line.",
        chart=fit(
            a_chart()
            .named("agnes-intolerant", "Agnes", "Moreau")
            .born("1956-10-18", "female")
            .diagnosed("2023-05-22")
            .with_line(
                "VRd",
                "2023-06-05",
                "2026-09-14",
                stop="progression",
                dropped=(("bortezomib", "2023-10-09", "peripheral neuropathy"),),
            )
            .relapsed("2026-09-14"),
            creatinine=0.8,
            weight=58,
        )
        .with_neuropathy(2, "2026-11-10")
        .with_result("lvef", 61, "2026-10-08"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R3",
            "preferred": ["Pd"],
            "lines": 1,
            "intolerantTo": ["bortezomib"],
            "refractoryTo": ["lenalidomide"],
            "anchor": "line-start",
        },
    ),
    Sample(
        name="biochemical-relapse",
        dialect="us-core",
        title="Relapse that only the laboratory knows",
        says="Nobody coded the relapse; the M-protein rose from 0.3 to 1.6 g/dL in two steps, without symptoms.",
        chart=fit(
            a_chart()
            .named("noah-biochemical", "Noah", "Lindgren")
            .born("1966-02-02", "male")
            .diagnosed("2024-07-15")
            .with_line("VTd", "2024-07-29", "2024-12-09", stop="completed")
            .with_transplant("2025-01-28")
            .responded("VGPR", "2025-05-05")
            .with_result("serum-m-protein", 3.8, "2024-07-15")
            .with_result("serum-m-protein", 0.3, "2025-05-05")
            .with_result("serum-m-protein", 0.3, "2026-01-12")
            .with_result("serum-m-protein", 1.1, "2026-08-17")
            .with_result("serum-m-protein", 1.6, "2026-10-19"),
            creatinine=1.0,
            weight=80,
        ).with_neuropathy(0, "2026-11-10"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R1",
            "preferred": ["Rd"],
            "kind": "biochemical",
            "early": False,
        },
    ),
    Sample(
        name="primary-refractory",
        dialect="mcode",
        title="Progression under the first line",
        says="Never better than stable disease on VCd, progression under it after five months: an early relapse.",
        chart=fit(
            a_chart()
            .named("viktor-primary", "Viktor", "Sokolov")
            .born("1962-06-16", "male")
            .diagnosed("2026-04-27")
            .with_line("VCd", "2026-05-11", "2026-10-13", stop="progression")
            .responded("SD", "2026-07-20")
            .relapsed("2026-10-13"),
            creatinine=1.0,
            weight=85,
        )
        .with_neuropathy(1, "2026-11-10")
        .with_result("lvef", 60, "2026-11-06"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R4",
            "preferred": ["Kd"],
            "early": True,
            "months": 5,
            "refractoryTo": ["bortezomib", "cyclophosphamide"],
            "lines": 1,
        },
    ),
)
