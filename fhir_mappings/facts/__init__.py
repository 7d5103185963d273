"""The vocabulary of facts: what a chart says, as plain frozen values (standard library only).

Everything that leaves `fhir_mappings` is made of these types. They hold no FHIR JSON and no opinion on treatment.
A drug is named by its INN in lower case (`bortezomib`); a source is a relative reference (`Observation/o1`).
"""

from fhir_mappings.facts.chart import (
    Accounting,
    Comorbidity,
    Conflict,
    Cytogenetics,
    Diagnosis,
    DiseaseEvent,
    DrugExposure,
    Measurement,
    Patient,
    PatientFacts,
    Source,
    Transplant,
)
from fhir_mappings.facts.drug import (
    Drug,
    DrugClass,
)
from fhir_mappings.facts.history import (
    Course,
    History,
    LineOfTherapy,
    Relapse,
    RelapseKind,
)
from fhir_mappings.facts.partial_date import (
    PartialDate,
)
from fhir_mappings.facts.terms import (
    Abnormality,
    Analyte,
    ComorbidityKind,
    DiagnosisKind,
    DiseaseStatus,
    Origin,
    Problem,
    Purpose,
    Response,
    Sex,
    StopReason,
)

__all__ = [
    "Abnormality",
    "Accounting",
    "Analyte",
    "Comorbidity",
    "ComorbidityKind",
    "Conflict",
    "Course",
    "Cytogenetics",
    "Diagnosis",
    "DiagnosisKind",
    "DiseaseEvent",
    "DiseaseStatus",
    "Drug",
    "DrugClass",
    "DrugExposure",
    "History",
    "LineOfTherapy",
    "Measurement",
    "Origin",
    "PartialDate",
    "Patient",
    "PatientFacts",
    "Problem",
    "Purpose",
    "Relapse",
    "RelapseKind",
    "Response",
    "Sex",
    "Source",
    "StopReason",
    "Transplant",
]
