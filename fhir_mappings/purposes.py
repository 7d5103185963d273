"""What a drug was given for, where the record does not say: judged from what happened around it.

Conditioning, mobilisation and lymphodepletion belong to the transplant or the cell infusion that follows; a single
drug given before
the myeloma was diagnosed was given for something else. The exposure stays on record either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from fhir_mappings.courses import first_day, last_day
from fhir_mappings.definitions import definitions
from fhir_mappings.facts import Diagnosis, DiagnosisKind, DiseaseStatus, DrugClass, DrugExposure, PartialDate, Purpose
from fhir_mappings.terminology import drug_table

_MOBILISING = frozenset({"cyclophosphamide", "etoposide"})
_DEPLETING = frozenset({"cyclophosphamide", "bendamustine"})
_STATES_THE_COURSE = frozenset({DiseaseStatus.RELAPSE, DiseaseStatus.REMISSION})
BEFORE_DIAGNOSIS = "before-diagnosis"


def is_steroid(drug: str) -> bool:
    """Corticosteroids never open a line, are never refractory, and never suppress a regimen."""
    return drug_table()[drug].drug_class is DrugClass.CORTICOSTEROID


def is_car_t(drug: str) -> bool:
    """Given once, from the patient's own cells."""
    return drug_table()[drug].drug_class is DrugClass.BCMA_CAR_T


def with_purposes(
    courses: Iterable[DrugExposure],
    *,
    transplants: Sequence[date],
    harvests: Sequence[date],
    infusions: Sequence[date],
    diagnoses: Iterable[Diagnosis],
) -> list[DrugExposure]:
    """The courses, with the purpose filled in where it can be told."""
    told = [_around_a_procedure(course, transplants, harvests, infusions) for course in courses]
    return _before_diagnosis(told, diagnosed_on(diagnoses), transplants)


def diagnosed_on(diagnoses: Iterable[Diagnosis]) -> PartialDate | None:
    """The earliest recorded onset of the myeloma itself. A record of a relapse or a remission dates that, not the disease."""
    onsets = [
        diagnosis.onset
        for diagnosis in diagnoses
        if diagnosis.kind is DiagnosisKind.MYELOMA and diagnosis.onset and diagnosis.status not in _STATES_THE_COURSE
    ]
    return min(onsets, key=lambda onset: onset.earliest, default=None)


def _follows(start: date, moments: Sequence[date], days: float) -> bool:
    return any(timedelta(days=-2) <= moment - start <= timedelta(days=days) for moment in moments)


def _around_a_procedure(
    course: DrugExposure, transplants: Sequence[date], harvests: Sequence[date], infusions: Sequence[date]
) -> DrugExposure:
    rules = definitions("courses")
    start, end = first_day(course), last_day(course)
    short = start is not None and not course.ongoing and ((end or start) - start).days <= rules["short_course_days"]
    if not short or start is None or course.purpose not in (Purpose.UNKNOWN, Purpose.MYELOMA) or course.regimen:
        return course
    if course.drug == "melphalan" and _follows(start, transplants, rules["conditioning_before_transplant_days"]):
        return replace(course, purpose=Purpose.CONDITIONING, inferred=(*course.inferred, "conditioning"))
    if course.drug in _DEPLETING and _follows(start, infusions, rules["lymphodepletion_before_car_t_days"]):
        return replace(course, purpose=Purpose.LYMPHODEPLETION, inferred=(*course.inferred, "lymphodepletion"))
    if course.drug in _MOBILISING and (
        _follows(start, harvests, rules["mobilisation_before_harvest_days"])
        or _follows(start, transplants, rules["mobilisation_before_transplant_days"])
    ):
        return replace(course, purpose=Purpose.MOBILISATION, inferred=(*course.inferred, "mobilisation"))
    return course


def _before_diagnosis(courses: list[DrugExposure], onset: PartialDate | None, transplants: Sequence[date]) -> list[DrugExposure]:
    """A combination, or a drug followed by a transplant, is myeloma therapy even when the recorded onset is later."""
    if onset is None:
        return courses
    limit = onset.earliest - timedelta(days=definitions("courses")["diagnosis_tolerance_days"])
    early = [
        course
        for course in courses
        if course.purpose is Purpose.UNKNOWN and course.start and course.start.latest < limit and not is_steroid(course.drug)
    ]
    alone = len({course.drug for course in early}) == 1 and not any(moment < limit for moment in transplants)
    if not alone:
        return courses
    return [
        replace(course, purpose=Purpose.OTHER_DISEASE, inferred=(*course.inferred, BEFORE_DIAGNOSIS))
        if course in early
        else course
        for course in courses
    ]
