"""As an Oracle Health server writes: no MedicationStatement, contained Medications and local synonym codings, home medicines as
reported plans, dates of therapy only in the bounds of the order."""

from __future__ import annotations

from tests.support.analytes import AnalyteNames
from tests.support.dialects.dialect import Dialect, status_of
from tests.support.dialects.page import (
    HL7,
    ICD10CM,
    LOINC,
    RXNORM,
    SNOMED,
    Json,
    Page,
    clinical_status,
    coding,
    concept,
    confirmed,
    period,
)
from tests.support.dialects.us_core import hash_of
from tests.support.drugs import DRUGS, DrugNames
from tests.support.patients import MYELOMA, Chart, Course, Neuropathy, Problem, Transplant
from tests.support.problems import DISEASES, PROBLEMS

_SYNONYM = "https://fhir.cerner.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/synonym"
_CODE_SET = "https://fhir.cerner.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/codeSet/72"
_STOPPED = {"progression": "Progression of disease", "completed": "Completed planned course", "other": "Other"}


class Oracle(Dialect):
    name = "oracle"

    def disease(self, page: Page, chart: Chart) -> None:
        names = DISEASES[chart.disease or MYELOMA]
        code = coding(SNOMED, names.snomed, names.text) if names.snomed else coding(ICD10CM, names.icd10cm, names.text)
        self._problem_list(
            page, concept(code, text=names.text), "remission" if chart.in_remission else "active", chart.diagnosed_on
        )

    def relapse(self, page: Page, on: str) -> None:
        code = concept(coding(SNOMED, "109989006", "Multiple myeloma"), text="Multiple myeloma")
        self._problem_list(page, code, "relapse", on)

    def problem(self, page: Page, problem: Problem) -> None:
        names = PROBLEMS[problem.name]
        known = coding(SNOMED, names.snomed, names.text) if names.snomed else coding(ICD10CM, names.icd10cm)
        stage = [{"summary": concept(text=problem.detail)}] if problem.detail else None
        status = "active" if problem.active else "resolved"
        self._problem_list(page, concept(known, text=names.text), status, problem.since, stage=stage)

    @staticmethod
    def _problem_list(page: Page, code: Json, status: str, onset: str | None, **more: object) -> None:
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status(status),
                "verificationStatus": confirmed(),
                "category": [concept(coding(f"{HL7}condition-category", "problem-list-item", "Problem List Item"))],
                "code": code,
                "subject": page.subject,
                "onsetDateTime": onset,
                **more,
            },
        )

    def course(self, page: Page, course: Course) -> None:
        names = DRUGS[course.drug]
        bounds = period(course.start, course.end)
        reason = f"Toxicity - {course.toxicity}" if course.toxicity else _STOPPED.get(course.stop or "")
        home: Json = {"intent": "plan", "reportedBoolean": True} if names.oral else {"intent": "order", "reportedBoolean": False}
        page.put(
            "MedicationRequest",
            {
                **self._medication(names),
                "status": status_of(course),
                **home,
                "statusReason": concept(text=reason) if reason else None,
                "subject": page.subject,
                "authoredOn": course.start,
                "reasonCode": [concept(text=course.purpose)] if course.purpose else None,
                "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": bounds}}}] if bounds else None,
            },
        )

    @staticmethod
    def _medication(names: DrugNames) -> Json:
        synonym = coding(_SYNONYM, str(hash_of(names.name) % 10**8), names.name)
        known = [coding(RXNORM, names.rxnorm, names.name)] if names.rxnorm else []
        code = concept(*known, synonym, text=f"{names.name} ({names.brand} {names.strength})")
        if names.oral:
            return {"medicationCodeableConcept": code}
        return {
            "contained": [{"resourceType": "Medication", "id": "med", "code": code}],
            "medicationReference": {"reference": "#med", "display": names.name},
        }

    def transplant(self, page: Page, transplant: Transplant) -> None:
        text = "Autologous bone marrow transplant" + (", tandem" if transplant.tandem else "")
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(coding(SNOMED, "58776007", "Autologous bone marrow transplant"), text=text),
                "subject": page.subject,
                "performedPeriod": {"start": transplant.on, "end": transplant.on} if transplant.on else None,
            },
        )

    def car_t(self, page: Page, infusion: Course) -> None:
        names = DRUGS[infusion.drug]
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(text=f"Infusion of CAR-T cells - {names.brand}"),
                "subject": page.subject,
                "performedDateTime": infusion.start,
            },
        )

    def result_code(self, names: AnalyteNames) -> Json:
        return concept(
            coding(_CODE_SET, str(hash_of(names.name) % 10**8)), coding(LOINC, names.loinc, names.display), text=names.display
        )

    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None:
        if neuropathy.pain:
            code = concept(coding(SNOMED, "386033004", "Neuropathy"), text="Neuropathy")
            self._problem_list(page, code, "active", neuropathy.on, note=[{"text": f"CTCAE grade {neuropathy.grade}, with pain"}])
            return
        code = concept(coding(_CODE_SET, "4154123"), text="Peripheral neuropathy CTCAE grade")
        self.observe(page, code, neuropathy.on, {"valueQuantity": {"value": neuropathy.grade}}, "exam")
