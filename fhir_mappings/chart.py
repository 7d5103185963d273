"""One chart, read: prefetch values in, the patient's facts out. One bad entry never costs the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from fhir_mappings.bundle import MEDICATION_KEYS, Contents, KeyState, Resource, collect, duplicates_removed, state_of
from fhir_mappings.condition import ConditionFacts, read_condition
from fhir_mappings.courses import first_day
from fhir_mappings.facts import DiagnosisKind, DrugExposure, PatientFacts
from fhir_mappings.ledger import Ledger
from fhir_mappings.medication import MedicationFacts, read_medication
from fhir_mappings.observation import ObservationFacts, read_observation, settled
from fhir_mappings.ownership import Owner, Subject, owner_of, source_of
from fhir_mappings.patient import read_patient
from fhir_mappings.procedure import CAR_T_NOT_NAMED, ProcedureFacts, read_procedure
from fhir_mappings.purposes import is_car_t

_MEDICATIONS = frozenset({"MedicationStatement", "MedicationRequest", "MedicationAdministration"})
_READ = _MEDICATIONS | {"Patient", "Condition", "Observation", "Procedure"}
REQUIRED_KEYS = ("patient", "conditions")


def missing_required(
    prefetch: Mapping[str, object], *, patient_id: str, fhir_server: str | None = None
) -> tuple[tuple[str, str], ...]:
    """(prefetch key, why) of required data that is not to be had: `absent`, `null`, `outcome`, `unreadable` or `foreign`.

    Required are the patient, the conditions, and one of the medication keys; the three medication keys are reported together. A
    search that found nothing (null or an empty Bundle) is an answer, a Patient that is null is not.
    """
    whose = Subject(patient_id=patient_id, fhir_server=fhir_server)
    missing = [(key, why) for key in REQUIRED_KEYS if (why := _why_missing(prefetch, key, whose))]
    medications = []
    for key in MEDICATION_KEYS:
        why = _why_missing(prefetch, key, whose)
        if why is None:  # one is enough
            return tuple(missing)
        medications.append((key, why))
    return (*missing, *medications)


def names_myeloma(prefetch: Mapping[str, object], *, patient_id: str) -> bool:
    """Whether the conditions alone leave it open that the patient has a myeloma, sure or suspected: only when all of them came,
    all of them could be read, and none names one, the answer is no."""
    ledger, facts = Ledger(), ConditionFacts()
    contents = collect({"conditions": prefetch.get("conditions", {})}, ledger)
    own = [each for each in _own(contents, Subject(patient_id=patient_id), ledger) if each["resourceType"] == "Condition"]
    for resource in own:
        read_condition(resource, "Condition", facts, ledger)
    lost = "conditions" in ledger.incomplete or ledger.unreadable or ledger.foreign or len(own) < len(contents.resources)
    return bool(lost) or any(each.kind is DiagnosisKind.MYELOMA for each in facts.diagnoses)


def _why_missing(prefetch: Mapping[str, object], key: str, whose: Subject) -> str | None:
    state = state_of(prefetch, key)
    if state is KeyState.NULL:
        return KeyState.NULL.value if key == "patient" else None
    if state is not KeyState.READ:
        return state.value
    contents = collect({key: prefetch[key]}, Ledger())
    held = [each for each in contents.resources if each.get("resourceType") in _READ]
    if not held:
        return KeyState.UNREADABLE.value if key == "patient" else None
    return "foreign" if all(owner_of(each, whose, contents.index) is Owner.ANOTHER for each in held) else None


def read_chart(prefetch: Mapping[str, object], *, patient_id: str, as_of: date, fhir_server: str | None = None) -> PatientFacts:
    """The facts of the patient `patient_id`, on `fhir_server` where the caller names one. `as_of` dates acronyms in records
    without a date, and tells recent dialysis."""
    ledger = Ledger()
    contents = collect(prefetch, ledger)
    conditions, observations, procedures = ConditionFacts(), ObservationFacts(), ProcedureFacts()
    medications = MedicationFacts()
    patients: list[Resource] = []
    for resource in _own(contents, Subject(patient_id=patient_id, fhir_server=fhir_server), ledger):
        source = source_of(resource)
        match resource["resourceType"]:
            case "Patient":
                patients.append(resource)
            case "Condition":
                read_condition(resource, source, conditions, ledger)
            case "Observation":
                read_observation(resource, source, observations, ledger)
            case "Procedure":
                read_procedure(resource, source, procedures, ledger, as_of=as_of)
            case _:
                read_medication(resource, source, contents.index, medications, ledger, year=as_of.year)
    exposures = [*medications.exposures, *procedures.exposures]
    exposures += _cell_infusions(procedures, conditions, exposures)
    unnamed = [source for each in exposures if each.drug == CAR_T_NOT_NAMED for source in each.sources]
    ledger.not_recognised += len(unnamed)
    return PatientFacts(
        patient=read_patient(patients, patient_id),
        diagnoses=tuple(sorted(conditions.diagnoses, key=lambda each: each.source)),
        exposures=tuple(exposures),
        transplants=tuple(sorted((*procedures.transplants, *conditions.transplants), key=lambda each: each.source)),
        events=tuple(sorted(observations.events, key=lambda each: (each.source, each.response))),
        measurements=tuple(
            sorted((*settled(observations.measurements), *conditions.measurements), key=lambda each: (each.source, each.analyte))
        ),
        comorbidities=tuple(
            sorted((*conditions.comorbidities, *procedures.comorbidities), key=lambda each: (each.source, each.kind))
        ),
        cytogenetics=tuple(sorted(observations.cytogenetics, key=lambda each: (each.source, each.abnormality))),
        harvests=tuple(sorted(procedures.harvests, key=lambda each: (each.earliest, each.latest))),
        unnamed_therapies=tuple(sorted(unnamed)),
        conflicts=tuple(ledger.conflicts),
        accounting=ledger.accounting(),
    )


def _own(contents: Contents, whose: Subject, ledger: Ledger) -> list[Resource]:
    """The resources of our types that are this patient's and say nothing that we do not understand."""
    kept = []
    for resource in duplicates_removed(each for each in contents.resources if each["resourceType"] in _READ):
        owner = owner_of(resource, whose, contents.index)
        if owner is Owner.ANOTHER:
            ledger.foreign += 1
            ledger.ignored += 1
        elif owner is Owner.NOBODY or resource.get("modifierExtension"):
            ledger.unreadable += 1
        else:
            kept.append(resource)
    return kept


def _cell_infusions(procedures: ProcedureFacts, conditions: ConditionFacts, exposures: list[DrugExposure]) -> list[DrugExposure]:
    """Infusions told by a procedure's code or by a history entry, unless another record names the product."""
    near = timedelta(days=30)
    named = [day for each in exposures if is_car_t(each.drug) and (day := first_day(each)) is not None]
    told = [
        each
        for each in procedures.car_t
        if (day := first_day(each)) is None or not any(abs(day - other) <= near for other in named)
    ]
    if not told and not any(is_car_t(each.drug) for each in exposures):
        told = [DrugExposure(drug=CAR_T_NOT_NAMED, sources=(source,)) for source in conditions.car_t]
    return told
