"""As an mCODE sender writes: cancer-related requests and administrations, RxNorm ingredients, stop reasons in SNOMED CT, relapse
as a disease-status observation, toxicity with a coded CTCAE grade."""

from __future__ import annotations

from tests.support.dialects.dialect import Dialect, status_of
from tests.support.dialects.page import (
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
from tests.support.drugs import DRUGS
from tests.support.patients import MYELOMA, Chart, Course, Neuropathy, Problem, Transplant
from tests.support.problems import DISEASES, PROBLEMS

_PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
_CTCAE = "http://hl7.org/fhir/us/mcode/CodeSystem/ctcae-grade-code-system"
_STOPPED = {
    "progression": concept(coding(SNOMED, "266721009", "No response to treatment"), text="Disease progression"),
    "toxicity": concept(coding(SNOMED, "407563006", "Treatment not tolerated")),
    "completed": concept(coding(SNOMED, "182992009", "Treatment completed")),
}
_INTENT = {
    "url": f"{_PROFILE}treatment-intent",
    "valueCodeableConcept": concept(coding(SNOMED, "373808002", "Curative - procedure intent")),
}


def _profiled(name: str) -> Json:
    return {"meta": {"profile": [f"{_PROFILE}{name}"]}}


class Mcode(Dialect):
    name = "mcode"

    def disease(self, page: Page, chart: Chart) -> None:
        names = DISEASES[chart.disease or MYELOMA]
        code = coding(SNOMED, names.snomed, names.text) if names.snomed else coding(ICD10CM, names.icd10cm, names.text)
        self._condition(
            page,
            concept(code, text=names.text),
            "remission" if chart.in_remission else "active",
            chart.diagnosed_on,
            **_profiled("primary-cancer-condition"),
        )

    def relapse(self, page: Page, on: str) -> None:
        self.observe(
            page,
            concept(coding(LOINC, "97509-4", "Cancer disease progression")),
            on,
            {"valueCodeableConcept": concept(coding(SNOMED, "271299001", "Patient's condition worsened"))},
            "therapy",
            **_profiled("cancer-disease-status"),
        )

    def problem(self, page: Page, problem: Problem) -> None:
        names = PROBLEMS[problem.name]
        known = coding(SNOMED, names.snomed, names.text) if names.snomed else coding(ICD10CM, names.icd10cm)
        stage = [{"summary": concept(text=problem.detail)}] if problem.detail else None
        self._condition(page, concept(known), "active" if problem.active else "resolved", problem.since, stage=stage)

    @staticmethod
    def _condition(page: Page, code: Json, status: str, onset: str | None, **more: object) -> None:
        page.put(
            "Condition",
            {
                **more,
                "clinicalStatus": clinical_status(status),
                "verificationStatus": confirmed(),
                "code": code,
                "subject": page.subject,
                "onsetDateTime": onset,
            },
        )

    def course(self, page: Page, course: Course) -> None:
        names = DRUGS[course.drug]
        code = concept(*([coding(RXNORM, names.rxnorm, names.name)] if names.rxnorm else []), text=names.name)
        reason = _STOPPED.get(course.stop or "")
        if reason and course.toxicity:
            reason = reason | {"text": f"Treatment not tolerated: {course.toxicity}"}
        given = period(course.start, course.end)
        purpose = [concept(text=course.purpose)] if course.purpose else None
        page.put(
            "MedicationRequest",
            {
                **_profiled("cancer-related-medication-request"),
                "extension": [_INTENT],
                "status": status_of(course),
                "statusReason": reason,
                "intent": "order",
                "medicationCodeableConcept": code,
                "subject": page.subject,
                "authoredOn": course.start,
                "reasonCode": purpose,
                "dispenseRequest": {"validityPeriod": given} if names.oral and given else None,
            },
        )
        if not names.oral and given and course.end:
            page.put(
                "MedicationAdministration",
                {
                    **_profiled("cancer-related-medication-administration"),
                    "status": "completed",
                    "medicationCodeableConcept": code,
                    "subject": page.subject,
                    "effectivePeriod": given,
                    "reasonCode": purpose,
                },
            )

    def transplant(self, page: Page, transplant: Transplant) -> None:
        text = "Autologous hematopoietic stem cell transplant" + (" (tandem)" if transplant.tandem else "")
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(coding(SNOMED, "234336002", "Hemopoietic stem cell transplant"), text=text),
                "subject": page.subject,
                "performedDateTime": transplant.on,
            },
        )

    def car_t(self, page: Page, infusion: Course) -> None:
        names = DRUGS[infusion.drug]
        code = concept(*([coding(RXNORM, names.rxnorm)] if names.rxnorm else []), text=names.name.replace("-", " "))
        page.put(
            "MedicationAdministration",
            {
                **_profiled("cancer-related-medication-administration"),
                "status": "completed",
                "medicationCodeableConcept": code,
                "subject": page.subject,
                "effectiveDateTime": infusion.start,
            },
        )

    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None:
        if neuropathy.pain:
            code = concept(coding(SNOMED, "386033004", "Neuropathy"))
            note = [{"text": f"CTCAE grade {neuropathy.grade}, with pain"}]
            self._condition(page, code, "active", neuropathy.on, note=note)
            return
        grade = coding(_CTCAE, str(neuropathy.grade), f"Grade {neuropathy.grade}")
        self.observe(
            page, concept(text="Peripheral sensory neuropathy"), neuropathy.on, {"valueCodeableConcept": concept(grade)}, "exam"
        )
