"""What every dialect must be able to say, and the order in which a chart is written down."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from tests.support.analytes import ANALYTES, COUNTED, PRESENCE, AnalyteNames
from tests.support.dialects.page import LOINC, Json, Page, category, coding, concept, quantity
from tests.support.patients import Chart, Course, Neuropathy, Problem, Result, Transplant


def status_of(course: Course) -> str:
    """The FHIR status word of a course: active, completed or stopped."""
    if course.end is None and course.stop is None:
        return "active"
    return "completed" if course.stop == "completed" else "stopped"


class Dialect(ABC):
    """One way of writing a chart as a patient-view request."""

    name: ClassVar[str]

    def encode(self, chart: Chart) -> Json:
        page = Page(chart.patient_id)
        page.patient |= self.demographics(chart)
        if chart.disease is not None:
            self.disease(page, chart)
        for on in chart.relapses:
            self.relapse(page, on)
        for problem in chart.problems:
            self.problem(page, problem)
        self.therapy(page, chart.courses)
        for course in chart.supportive:
            self.course(page, course)
        for transplant in chart.transplants:
            self.transplant(page, transplant)
        for infusion in chart.car_ts:
            self.car_t(page, infusion)
        for response, on in chart.responses:
            self.response(page, response, on)
        for neuropathy in chart.neuropathies:
            self.neuropathy(page, neuropathy)
        for result in chart.results:
            self.result(page, result)
        for abnormality, present, on in chart.cytogenetics:
            self.cytogenetics(page, abnormality, on, present=present)
        return page.request()

    def demographics(self, chart: Chart) -> Json:
        body: Json = {
            "active": True,
            "name": [{"use": "official", "family": chart.family, "given": [chart.given]}],
            "gender": chart.sex,
            "birthDate": chart.birth_date,
        }
        return body | ({"deceasedDateTime": chart.deceased_on} if chart.deceased_on else {})

    def therapy(self, page: Page, courses: tuple[Course, ...]) -> None:
        for course in courses:
            self.course(page, course)

    @abstractmethod
    def disease(self, page: Page, chart: Chart) -> None: ...

    @abstractmethod
    def relapse(self, page: Page, on: str) -> None: ...

    @abstractmethod
    def course(self, page: Page, course: Course) -> None: ...

    @abstractmethod
    def transplant(self, page: Page, transplant: Transplant) -> None: ...

    @abstractmethod
    def car_t(self, page: Page, infusion: Course) -> None: ...

    @abstractmethod
    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None: ...

    @abstractmethod
    def problem(self, page: Page, problem: Problem) -> None: ...

    def response(self, page: Page, response: str, on: str) -> None:
        self.observe(
            page,
            concept(coding(LOINC, "88040-1", "Response to cancer treatment"), text="Myeloma response (IMWG)"),
            on,
            {"valueCodeableConcept": concept(text=response)},
            "exam",
        )

    def cytogenetics(self, page: Page, abnormality: str, on: str, *, present: bool) -> None:
        code = concept(coding(LOINC, "98014-4", "Plasma cell FISH panel"), text=f"FISH {abnormality}")
        self.observe(
            page, code, on, {"valueCodeableConcept": concept(text="Detected" if present else "Not detected")}, "laboratory"
        )

    def result(self, page: Page, result: Result) -> None:
        names = ANALYTES[result.analyte]
        self.observe(page, self.result_code(names), result.on, self.result_value(names, result.value), names.category)

    def result_code(self, names: AnalyteNames) -> Json:
        return concept(coding(LOINC, names.loinc, names.display))

    def result_value(self, names: AnalyteNames, value: float | str) -> Json:
        """The value[x] member of a result, in conventional units."""
        if names.name in PRESENCE or isinstance(value, str):
            return {"valueCodeableConcept": concept(text=str(value))}
        if names.name in COUNTED:
            return {"valueInteger": int(value)}
        return {"valueQuantity": quantity(value, names.shown or names.unit, names.unit)}

    def observe(self, page: Page, code: Json, on: str, value: Json, kind: str, **more: object) -> None:
        page.put(
            "Observation",
            {
                "status": "final",
                "category": category(kind),
                "code": code,
                "subject": page.subject,
                "effectiveDateTime": on,
                **value,
                **more,
            },
        )
