"""As a European registry writes: one MedicationStatement per substance, part of a Procedure that names the course; ATC; the
WHO version of ICD-10, without a fifth digit; no clinicalStatus; SI units and decimal commas."""

from __future__ import annotations

from tests.support.analytes import COUNTED, PRESENCE, AnalyteNames
from tests.support.dialects.dialect import Dialect, status_of
from tests.support.dialects.page import ICD10, LOINC, Json, Page, clinical_status, coding, concept, period, quantity
from tests.support.drugs import DRUGS
from tests.support.patients import MYELOMA, Chart, Course, Neuropathy, Problem, Transplant
from tests.support.problems import DISEASES, PROBLEMS

_ATC = "http://fhir.de/CodeSystem/bfarm/atc"
_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_STOPPED = {"progression": "Progression", "completed": "Planned end of treatment", "other": "Other reason"}
_COMMA = frozenset({"serum-m-protein"})


class European(Dialect):
    name = "european"

    def disease(self, page: Page, chart: Chart) -> None:
        names = DISEASES[chart.disease or MYELOMA]
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status("remission") if chart.in_remission else None,
                "code": concept(coding(ICD10, names.icd10), text=names.text),
                "subject": page.subject,
                "onsetDateTime": chart.diagnosed_on,
            },
        )

    def relapse(self, page: Page, on: str) -> None:
        page.put(
            "Condition",
            {
                "extension": [{"url": _ASSERTED, "valueDateTime": on}],
                "clinicalStatus": clinical_status("recurrence"),
                "code": concept(coding(ICD10, "C90.0"), text="Multiple myeloma"),
                "subject": page.subject,
            },
        )

    def problem(self, page: Page, problem: Problem) -> None:
        names = PROBLEMS[problem.name]
        page.put(
            "Condition",
            {
                "clinicalStatus": None if problem.active else clinical_status("resolved"),
                "code": concept(coding(ICD10, names.icd10), text=names.text),
                "subject": page.subject,
                "onsetDateTime": problem.since,
                "note": [{"text": problem.detail}] if problem.detail else None,
            },
        )

    def therapy(self, page: Page, courses: tuple[Course, ...]) -> None:
        parents: dict[tuple[str | None, str | None], str] = {}
        for course in courses:
            group = (course.regimen, course.start)
            if course.regimen and group not in parents:
                parents[group] = page.put(
                    "Procedure",
                    {
                        "status": "completed" if course.end else "in-progress",
                        "category": concept(text="Systemic therapy"),
                        "code": concept(text="Systemic anticancer therapy"),
                        "subject": page.subject,
                        "performedPeriod": period(course.start, course.end),
                        "usedCode": [concept(text=course.regimen)],
                    },
                )
            self.course(page, course, parents.get(group))

    def course(self, page: Page, course: Course, parent: str | None = None) -> None:
        names = DRUGS[course.drug]
        reason = f"Toxicity: {course.toxicity}" if course.toxicity else _STOPPED.get(course.stop or "")
        page.put(
            "MedicationStatement",
            {
                "partOf": [{"reference": parent}] if parent else None,
                "status": status_of(course),
                "statusReason": [concept(text=reason)] if reason else None,
                "medicationCodeableConcept": concept(coding(_ATC, names.atc), text=names.name)
                if names.atc
                else concept(text=names.name),
                "subject": page.subject,
                "effectivePeriod": period(course.start, course.end),
                "reasonCode": [concept(text=course.purpose)] if course.purpose else None,
            },
        )

    def transplant(self, page: Page, transplant: Transplant) -> None:
        text = "Autologous peripheral blood stem cell transplantation" + (", tandem" if transplant.tandem else "")
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
        names = DRUGS[infusion.drug]
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(text="CAR-T cell therapy"),
                "subject": page.subject,
                "performedDateTime": infusion.start,
                "usedCode": [concept(coding(_ATC, names.atc or ""), text=names.brand)],
            },
        )

    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None:
        grade = f"CTCAE grade {neuropathy.grade}" + (", with pain" if neuropathy.pain else "")
        if neuropathy.grade == 0:
            value = {"valueCodeableConcept": concept(text="Grade 0")}
            self.observe(page, concept(text="Peripheral neuropathy"), neuropathy.on, value, "exam")
            return
        page.put(
            "Condition",
            {
                "code": concept(coding(ICD10, "G62.0"), text="Drug-induced polyneuropathy"),
                "subject": page.subject,
                "recordedDate": neuropathy.on,
                "stage": [{"summary": concept(text=grade)}],
            },
        )

    def result_code(self, names: AnalyteNames) -> Json:
        return concept(coding(LOINC, names.si_loinc or names.loinc, names.display))

    def result_value(self, names: AnalyteNames, value: float | str) -> Json:
        if isinstance(value, str) or names.name in PRESENCE or names.name in COUNTED or names.si_unit is None:
            return super().result_value(names, value)
        number = round(value * names.si_factor, names.si_digits)
        if names.name in _COMMA:
            return {"valueString": f"{number} {names.si_unit}".replace(".", ",", 1)}
        shown = names.si_unit.replace("umol", "µmol").replace("10*9", "Gpt" if names.name == "platelets" else "10^9")
        return {"valueQuantity": quantity(number, shown.replace("Gpt/L", "G/L"), names.si_unit)}
