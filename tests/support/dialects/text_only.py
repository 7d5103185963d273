"""As a clinician types: brand names and acronyms, stop reasons and diagnoses in words; only laboratories send codes, and their
values come as text."""

from __future__ import annotations

from tests.support.analytes import AnalyteNames
from tests.support.dialects.dialect import Dialect, status_of
from tests.support.dialects.page import Json, Page, clinical_status, concept, period
from tests.support.drugs import DRUGS, REGIMENS
from tests.support.patients import MYELOMA, Chart, Course, Neuropathy, Problem, Transplant
from tests.support.problems import DISEASES, PROBLEMS

_STOPPED = {"progression": "progressive disease", "completed": "course completed as planned", "other": "patient moved away"}

_SAID = {"DR": "Darzalex + Revlimid", "Kd": "Car-dex", "DKd": "Dara-Kd"}
"""Regimens that clinicians write in another way than our short names."""


class TextOnly(Dialect):
    name = "text-only"

    def disease(self, page: Page, chart: Chart) -> None:
        text = DISEASES[chart.disease or MYELOMA].text + (", in remission" if chart.in_remission else "")
        page.put("Condition", {"code": concept(text=text), "subject": page.subject, "onsetDateTime": chart.diagnosed_on})

    def relapse(self, page: Page, on: str) -> None:
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status("relapse"),
                "code": concept(text="Multiple myeloma, relapsed"),
                "subject": page.subject,
                "onsetDateTime": on,
            },
        )

    def problem(self, page: Page, problem: Problem) -> None:
        text = PROBLEMS[problem.name].text + (f", {problem.detail}" if problem.detail else "")
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status("active" if problem.active else "resolved"),
                "code": concept(text=text),
                "subject": page.subject,
                "onsetDateTime": problem.since,
            },
        )

    def therapy(self, page: Page, courses: tuple[Course, ...]) -> None:
        """Drugs of one regimen over one period are one entry under the acronym; single drugs are entries under their brand."""
        written: set[tuple[object, ...]] = set()
        for course in courses:
            group = (course.regimen, course.start, course.end, course.stop)
            if course.regimen is None or len(REGIMENS[course.regimen]) == 1:
                self.course(page, course)
            elif group not in written:
                written.add(group)
                self._entry(page, course, _SAID.get(course.regimen, course.regimen))

    def course(self, page: Page, course: Course) -> None:
        names = DRUGS[course.drug]
        self._entry(page, course, f"{names.brand} {names.strength}")

    @staticmethod
    def _entry(page: Page, course: Course, text: str) -> None:
        reason = f"stopped because of {course.toxicity} (side effect)" if course.toxicity else _STOPPED.get(course.stop or "")
        page.put(
            "MedicationStatement",
            {
                "status": status_of(course),
                "statusReason": [concept(text=reason)] if reason else None,
                "medicationCodeableConcept": concept(text=text),
                "subject": page.subject,
                "effectivePeriod": period(course.start, course.end),
                "reasonCode": [concept(text=course.purpose)] if course.purpose else None,
            },
        )

    def transplant(self, page: Page, transplant: Transplant) -> None:
        text = "tandem ASCT" if transplant.tandem else "ASCT"
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(text=text),
                "subject": page.subject,
                "performedDateTime": transplant.on,
            },
        )

    def car_t(self, page: Page, infusion: Course) -> None:
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(text=f"CAR-T infusion ({DRUGS[infusion.drug].brand})"),
                "subject": page.subject,
                "performedDateTime": infusion.start,
            },
        )

    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None:
        text = f"CTCAE grade {neuropathy.grade}" + (", with pain" if neuropathy.pain else "")
        self.observe(page, concept(text="Peripheral neuropathy"), neuropathy.on, {"valueString": text}, "exam")

    def response(self, page: Page, response: str, on: str) -> None:
        self.observe(page, concept(text="Best response"), on, {"valueString": response}, "exam")

    def cytogenetics(self, page: Page, abnormality: str, on: str, *, present: bool) -> None:
        value = {"valueString": "positive" if present else "negative"}
        self.observe(page, concept(text=f"Cytogenetics: {abnormality}"), on, value, "laboratory")

    def result_value(self, names: AnalyteNames, value: float | str) -> Json:
        unit = names.shown or names.unit
        return {"valueString": str(value) if isinstance(value, str) or unit.startswith("{") else f"{value} {unit}"}
