"""As a US Core server of the Epic kind writes: orders that refer to Medications with many unnamed codings, clinic doses as
administrations, ICD-10-CM beside SNOMED CT, one disease on the problem list and again at each encounter."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.dialects.dialect import Dialect, status_of
from tests.support.dialects.page import (
    CPT,
    HL7,
    ICD10CM,
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
from tests.support.drugs import DRUGS, DrugNames
from tests.support.patients import MYELOMA, Chart, Course, Neuropathy, Problem, Transplant
from tests.support.problems import DISEASES, PROBLEMS

_STOPPED = {"progression": "Disease progression", "completed": "Therapy completed", "other": "Physician decision"}
_CYCLE = timedelta(days=28)
_LOCAL = ("urn:oid:2.16.840.1.113883.6.253", "urn:oid:2.16.840.1.113883.6.68", "urn:oid:2.16.840.1.113883.6.162")


def _condition_category(code: str) -> list[Json]:
    return [concept(coding(f"{HL7}condition-category", code))]


def _doses(course: Course) -> list[str]:
    """The days on which a clinic drug was given: each cycle's first day and the last dose. Only for courses with known days."""
    if course.start is None or course.end is None or len(course.start) < 10 or len(course.end) < 10:
        return []
    day, last = date.fromisoformat(course.start), date.fromisoformat(course.end)
    days = []
    while day < last:
        days.append(day.isoformat())
        day += _CYCLE
    return [*days, last.isoformat()]


class UsCore(Dialect):
    name = "us-core"

    def disease(self, page: Page, chart: Chart) -> None:
        names = DISEASES[chart.disease or MYELOMA]
        code = "C90.01" if chart.in_remission else names.icd10cm
        codings = [coding(ICD10CM, code)] + ([coding(SNOMED, names.snomed, names.text)] if names.snomed else [])
        for kind in ("problem-list-item", "encounter-diagnosis"):
            page.put(
                "Condition",
                {
                    "clinicalStatus": clinical_status("remission" if chart.in_remission else "active"),
                    "verificationStatus": confirmed(),
                    "category": _condition_category(kind),
                    "code": concept(*codings, text=names.text),
                    "subject": page.subject,
                    "onsetDateTime": chart.diagnosed_on if kind == "problem-list-item" else None,
                    "recordedDate": chart.diagnosed_on,
                },
            )

    def relapse(self, page: Page, on: str) -> None:
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status("active"),
                "verificationStatus": confirmed(),
                "category": _condition_category("encounter-diagnosis"),
                "subject": page.subject,
                "recordedDate": on,
                "code": concept(coding(ICD10CM, "C90.02"), text="Multiple myeloma in relapse"),
            },
        )

    def course(self, page: Page, course: Course) -> None:
        names = DRUGS[course.drug]
        medication = page.put("Medication", {"code": self._many_codings(names)}, key="medicationRequests")
        reason = f"Adverse event: {course.toxicity}" if course.toxicity else _STOPPED.get(course.stop or "")
        bounds = period(course.start, course.end)
        label = None if names.rxnorm else f"{names.name.upper()} {names.strength.upper()}"
        page.put(
            "MedicationRequest",
            {
                "status": status_of(course),
                "intent": "order",
                "medicationReference": {"reference": medication} | ({"display": label} if label else {}),
                "statusReason": concept(text=reason) if reason else None,
                "subject": page.subject,
                "authoredOn": course.start,
                "reasonCode": [concept(text=course.purpose)] if course.purpose else None,
                "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": bounds}}}] if bounds else None,
            },
        )
        if not names.oral:
            for day in _doses(course):
                page.put(
                    "MedicationAdministration",
                    {
                        "status": "completed",
                        "medicationCodeableConcept": self._given(names),
                        "subject": page.subject,
                        "effectiveDateTime": day,
                        "reasonCode": [concept(text=course.purpose)] if course.purpose else None,
                    },
                )

    @staticmethod
    def _many_codings(names: DrugNames) -> Json:
        local = [coding(system, f"{abs(hash_of(names.name)) % 10**9}") for system in _LOCAL]
        known = [coding(RXNORM, code) for code in (names.product, names.rxnorm) if code]
        return concept(*local, *known)

    @staticmethod
    def _given(names: DrugNames) -> Json:
        code = names.product or names.rxnorm
        return concept(*([coding(RXNORM, code)] if code else []), text=f"{names.name} {names.strength}")

    def transplant(self, page: Page, transplant: Transplant) -> None:
        text = "Tandem autologous stem cell transplantation" if transplant.tandem else "Autologous stem cell transplantation"
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(coding(CPT, "38241"), text=text),
                "subject": page.subject,
                "performedDateTime": transplant.on,
            },
        )

    def car_t(self, page: Page, infusion: Course) -> None:
        names = DRUGS[infusion.drug]
        text = f"CAR-T cell administration: {names.name.replace('-', ' ')} ({names.brand})"
        page.put(
            "Procedure",
            {
                "status": "completed",
                "code": concept(coding(CPT, "38228"), text=text),
                "subject": page.subject,
                "performedDateTime": infusion.start,
            },
        )

    def neuropathy(self, page: Page, neuropathy: Neuropathy) -> None:
        if neuropathy.pain:
            page.put(
                "Condition",
                {
                    "clinicalStatus": clinical_status("active"),
                    "verificationStatus": confirmed(),
                    "code": concept(coding(ICD10CM, "G62.0"), text="Drug-induced polyneuropathy"),
                    "subject": page.subject,
                    "recordedDate": neuropathy.on,
                    "note": [{"text": f"CTCAE grade {neuropathy.grade}, with pain"}],
                },
            )
            return
        code = concept(text="Peripheral sensory neuropathy, CTCAE v5 grade")
        self.observe(page, code, neuropathy.on, {"valueInteger": neuropathy.grade}, "exam")

    def problem(self, page: Page, problem: Problem) -> None:
        names = PROBLEMS[problem.name]
        codings = [coding(ICD10CM, names.icd10cm)] + ([coding(SNOMED, names.snomed, names.text)] if names.snomed else [])
        page.put(
            "Condition",
            {
                "clinicalStatus": clinical_status("active" if problem.active else "resolved"),
                "verificationStatus": confirmed(),
                "category": _condition_category("problem-list-item"),
                "code": concept(*codings, text=names.text),
                "subject": page.subject,
                "onsetDateTime": problem.since,
                "stage": [{"summary": concept(text=problem.detail)}] if problem.detail else None,
            },
        )


def hash_of(text: str) -> int:
    """A number made of a name, the same in every run."""
    return sum((place + 7) ** 3 * ord(letter) for place, letter in enumerate(text))
