"""Which disease it is, whose it is, and where it stands."""

from __future__ import annotations

from tests.corpus.cases.case import Case
from tests.support.dialects.page import ICD10, SNOMED, concept
from tests.support.raw import a_request, condition, in_relapse, myeloma, statement, transplant, verification

_VTD = statement("VTd", "2024-01-08", "2024-05-13")
_NO_MYELOMA = {"outcome": "not-applicable", "reason": "no-myeloma", "cards": 0}
_PRECURSOR = {"outcome": "not-applicable", "reason": "precursor-disease", "cards": 0}
_OTHER = {"outcome": "not-applicable", "reason": "other-plasma-cell-disorder", "cards": 0}
_RELAPSED = {"outcome": "recommendation", "reason": "first-relapse", "row": "S-R1"}
_NEW = {"outcome": "not-applicable", "reason": "newly-diagnosed", "cards": 0}

DISEASE = (
    Case("no condition at all", a_request(), _NO_MYELOMA),
    Case("a myeloma without clinicalStatus is myeloma", a_request(condition("C90.00", "Multiple myeloma", status=None)), _NEW),
    Case("a myeloma by SNOMED CT", a_request(condition("109989006", system=SNOMED)), _NEW),
    Case("a myeloma by WHO's ICD-10", a_request(condition("C90.0", system=ICD10)), _NEW),
    Case("a myeloma only in words", a_request(condition(text="Multiple myeloma, IgG kappa, ISS II")), _NEW),
    Case(
        "several copies of one myeloma are one",
        a_request(
            *(myeloma(id=f"m{n}") for n in range(4)), in_relapse(), in_relapse("2026-10-12"), _VTD, transplant("2024-06-18")
        ),
        _RELAPSED | {"relapseDate": "2026-10-05", "lines": 1},
    ),
    Case(
        "a mother's myeloma is not the patient's",
        a_request(condition("Z80.7", "Family history of multiple myeloma")),
        _NO_MYELOMA,
    ),
    Case("a myeloma to be ruled out is none", a_request(condition(text="Rule out multiple myeloma")), _NO_MYELOMA),
    Case("a refuted myeloma is none", a_request(condition("C90.00", **verification("refuted")), _VTD), _NO_MYELOMA),
    Case(
        "a myeloma entered in error is none",
        a_request(condition("C90.00", **verification("entered-in-error")), _VTD),
        _NO_MYELOMA,
    ),
    Case(
        "a myeloma of another patient is none",
        a_request(condition("C90.00", subject={"reference": "Patient/someone-else"}), condition("I10", "Hypertension")),
        _NO_MYELOMA,
    ),
)

NEIGHBOURS = (
    Case("MGUS", a_request(condition("D47.2", "Monoclonal gammopathy")), _PRECURSOR),
    Case(
        "smouldering myeloma under the code of myeloma", a_request(condition("C90.00", "Smoldering multiple myeloma")), _PRECURSOR
    ),
    Case("smouldering myeloma in words", a_request(condition(text="Smouldering myeloma, low risk")), _PRECURSOR),
    Case(
        "a former MGUS beside relapsed myeloma changes nothing",
        a_request(condition("D47.2", "MGUS", onsetDateTime="2015"), myeloma(), in_relapse(), _VTD, transplant("2024-06-18")),
        _RELAPSED,
    ),
    Case(
        "a former smouldering myeloma beside relapsed myeloma changes nothing",
        a_request(
            condition(text="Smoldering multiple myeloma", onsetDateTime="2019"),
            myeloma(),
            in_relapse(),
            _VTD,
            transplant("2024-06-18"),
        ),
        _RELAPSED,
    ),
    Case("a solitary plasmacytoma", a_request(condition("C90.30", "Solitary plasmacytoma")), _OTHER),
    Case(
        "AL amyloidosis alone, although bortezomib was given",
        a_request(condition("E85.81", "AL amyloidosis"), statement("VCd")),
        _OTHER,
    ),
    Case("plasma-cell leukaemia", a_request(condition("C90.10", "Plasma cell leukemia")), _OTHER),
    Case(
        "Waldenström's disease", a_request(condition("C88.0", "Waldenström macroglobulinemia"), statement("bortezomib")), _OTHER
    ),
    Case(
        "AL amyloidosis beside relapsed myeloma leaves the myeloma",
        a_request(condition("E85.81", "AL amyloidosis"), myeloma(), in_relapse(), _VTD, transplant("2024-06-18")),
        _RELAPSED,
    ),
)

STANDING = (
    Case(
        "the code of relapse counts whatever clinicalStatus says",
        a_request(myeloma(), in_relapse(status=None), _VTD, transplant("2024-06-18")),
        _RELAPSED | {"kind": "coded"},
    ),
    Case(
        "the code of relapse counts also when marked inactive",
        a_request(myeloma(), condition("C90.02", recordedDate="2026-10-05", status="inactive"), _VTD, transplant("2024-06-18")),
        _RELAPSED,
    ),
    Case(
        "clinicalStatus recurrence on a plain myeloma code",
        a_request(
            condition("109989006", system=SNOMED, status="recurrence", onsetDateTime="2026-10-05"), _VTD, transplant("2024-06-18")
        ),
        _RELAPSED | {"relapseDate": "2026-10-05"},
    ),
    Case(
        "the code of remission",
        a_request(condition("C90.01", status=None), _VTD),
        {"outcome": "not-relapsed", "reason": "in-remission"},
    ),
    Case(
        "clinicalStatus remission",
        a_request(myeloma(clinicalStatus=concept({"code": "remission"})), _VTD),
        {"outcome": "not-relapsed", "reason": "in-remission"},
    ),
    Case(
        "treated, neither remission nor progression recorded",
        a_request(myeloma(), statement("Rd", "2025-06-02", None, status="active", stop=None)),
        {"outcome": "not-relapsed", "reason": "on-treatment-without-progression"},
    ),
    Case(
        "a remission recorded after the relapse's treatment supersedes the relapse",
        a_request(
            myeloma(),
            in_relapse("2024-09-02"),
            condition("C90.01", "Multiple myeloma in remission", recordedDate="2026-03-02"),
            _VTD,
            statement("DRd", "2024-09-16", None, status="active", stop=None),
        ),
        {"outcome": "not-relapsed", "cards": 0, "lines": 2},
    ),
    Case(
        "a transplant that stands only as a status happened; the visit's date is not its date",
        a_request(myeloma(), in_relapse(), _VTD, condition("Z94.84", "Stem cells transplant status", recordedDate="2026-09-01")),
        {"lines": 1, "transplantsExcludes": ["2026-09-01"]},
    ),
    Case(
        "a transplant that stands only as history of",
        a_request(
            myeloma(),
            in_relapse(),
            _VTD,
            condition(
                "108631000119101", "History of autologous bone marrow transplant", system=SNOMED, onsetDateTime="2024-06-18"
            ),
        ),
        {"lines": 1},
    ),
)

CASES = (*DISEASE, *NEIGHBOURS, *STANDING)
