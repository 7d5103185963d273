"""The other diseases that test charts hold, with the codes hospitals use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemNames:
    name: str
    text: str
    icd10cm: str
    icd10: str
    snomed: str | None = None


def _problem(name: str, text: str, icd10cm: str, icd10: str, snomed: str | None = None) -> ProblemNames:
    return ProblemNames(name=name, text=text, icd10cm=icd10cm, icd10=icd10, snomed=snomed)


PROBLEMS: dict[str, ProblemNames] = {
    problem.name: problem
    for problem in (
        _problem("heart-failure", "Heart failure with reduced ejection fraction", "I50.22", "I50.1", "703272007"),
        _problem("myocardial-infarction", "Acute myocardial infarction", "I21.9", "I21.9", "22298006"),
        _problem("end-stage-kidney-disease", "End-stage kidney disease on dialysis", "N18.6", "N18.5", "46177005"),
        _problem("dialysis", "Dependence on renal dialysis", "Z99.2", "Z99.2", "105502003"),
        _problem("chronic-kidney-disease", "Chronic kidney disease stage 3b", "N18.32", "N18.3", "709044004"),
        _problem("acute-kidney-injury", "Acute kidney injury", "N17.9", "N17.9", "14669001"),
        _problem("hypertension", "Essential hypertension", "I10", "I10", "59621000"),
        _problem("type-2-diabetes", "Type 2 diabetes mellitus", "E11.9", "E11.9", "44054006"),
        _problem("deep-vein-thrombosis", "Deep vein thrombosis of leg", "I82.409", "I80.2", "128053003"),
        _problem("hepatitis-b", "Chronic hepatitis B", "B18.1", "B18.1", "66071002"),
        _problem("pneumonia", "Pneumonia", "J18.9", "J18.9", "233604007"),
        _problem("osteoarthritis", "Osteoarthritis of knee", "M17.9", "M17.9", "239873007"),
    )
}

DISEASES: dict[str, ProblemNames] = {
    disease.name: disease
    for disease in (
        _problem("multiple-myeloma", "Multiple myeloma", "C90.00", "C90.0", "109989006"),
        _problem("smouldering-myeloma", "Smoldering multiple myeloma", "C90.00", "C90.0"),
        _problem("mgus", "Monoclonal gammopathy of undetermined significance", "D47.2", "D47.2", "109983007"),
        _problem("solitary-plasmacytoma", "Solitary plasmacytoma of bone", "C90.30", "C90.3", "426336007"),
        _problem("plasma-cell-leukaemia", "Plasma cell leukemia not having achieved remission", "C90.10", "C90.1"),
        _problem("al-amyloidosis", "Light chain (AL) amyloidosis", "E85.81", "E85.8"),
        _problem("waldenstrom", "Waldenström macroglobulinemia", "C88.0", "C88.0", "190818004"),
    )
}
