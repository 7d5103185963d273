"""The results that test charts hold: LOINC code, usual names, and how conventional and SI laboratories write the unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyteNames:
    """`unit` is the unit of `Result.value` (UCUM); `si_unit` with `si_factor` is what a European laboratory prints."""

    name: str
    loinc: str
    display: str
    unit: str
    shown: str | None = None  # the unit as a person writes it, where it differs
    si_loinc: str | None = None
    si_unit: str | None = None
    si_factor: float = 1.0
    si_digits: int = 1
    category: str = "laboratory"


def _lab(name: str, loinc: str, display: str, unit: str, **more: str | float) -> AnalyteNames:
    return AnalyteNames(name=name, loinc=loinc, display=display, unit=unit, **more)  # type: ignore[arg-type]  # members by name, checked when the test runs


ANALYTES: dict[str, AnalyteNames] = {
    lab.name: lab
    for lab in (
        _lab(
            "creatinine",
            "2160-0",
            "Creatinine [Mass/volume] in Serum or Plasma",
            "mg/dL",
            si_loinc="14682-9",
            si_unit="umol/L",
            si_factor=88.42,
            si_digits=0,
        ),
        _lab("creatinine-clearance", "2164-2", "Creatinine renal clearance in 24 hour Urine and Serum or Plasma", "mL/min"),
        _lab("egfr", "98979-8", "Glomerular filtration rate (CKD-EPI 2021)", "mL/min/{1.73_m2}"),
        _lab("weight", "29463-7", "Body weight", "kg", category="vital-signs"),
        _lab("neutrophils", "751-8", "Neutrophils [#/volume] in Blood", "10*3/uL", shown="K/uL", si_unit="10*9/L", si_digits=2),
        _lab("platelets", "777-3", "Platelets [#/volume] in Blood", "10*3/uL", shown="K/uL", si_unit="10*9/L", si_digits=0),
        _lab("haemoglobin", "718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", si_unit="g/L", si_factor=10, si_digits=0),
        _lab(
            "calcium",
            "17861-6",
            "Calcium [Mass/volume] in Serum or Plasma",
            "mg/dL",
            si_unit="mmol/L",
            si_factor=0.2495,
            si_digits=2,
        ),
        _lab(
            "serum-m-protein",
            "33358-3",
            "Protein.monoclonal [Mass/volume] in Serum or Plasma by Electrophoresis",
            "g/dL",
            si_unit="g/L",
            si_factor=10,
        ),
        _lab("urine-m-protein", "42482-0", "Protein.monoclonal [Mass/time] in 24 hour Urine", "mg/(24.h)", shown="mg/24 h"),
        _lab("free-kappa", "36916-5", "Kappa light chains.free [Mass/volume] in Serum", "mg/L"),
        _lab("free-lambda", "33944-0", "Lambda light chains.free [Mass/volume] in Serum", "mg/L"),
        _lab(
            "free-light-chain-ratio",
            "48378-4",
            "Kappa light chains.free/Lambda light chains.free [Mass Ratio] in Serum",
            "{ratio}",
        ),
        _lab("lvef", "10230-1", "Left ventricular Ejection fraction", "%", category="imaging"),
        _lab("ecog", "89247-1", "ECOG Performance Status score", "{score}", category="survey"),
        _lab("igg", "2465-3", "IgG [Mass/volume] in Serum or Plasma", "mg/dL", si_unit="g/L", si_factor=0.01),
        _lab("systolic-pressure", "8480-6", "Systolic blood pressure", "mm[Hg]", shown="mmHg", category="vital-signs"),
        _lab("diastolic-pressure", "8462-4", "Diastolic blood pressure", "mm[Hg]", shown="mmHg", category="vital-signs"),
        _lab("hepatitis-b-surface-antigen", "5196-1", "Hepatitis B virus surface Ag [Presence] in Serum", "{presence}"),
        _lab("hepatitis-b-core-antibody", "16933-4", "Hepatitis B virus core Ab [Presence] in Serum", "{presence}"),
        _lab("nyha-class", "88020-3", "Functional capacity NYHA", "{class}", category="exam"),
    )
}

COUNTED = frozenset({"ecog"})  # whole-number scores, written as valueInteger
PRESENCE = frozenset({"hepatitis-b-surface-antigen", "hepatitis-b-core-antibody"})
