"""The closed vocabularies of facts."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class DiagnosisKind(StrEnum):
    """Plasma-cell disorders that are told apart."""

    MYELOMA = "multiple-myeloma"
    SMOULDERING = "smouldering-myeloma"
    MGUS = "mgus"
    SOLITARY_PLASMACYTOMA = "solitary-plasmacytoma"
    PLASMA_CELL_LEUKAEMIA = "plasma-cell-leukaemia"
    AL_AMYLOIDOSIS = "al-amyloidosis"
    WALDENSTROM = "waldenstrom"


class DiseaseStatus(StrEnum):
    """What one Condition says of its disease."""

    ACTIVE = "active"
    RELAPSE = "relapse"
    REMISSION = "remission"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


class Response(StrEnum):
    """IMWG response categories."""

    SCR = "sCR"
    CR = "CR"
    VGPR = "VGPR"
    PR = "PR"
    MR = "MR"
    SD = "SD"
    PD = "PD"

    @property
    def is_response(self) -> bool:
        """At least a minimal response."""
        return self not in (Response.SD, Response.PD)


class StopReason(StrEnum):
    COMPLETED = "completed"
    PROGRESSION = "progression"
    TOXICITY = "toxicity"
    OTHER = "other"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Which kind of record an exposure rests on, most trusted first for dates."""

    ADMINISTRATION = "administration"
    STATEMENT = "statement"
    ORDER = "order"
    PROCEDURE = "procedure"


class Purpose(StrEnum):
    """What a drug was given for. Only MYELOMA and UNKNOWN can open a line of therapy."""

    MYELOMA = "myeloma"
    UNKNOWN = "unknown"
    CONDITIONING = "conditioning"
    MOBILISATION = "mobilisation"
    LYMPHODEPLETION = "lymphodepletion"
    ANTIEMETIC = "antiemetic"
    OTHER_DISEASE = "other-disease"


class Analyte(StrEnum):
    """Everything measured or graded that a rule may ask for. The canonical unit stands in `code_lists/labs.csv`."""

    CREATININE = "creatinine"
    CREATININE_CLEARANCE = "creatinine-clearance"
    EGFR = "egfr"
    WEIGHT = "weight"
    NEUTROPHILS = "neutrophils"
    PLATELETS = "platelets"
    HAEMOGLOBIN = "haemoglobin"
    CALCIUM = "calcium"
    SERUM_M_PROTEIN = "serum-m-protein"
    URINE_M_PROTEIN = "urine-m-protein"
    FREE_KAPPA = "free-kappa"
    FREE_LAMBDA = "free-lambda"
    FREE_LIGHT_CHAIN_RATIO = "free-light-chain-ratio"
    MARROW_PLASMA_CELLS = "marrow-plasma-cells"
    LVEF = "lvef"
    NYHA_CLASS = "nyha-class"
    NEUROPATHY_GRADE = "neuropathy-grade"
    ECOG = "ecog"
    FRAILTY = "frailty"  # IMWG frailty index: 0 fit, 1 intermediate, 2 frail
    SYSTOLIC_PRESSURE = "systolic-pressure"
    DIASTOLIC_PRESSURE = "diastolic-pressure"
    IGG = "igg"
    HBSAG = "hepatitis-b-surface-antigen"  # 1 positive, 0 negative
    HBC_ANTIBODY = "hepatitis-b-core-antibody"  # 1 positive, 0 negative
    PREGNANCY_TEST = "pregnancy-test"  # 1 positive, 0 negative


class Problem(StrEnum):
    """Why a recorded value cannot be used as a number."""

    NO_UNIT = "no-unit"
    UNKNOWN_UNIT = "unknown-unit"
    UNREADABLE = "unreadable"
    IMPLAUSIBLE = "implausible"
    NOT_DONE = "not-done"
    NO_GRADE = "no-grade"
    NO_DATE = "no-date"
    FUTURE = "future-dated"


class ComorbidityKind(StrEnum):
    HEART_FAILURE = "heart-failure"
    CARDIOMYOPATHY = "cardiomyopathy"
    MYOCARDIAL_INFARCTION = "myocardial-infarction"
    DIALYSIS = "dialysis"
    CHRONIC_KIDNEY_DISEASE = "chronic-kidney-disease"
    ACUTE_KIDNEY_INJURY = "acute-kidney-injury"
    NEUROPATHY = "neuropathy"
    INFECTION = "infection"
    HEPATITIS_B = "hepatitis-b"
    VENOUS_THROMBOEMBOLISM = "venous-thromboembolism"
    PREGNANCY = "pregnancy"
    CHILDBEARING_NOT_POSSIBLE = "childbearing-not-possible"  # hysterectomy, menopause, sterilisation
    HYPERTENSION = "hypertension"
    HEPATIC_IMPAIRMENT = "hepatic-impairment"
    CORNEAL_DISEASE = "corneal-disease"
    EXTRAMEDULLARY_DISEASE = "extramedullary-disease"  # also plasma-cell leukaemia beside the myeloma


class Abnormality(StrEnum):
    """Cytogenetic abnormalities of myeloma."""

    T_11_14 = "t(11;14)"
    T_4_14 = "t(4;14)"
    T_14_16 = "t(14;16)"
    T_14_20 = "t(14;20)"
    DEL_17P = "del(17p)"
    GAIN_1Q = "gain(1q)"
    DEL_1P32 = "del(1p32)"
