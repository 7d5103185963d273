"""Whole charts, read: what each kind of record adds, and what a record that cannot be used leaves behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fhir_mappings.chart import missing_required, read_chart
from fhir_mappings.facts import Abnormality, Analyte, ComorbidityKind, Course, History, PatientFacts
from fhir_mappings.therapy_history import reconstruct

AS_OF = date(2026, 11, 22)
ICD, SNOMED = "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct"
KEYS = {
    "Condition": "conditions",
    "MedicationStatement": "medicationStatements",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "Observation": "observations",
    "Patient": "observations",  # a stray copy
}
Json = dict[str, Any]


def chart(*resources: Json) -> Json:
    prefetch: Json = {key: {"resourceType": "Bundle", "entry": []} for key in (*KEYS.values(), "medicationRequests")}
    prefetch["patient"] = {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01", "gender": "male"}
    for number, resource in enumerate(resources):
        whole = {"id": f"r{number}", "subject": {"reference": "Patient/p"}} | resource
        prefetch[KEYS[resource["resourceType"]]]["entry"].append({"resource": whole})
    return prefetch


def read(*resources: Json) -> PatientFacts:
    return read_chart(chart(*resources), patient_id="p", as_of=AS_OF)


def history(*resources: Json) -> History:
    return reconstruct(read(*resources), as_of=AS_OF)


def condition(code: str, status: str | None = "active", **more: Any) -> Json:
    clinical = {"clinicalStatus": {"coding": [{"code": status}]}} if status else {}
    return {"resourceType": "Condition", "code": {"coding": [{"system": ICD, "code": code}]}} | clinical | more


def drug(text: str, start: str | None = "2024-01-08", end: str | None = "2024-06-03", **more: Any) -> Json:
    period = {name: value for name, value in (("start", start), ("end", end)) if value}
    whole = {"resourceType": "MedicationStatement", "status": "completed", "medicationCodeableConcept": {"text": text}}
    return whole | {"effectivePeriod": period} | more


def procedure(text: str | None = None, code: Json | None = None, on: str | None = "2024-09-02", **more: Any) -> Json:
    concept = ({"text": text} if text else {}) | ({"coding": [code]} if code else {})
    when = {"performedDateTime": on} if on else {}
    return {"resourceType": "Procedure", "status": "completed", "code": concept} | when | more


def observation(code: Json, **more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": code, "effectiveDateTime": "2026-11-02"} | more


RELAPSE = condition("C90.02", onsetDateTime="2026-08-31")
VTD = drug("VTd")


def test_a_transplant_without_any_drug_is_a_missing_history() -> None:
    told = history(RELAPSE, procedure("Autologous stem cell transplant"))
    assert (told.course, told.unknown) == (Course.HISTORY_MISSING, ("therapy-history",))


@pytest.mark.parametrize(
    ("record", "drug"),
    [
        (procedure("CAR-T infusion"), "car-t-product-not-named"),
        (procedure(code={"system": "http://www.ama-assn.org/go/cpt", "code": "38228"}), "car-t-product-not-named"),
        (
            procedure(code={"system": "http://www.cms.gov/Medicare/Coding/ICD10", "code": "XW033K7"}),
            "idecabtagene-vicleucel",
        ),
        (
            procedure(code={"system": "http://www.cms.gov/Medicare/Coding/ICD10", "code": "XW043A7"}),
            "ciltacabtagene-autoleucel",
        ),
        (procedure("Carvykti infusion"), "ciltacabtagene-autoleucel"),
    ],
)
def test_a_cell_infusion_opens_a_line(record: Json, drug: str) -> None:
    told = history(RELAPSE, VTD, record)
    assert [line.drugs for line in told.lines][1:] == [(drug,)]
    assert told.course is Course.LATER_RELAPSE


def test_an_infusion_whose_product_another_record_names_is_told_once() -> None:
    given = {"resourceType": "MedicationAdministration", "status": "completed", "effectiveDateTime": "2024-09-02"}
    told = history(RELAPSE, VTD, procedure("CAR-T infusion"), given | {"medicationCodeableConcept": {"text": "Abecma"}})
    assert told.exposed_to[-1] != "car-t-product-not-named"
    assert len(told.lines) == 2


def test_a_history_of_car_t_without_a_date_leaves_the_order_open() -> None:
    told = history(RELAPSE, VTD, condition("Z92.850"))
    assert (told.course, "therapy-history" in told.unknown) == (Course.DATES_UNDECIDABLE, True)


@pytest.mark.parametrize(
    "text", ["Autologous HSCT", "HSCT", "PBSCT", "HPC transplant", "Bone marrow transplant", "autologe Stammzelltransplantation"]
)
def test_a_transplant_has_many_names(text: str) -> None:
    assert [str(each.on) for each in read(procedure(text)).transplants] == ["2024-09-02"]


@pytest.mark.parametrize(
    "text", ["Stem cell harvest", "Evaluation for autologous stem cell transplant", "Stem cell mobilization"]
)
def test_what_leads_to_a_transplant_is_none(text: str) -> None:
    assert read(procedure(text)).transplants == ()


@pytest.mark.parametrize(
    "code",
    [
        {"coding": [{"system": SNOMED, "code": "386033004"}]},
        {"coding": [{"system": ICD, "code": "G62.0"}]},
        {"text": "Peripheral sensory neuropathy, CTCAE v5 grade"},
    ],
)
def test_a_neuropathy_grade_is_named_by_code_or_text(code: Json) -> None:
    (found,) = read(observation(code, valueInteger=3)).measurements
    assert (found.analyte, found.value) == (Analyte.NEUROPATHY_GRADE, 3)


@pytest.mark.parametrize(("value", "positive"), [("Pregnant", 1), ("Not pregnant", 0), ("Negative", 0)])
def test_pregnancy_status(value: str, positive: int) -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "82810-3"}]}
    (found,) = read(observation(code, valueCodeableConcept={"text": value})).measurements
    assert (found.analyte, found.value) == (Analyte.PREGNANCY_TEST, positive)


def test_a_result_is_dated_by_its_release_when_nothing_else_dates_it() -> None:
    result = observation({"text": "LVEF"}, valueQuantity={"value": 60, "unit": "%"}, issued="2026-11-03T10:00:00Z")
    del result["effectiveDateTime"]
    (found,) = read(result).measurements
    assert str(found.on) == "2026-11-03"


def test_findings_of_one_report_are_told_apart() -> None:
    report = observation({"text": "FISH plasma cells"}, valueString="t(11;14) detected; del(17p) not detected")
    found = {each.abnormality: each.present for each in read(report).cytogenetics}
    assert found == {Abnormality.T_11_14: True, Abnormality.DEL_17P: False}


def test_an_abnormality_told_only_by_its_interpretation() -> None:
    result = observation({"text": "t(11;14) by FISH"}, interpretation=[{"coding": [{"code": "POS"}]}])
    assert [each.present for each in read(result).cytogenetics] == [True]


def test_the_code_for_relapse_counts_whatever_the_clinical_status_says() -> None:
    told = history(condition("C90.02", "remission", onsetDateTime="2026-08-31"), VTD)
    assert (told.course, told.conflicts) == (Course.FIRST_RELAPSE, ())


def test_an_older_remission_without_a_date_of_its_own_is_shown_and_does_not_outweigh_a_dated_relapse() -> None:
    told = history(condition("C90.01", onsetDateTime="2023-12-04"), RELAPSE, VTD)
    assert told.course is Course.FIRST_RELAPSE
    assert [(conflict.code, conflict.decides) for conflict in told.conflicts] == [("remission-and-relapse", False)]


def test_a_death_that_any_copy_of_the_patient_records_has_happened() -> None:
    copy = {"resourceType": "Patient", "id": "p", "deceasedBoolean": True}
    assert read(copy).patient.deceased
    assert read(copy).patient.birth_date is not None


@pytest.mark.parametrize("status", ["on-hold", "unknown"])
def test_a_drug_that_was_perhaps_given_makes_the_history_incomplete(status: str) -> None:
    assert read(drug("lenalidomide", status=status)).accounting.incomplete == ("medicationStatements",)
    assert read(drug("aspirin 100 mg", status=status)).accounting.incomplete == ()


@pytest.mark.parametrize(("on", "active"), [("2026-11-02", True), ("2026-03-02", None), ("2019-05-06", False)])
def test_dialysis_is_under_way_open_or_over(on: str, *, active: bool | None) -> None:
    (found,) = read(procedure(code={"system": SNOMED, "code": "302497006"}, on=on)).comorbidities
    assert (found.kind, found.active) == (ComorbidityKind.DIALYSIS, active)


def test_stopped_for_pd_is_progression() -> None:
    told = history(RELAPSE, drug("Rd", end="2025-06-02", status="stopped", statusReason=[{"text": "PD"}]))
    assert told.refractory_to == ("lenalidomide",)


def test_plasma_cell_leukaemia_beside_a_myeloma_is_told() -> None:
    kinds = [each.kind for each in read(condition("C90.00"), condition("C90.10")).comorbidities]
    assert kinds == [ComorbidityKind.EXTRAMEDULLARY_DISEASE]


def test_a_regimen_that_stands_only_in_a_note() -> None:
    told = read(drug("Chemotherapy", note=[{"text": "VRd, cycle 1"}]))
    assert {each.drug for each in told.exposures} == {"bortezomib", "lenalidomide", "dexamethasone"}


@pytest.mark.parametrize("value", [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Foo"}, {}, "x", [], 3])
def test_a_key_that_holds_another_type_is_not_an_empty_list(value: object) -> None:
    prefetch = chart(VTD) | {"conditions": value}
    assert missing_required(prefetch, patient_id="p") == (("conditions", "unreadable"),)


@pytest.mark.parametrize(
    ("record", "incomplete"),
    [
        (drug("XYZ-123 investigational"), True),
        (drug("Somethingtuzumab 100 mg"), True),
        (drug("Chemotherapy"), True),
        (drug("Bd"), True),
        (drug("Crataegus drops"), False),
        (drug("aspirin 100 mg"), False),
        (drug("Crataegus drops", reasonCode=[{"text": "Multiple myeloma"}]), True),
        ({**drug("x"), "medicationCodeableConcept": {"coding": [{"system": "urn:local", "code": "4711"}]}}, True),
        ({**drug("x"), "medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/none"}}, True),
    ],
)
def test_a_drug_that_nobody_can_name_is_never_no_drug(record: Json, *, incomplete: bool) -> None:
    accounting = read(record).accounting
    assert bool(accounting.incomplete) is incomplete
    assert accounting.unreadable + accounting.not_recognised == (0 if "aspirin" in str(record) else 1)
