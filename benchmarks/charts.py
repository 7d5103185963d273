"""Charts of a known size, made from a seed: the same name gives the same bytes on every machine.

The mix is that of a hospital's chart: results since 2021, most of them of no interest to the service (vital signs, routine
chemistry), therapy as statements and administrations, home medication, a problem list. Synthetic throughout.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

Resource = dict[str, Any]

SEED = 20261122
AS_OF = date(2026, 11, 22)
PATIENT = "bench-patient"
_SUBJECT = {"reference": f"Patient/{PATIENT}"}
_DIAGNOSED = date(2021, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPlan:
    """What one body holds besides the patient."""

    name: str
    myeloma: bool
    conditions: int
    home_medications: int
    observations: int


PLANS = (
    ChartPlan(name="other-30k", myeloma=False, conditions=6, home_medications=6, observations=36),
    ChartPlan(name="myeloma-80k", myeloma=True, conditions=8, home_medications=6, observations=96),
    ChartPlan(name="myeloma-170k", myeloma=True, conditions=14, home_medications=11, observations=229),
    ChartPlan(name="myeloma-340k", myeloma=True, conditions=18, home_medications=16, observations=475),
    ChartPlan(name="myeloma-2m", myeloma=True, conditions=20, home_medications=20, observations=3000),
)

# LOINC, name, UCUM unit, low, high: a monthly panel, of which less than half is asked for by any rule.
_PANEL = (
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 9.5, 13.5),
    ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 136, 144),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 110, 260),
    ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 3.6, 4.9),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.8, 1.2),
    ("2075-0", "Chloride [Moles/volume] in Serum or Plasma", "mmol/L", 98, 106),
    ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 8.9, 9.9),
    ("6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 3.5, 8),
    ("33358-3", "Protein.monoclonal [Mass/volume] in Serum or Plasma by Electrophoresis", "g/dL", 0.1, 0.3),
    ("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 12, 40),
    ("36916-5", "Kappa light chains.free [Mass/volume] in Serum", "mg/L", 12, 22),
    ("6768-6", "Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 40, 110),
    ("33944-0", "Lambda light chains.free [Mass/volume] in Serum", "mg/L", 11, 20),
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 80, 150),
    ("29463-7", "Body weight", "kg", 70, 76),
    ("8867-4", "Heart rate", "/min", 60, 95),
    ("751-8", "Neutrophils [#/volume] in Blood by Automated count", "10*3/uL", 1.6, 5),
    ("8310-5", "Body temperature", "Cel", 36.2, 37.3),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", 3.4, 4.4),
    ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL", 0.3, 1.1),
    ("2708-6", "Oxygen saturation in Arterial blood", "%", 94, 99),
    ("9279-1", "Respiratory rate", "/min", 12, 20),
    ("85354-9", "Blood pressure panel with all children optional", "mm[Hg]", 60, 150),
)

_HOME = (
    ("197361", "amlodipine 5 MG Oral Tablet"),
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("617310", "atorvastatin 20 MG Oral Tablet"),
    ("197319", "allopurinol 100 MG Oral Tablet"),
    ("313820", "acyclovir 400 MG Oral Tablet"),
    ("198440", "acetaminophen 500 MG Oral Tablet"),
    ("861007", "metformin hydrochloride 500 MG Oral Tablet"),
    ("312961", "simvastatin 20 MG Oral Tablet"),
    ("966222", "levothyroxine sodium 0.05 MG Oral Tablet"),
    ("198051", "omeprazole 20 MG Delayed Release Oral Capsule"),
)

_PROBLEMS = (
    ("38341003", "Hypertensive disorder"),
    ("55822004", "Hyperlipidemia"),
    ("40930008", "Hypothyroidism"),
    ("44054006", "Diabetes mellitus type 2"),
    ("396275006", "Osteoarthritis"),
    ("235595009", "Gastroesophageal reflux disease"),
    ("195967001", "Asthma"),
    ("64859006", "Osteoporosis"),
    ("271737000", "Anemia"),
    ("279039007", "Low back pain"),
)

# INN, RxNorm ingredient, first and last day, days between doses (0: an oral drug, recorded once)
_THERAPY = (
    ("bortezomib", "358258", date(2021, 3, 1), date(2021, 7, 12), 21),
    ("lenalidomide", "342369", date(2021, 3, 1), date(2021, 7, 12), 0),
    ("dexamethasone", "3264", date(2021, 3, 1), date(2021, 7, 12), 0),
    ("lenalidomide", "342369", date(2021, 12, 6), date(2026, 10, 5), 0),
)


def call_body(name: str) -> bytes:
    """The patient-view request of one plan. Raises KeyError for a name that is none."""
    plan = {plan.name: plan for plan in PLANS}[name]
    chance = random.Random(f"{SEED}/{plan.name}")  # noqa: S311  # charts, not secrets
    prefetch: dict[str, Any] = {
        "patient": {"resourceType": "Patient", "id": PATIENT, "birthDate": "1958-04-17", "gender": "male"},
        "conditions": _bundle(_conditions(plan)),
        "medicationStatements": _bundle(_statements(plan)),
        "medicationRequests": _bundle([]),
        "medicationAdministrations": _bundle(_administrations() if plan.myeloma else []),
        "procedures": _bundle(_procedures() if plan.myeloma else []),
        "observations": _bundle(_observations(plan, chance)),
    }
    call = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/bench", "patientId": PATIENT},
        "prefetch": prefetch,
    }
    return orjson.dumps(call)


def _bundle(resources: Iterator[Resource] | list[Resource]) -> Resource:
    entries = [
        {
            "fullUrl": f"https://fhir.hospital.example/r4/{each['resourceType']}/{each['id']}",
            "resource": each,
            "search": {"mode": "match"},
        }
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _conditions(plan: ChartPlan) -> Iterator[Resource]:
    if plan.myeloma:
        yield _condition("myeloma", "109989006", "Multiple myeloma", _DIAGNOSED, icd10="C90.00")
        yield _condition("relapse", "94704001", "Multiple myeloma in relapse", date(2026, 10, 12), icd10="C90.02")
    for number in range(plan.conditions - 2 * plan.myeloma):
        code, name = _PROBLEMS[number % len(_PROBLEMS)]
        yield _condition(f"problem-{number}", code, name, date(2012, 5, 1) + timedelta(days=97 * number))


def _condition(id_: str, code: str, name: str, onset: date, *, icd10: str | None = None) -> Resource:
    codings = [{"system": "http://snomed.info/sct", "code": code, "display": name}]
    if icd10:
        codings.append({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd10, "display": name})
    return {
        "resourceType": "Condition",
        "id": id_,
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        "verificationStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]
        },
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item"}]}
        ],
        "code": {"coding": codings, "text": name},
        "subject": _SUBJECT,
        "onsetDateTime": onset.isoformat(),
        "recordedDate": onset.isoformat(),
    }


def _statements(plan: ChartPlan) -> Iterator[Resource]:
    if plan.myeloma:
        for number, (drug, rxnorm, start, end, _) in enumerate(_THERAPY):
            yield _statement(f"therapy-{number}", rxnorm, drug, start, end)
    for number in range(plan.home_medications):
        rxnorm, name = _HOME[number % len(_HOME)]
        yield _statement(f"home-{number}", rxnorm, name, date(2018, 1, 1) + timedelta(days=61 * number), None)


def _statement(id_: str, rxnorm: str, name: str, start: date, end: date | None) -> Resource:
    period = {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {})
    resource: Resource = {
        "resourceType": "MedicationStatement",
        "id": id_,
        "status": "completed" if end else "active",
        "medicationCodeableConcept": _drug(rxnorm, name),
        "subject": _SUBJECT,
        "effectivePeriod": period,
        "dateAsserted": start.isoformat(),
        "dosage": [{"text": "as directed"}],
    }
    if end == date(2026, 10, 5):
        resource["status"], resource["statusReason"] = "stopped", [{"text": "Disease progression"}]
    return resource


def _drug(rxnorm: str, name: str) -> Resource:
    return {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": rxnorm, "display": name}], "text": name}


def _administrations() -> list[Resource]:
    return [
        {
            "resourceType": "MedicationAdministration",
            "id": f"dose-{drug}-{day.isoformat()}",
            "status": "completed",
            "medicationCodeableConcept": _drug(rxnorm, drug),
            "subject": _SUBJECT,
            "effectiveDateTime": f"{day.isoformat()}T10:15:00Z",
            "dosage": {"dose": {"value": 2.4, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}},
        }
        for drug, rxnorm, start, end, every in _THERAPY
        if every
        for day in (start + timedelta(days=passed) for passed in range(0, (end - start).days + 1, every))
    ]


def _procedures() -> list[Resource]:
    named = (
        ("transplant", "58390007", "Autologous hematopoietic stem cell transplant", date(2021, 9, 8)),
        ("biopsy", "234326005", "Bone marrow biopsy", date(2021, 1, 25)),
        ("port", "233527006", "Insertion of central venous port", date(2021, 8, 16)),
    )
    return [
        {
            "resourceType": "Procedure",
            "id": id_,
            "status": "completed",
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": name}], "text": name},
            "subject": _SUBJECT,
            "performedDateTime": on.isoformat(),
        }
        for id_, code, name, on in named
    ]


def _observations(plan: ChartPlan, chance: random.Random) -> Iterator[Resource]:
    """Newest first, evenly from last week back to the diagnosis."""
    newest = AS_OF - timedelta(days=6)
    span = (newest - _DIAGNOSED).days
    panels = -(-plan.observations // len(_PANEL))
    for number in range(plan.observations):
        panel, row = divmod(number, len(_PANEL))
        loinc, name, unit, low, high = _PANEL[row]
        if not plan.myeloma and loinc in ("33358-3", "36916-5", "33944-0"):
            loinc, name, unit, low, high = ("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", 40, 65)
        on = newest - timedelta(days=span * panel // panels)
        value = round(chance.uniform(low, high), 1)
        if loinc == "33358-3" and on > date(2026, 9, 1):
            value = 1.4  # the progression
        yield _observation(f"result-{number}", loinc, name, unit, value, on)


def _observation(id_: str, loinc: str, name: str, unit: str, value: float, on: date) -> Resource:
    vital = loinc in ("8867-4", "8310-5", "2708-6", "9279-1", "29463-7", "85354-9")
    category = "vital-signs" if vital else "laboratory"
    resource: Resource = {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc, "display": name}], "text": name},
        "subject": _SUBJECT,
        "effectiveDateTime": f"{on.isoformat()}T08:30:00+01:00",
    }
    if loinc == "85354-9":
        resource["component"] = [
            {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": _quantity(number, unit)}
            for code, number in (("8480-6", 128.0), ("8462-4", 78.0))
        ]
    else:
        resource["valueQuantity"] = _quantity(value, unit)
    return resource


def _quantity(value: float, unit: str) -> Resource:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
