"""Samples in which an organ decides."""

from __future__ import annotations

from tests.support.charts.usual import rd_completed, vcd
from tests.support.patients import a_chart
from tests.support.sample import Sample

SAFETY: tuple[Sample, ...] = (
    Sample(
        name="creatinine-clearance-40",
        dialect="oracle",
        title="Creatinine clearance 40 mL/min",
        says="Bortezomib and cyclophosphamide before, kidneys at 40 mL/min: Rd stays, its dose does not.",
        chart=vcd("1955-03-20", "female", creatinine=1.3, weight=64)
        .named("edith-renal", "Edith", "Farrow")
        .with_neuropathy(1, "2026-11-10"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R1",
            "preferred": ["Rd"],
            "notesIncludes": ["lenalidomide-dose-by-renal-function"],
            "lines": 1,
            "months": 21,
        },
    ),
    Sample(
        name="creatinine-clearance-22",
        dialect="us-core",
        title="Creatinine clearance 22 mL/min",
        says="The same treatment with kidneys at 22 mL/min: the founding policy has no regimen left and says why.",
        chart=vcd("1947-01-08", "male", creatinine=2.6, weight=68)
        .named("walter-renal", "Walter", "Brandt")
        .with_neuropathy(1, "2026-11-10")
        .with_problem("chronic-kidney-disease", "2025-02-11"),
        expect={"outcome": "recommendation", "reason": "first-relapse", "row": "S-R1", "preferred": None, "suppressed": ["Rd"]},
    ),
    Sample(
        name="neuropathy-grade-3",
        dialect="text-only",
        title="Neuropathy grade 3",
        says="Lenalidomide only before, but neuropathy of grade 3: bortezomib is out, carfilzomib stands.",
        chart=rd_completed()
        .named("anders-neuropathy", "Anders", "Holm")
        .born("1954-09-17", "male")
        .with_neuropathy(3, "2026-11-10")
        .with_result("lvef", 62, "2026-10-19")
        .with_problem("type-2-diabetes", "2009"),
        expect={"outcome": "recommendation", "reason": "first-relapse", "row": "S-R2", "preferred": ["Kd"], "suppressed": ["Vd"]},
    ),
    Sample(
        name="heart-failure",
        dialect="us-core",
        title="Heart failure, NYHA III",
        says="Lenalidomide only before, but a failing heart: carfilzomib is out, bortezomib stands.",
        chart=rd_completed()
        .named("miriam-heart", "Miriam", "Castellanos")
        .with_neuropathy(0, "2026-11-10")
        .with_result("lvef", 34, "2026-10-26")
        .with_problem("heart-failure", "2024-08-14", detail="NYHA class III"),
        expect={"outcome": "recommendation", "reason": "first-relapse", "row": "S-R2", "preferred": ["Vd"], "suppressed": ["Kd"]},
    ),
    Sample(
        name="kidneys-unknown",
        dialect="mcode",
        title="Nothing known of the kidneys",
        says="The founding patient without creatinine and weight: what is missing is named, nothing is assumed normal.",
        chart=a_chart()
        .named("nina-unknown", "Nina", "Petrov")
        .born("1964-07-07", "female")
        .diagnosed("2024-09-30")
        .with_line("VTd", "2024-10-14", "2025-02-24", stop="completed")
        .with_transplant("2025-04-08")
        .relapsed("2026-10-19")
        .with_neuropathy(0, "2026-11-10")
        .with_blood_counts("2026-11-10"),
        expect={
            "outcome": "recommendation",
            "reason": "first-relapse",
            "row": "S-R1",
            "unknownIncludes": ["creatinine-clearance", "weight"],
        },
    ),
    Sample(
        name="dialysis",
        dialect="european",
        jurisdiction="EU",
        title="On dialysis",
        says="A European chart of a patient on dialysis: lenalidomide is not the founding policy's answer here.",
        chart=vcd("1958-05-30", "male", creatinine=6.1, weight=74)
        .named("henri-dialysis", "Henri", "Dubois")
        .with_neuropathy(1, "2026-11-10")
        .with_problem("dialysis", "2025-01-20")
        .with_problem("end-stage-kidney-disease", "2025-01"),
        expect={"outcome": "recommendation", "reason": "first-relapse", "row": "S-R1", "preferred": None, "suppressed": ["Rd"]},
    ),
)
