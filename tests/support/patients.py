"""What happened to a patient, in plain words: the model that test charts and samples are grown from.

It knows no FHIR. The encoders in `tests/support/dialects/` say a chart in the ways hospitals write; whatever the dialect, the
clinical content is the same. Dates are ISO text at the precision they are known (`2024`, `2024-05`, `2024-05-20`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from tests.support.drugs import REGIMENS

MYELOMA = "multiple-myeloma"
SMOULDERING = "smouldering-myeloma"
MGUS = "mgus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One drug over one period. `stop`: progression, toxicity, completed, other or None (not recorded). No `end`: still given."""

    drug: str
    start: str | None
    end: str | None = None
    stop: str | None = None
    toxicity: str | None = None
    regimen: str | None = None
    purpose: str | None = None  # said in the record: "conditioning", "mobilisation", "antiemetic", "maintenance", ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transplant:
    on: str | None
    tandem: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measurement in the unit of `tests/support/analytes.py`; a text value for what has no number."""

    analyte: str
    value: float | str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Another disease, by the name it has in `tests/support/problems.py`."""

    name: str
    since: str | None = None
    active: bool = True
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neuropathy:
    grade: int
    on: str
    pain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One patient. Every `with_…` gives a new chart."""

    patient_id: str = "pat-1"
    given: str = "Alex"
    family: str = "Sample"
    sex: str = "male"
    birth_date: str = "1961-04-12"
    deceased_on: str | None = None
    disease: str | None = MYELOMA
    diagnosed_on: str | None = "2023-12-18"
    in_remission: bool = False
    courses: tuple[Course, ...] = ()
    transplants: tuple[Transplant, ...] = ()
    car_ts: tuple[Course, ...] = ()
    relapses: tuple[str, ...] = ()
    responses: tuple[tuple[str, str], ...] = ()
    results: tuple[Result, ...] = ()
    neuropathies: tuple[Neuropathy, ...] = ()
    problems: tuple[Problem, ...] = ()
    cytogenetics: tuple[tuple[str, bool, str], ...] = ()
    supportive: tuple[Course, ...] = ()

    def named(self, patient_id: str, given: str, family: str) -> Self:
        return replace(self, patient_id=patient_id, given=given, family=family)

    def born(self, birth_date: str, sex: str) -> Self:
        return replace(self, birth_date=birth_date, sex=sex)

    def died(self, on: str) -> Self:
        return replace(self, deceased_on=on)

    def diagnosed(self, on: str | None, disease: str | None = MYELOMA, *, in_remission: bool = False) -> Self:
        return replace(self, disease=disease, diagnosed_on=on, in_remission=in_remission)

    def with_drug(
        self,
        drug: str,
        start: str | None,
        end: str | None = None,
        *,
        stop: str | None = None,
        toxicity: str | None = None,
        purpose: str | None = None,
        regimen: str | None = None,
    ) -> Self:
        course = Course(drug=drug, start=start, end=end, stop=stop, toxicity=toxicity, purpose=purpose, regimen=regimen)
        return replace(self, courses=(*self.courses, course))

    def with_line(
        self,
        regimen: str,
        start: str,
        end: str | None = None,
        *,
        stop: str | None = None,
        dropped: tuple[tuple[str, str, str], ...] = (),
    ) -> Self:
        """The drugs of a regimen over one period. `dropped`: drugs stopped early for toxicity, as (drug, last dose, toxicity)."""
        early = {drug: (end_of, toxicity) for drug, end_of, toxicity in dropped}
        chart = self
        for drug in REGIMENS[regimen]:
            if drug in early:
                last, toxicity = early[drug]
                chart = chart.with_drug(drug, start, last, stop="toxicity", toxicity=toxicity)
            else:
                chart = chart.with_drug(drug, start, end, stop=stop, regimen=None if early else regimen)
        return chart

    def with_transplant(self, on: str | None, *, tandem: bool = False) -> Self:
        return replace(self, transplants=(*self.transplants, Transplant(on=on, tandem=tandem)))

    def with_car_t(self, drug: str, on: str) -> Self:
        return replace(self, car_ts=(*self.car_ts, Course(drug=drug, start=on, end=on)))

    def relapsed(self, on: str) -> Self:
        return replace(self, relapses=(*self.relapses, on))

    def responded(self, response: str, on: str) -> Self:
        return replace(self, responses=(*self.responses, (response, on)))

    def with_result(self, analyte: str, value: float | str, on: str) -> Self:
        return replace(self, results=(*self.results, Result(analyte=analyte, value=value, on=on)))

    def with_creatinine(self, value: float, on: str, *, weight: float | None = None) -> Self:
        chart = self.with_result("creatinine", value, on)
        return chart if weight is None else chart.with_result("weight", weight, on)

    def with_neuropathy(self, grade: int, on: str, *, pain: bool = False) -> Self:
        return replace(self, neuropathies=(*self.neuropathies, Neuropathy(grade=grade, on=on, pain=pain)))

    def with_problem(self, name: str, since: str | None = None, *, active: bool = True, detail: str | None = None) -> Self:
        return replace(self, problems=(*self.problems, Problem(name=name, since=since, active=active, detail=detail)))

    def with_cytogenetics(self, abnormality: str, on: str, *, present: bool = True) -> Self:
        return replace(self, cytogenetics=(*self.cytogenetics, (abnormality, present, on)))

    def with_blood_counts(self, on: str, *, neutrophils: float = 2.8, platelets: float = 184, haemoglobin: float = 11.9) -> Self:
        chart = self.with_result("neutrophils", neutrophils, on).with_result("platelets", platelets, on)
        return chart.with_result("haemoglobin", haemoglobin, on)

    def with_supportive_care(self, start: str) -> Self:
        """What nearly every myeloma chart holds and no line of therapy is made of."""
        names = ("aciclovir", "zoledronic acid", "aspirin")
        return replace(self, supportive=(*self.supportive, *(Course(drug=name, start=start) for name in names)))


def a_chart() -> Chart:
    """A 62-year-old with multiple myeloma diagnosed at the end of 2023 and nothing else recorded."""
    return Chart()


def last_line_stopped(chart: Chart, stop: str) -> Chart:
    """The same chart with the reason for which its last-given courses ended."""
    final = max(course.end or "9999" for course in chart.courses)
    courses = tuple(replace(course, stop=stop) if course.end == final else course for course in chart.courses)
    return replace(chart, courses=courses)
