"""`rrmm-regimen` on `patient-view`: which regimen at relapse of myeloma, why, why not the others, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cds_service.answer_record import record_of
from cds_service.cards import cards_for
from cds_service.errors import RequiredDataMissing
from cds_service.evaluation_json import EXTENSION_NAME, as_extension
from cds_service.fetched import Outcome
from cds_service.fhir_source import source_for
from cds_service.hook_call import HookCall
from cds_service.knowledge.evaluation import Evaluation
from cds_service.knowledge.evaluator import evaluate
from cds_service.prefetch import Wanted
from cds_service.service_definition import CallContext, CdsService
from fhir_mappings.chart import REQUIRED_KEYS, missing_required, names_myeloma, read_chart
from fhir_mappings.facts import PatientFacts
from fhir_mappings.therapy_history import reconstruct

ID = "rrmm-regimen"

# Whole lists by patient: drugs, results and procedures are often named by text alone, so a list of codes would lose them, and a
# category would lose the echocardiogram or the weight. Results come newest first, in case a server cuts the list.
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}&_count=500",
    "medicationStatements": "MedicationStatement?patient={{context.patientId}}&_count=500",
    "medicationRequests": "MedicationRequest?patient={{context.patientId}}&_count=500",
    "medicationAdministrations": "MedicationAdministration?patient={{context.patientId}}&_count=500",
    "procedures": "Procedure?patient={{context.patientId}}&_count=500",
    "observations": "Observation?patient={{context.patientId}}&_sort=-date&_count=1000",
}

WHY_MISSING: Mapping[str, str] = {
    "absent": "It was not sent.",
    "null": "The client has no such data.",
    "outcome": "The client sent an error in its place.",
    "foreign": "It belongs to another patient than the context names.",
    "unreadable": "It is not a FHIR resource that can be read.",
}


def judge(call: HookCall, context: CallContext) -> tuple[PatientFacts, Evaluation]:
    """What the chart says and what the service concludes. Raises RequiredDataMissing when the chart cannot be judged at all."""
    chart = _chart_of(call, context)
    facts = read_chart(chart, patient_id=call.patient_id, as_of=context.as_of, fhir_server=call.fhir_server)
    history = reconstruct(facts, as_of=context.as_of)
    jurisdiction = context.caller.jurisdiction
    return facts, evaluate(facts, history, context.knowledge, as_of=context.as_of, jurisdiction=jurisdiction)


def _chart_of(call: HookCall, context: CallContext) -> Mapping[str, object]:
    """What was sent, and what could be fetched. Where the conditions name no myeloma, nothing else is required."""
    chart = call.prefetch
    failures: Mapping[str, Outcome] = {}
    missing = missing_required(chart, patient_id=call.patient_id, fhir_server=call.fhir_server)
    refused = any(key in REQUIRED_KEYS and why != "absent" for key, why in missing)
    if context.fetcher is not None and not refused and (source := source_for(call, context.caller)):
        completed = context.fetcher.complete(
            chart,
            patient_id=call.patient_id,
            wanted=_wanted(call.patient_id),
            source=replace(source, traceparent=context.traceparent),
            tenant=context.caller.tenant,
        )
        chart, failures = completed.prefetch, completed.failures
        if context.witness is not None:
            context.witness.fetched(failures, tenant=context.caller.tenant, open_breakers=context.fetcher.open_breakers())
        missing = () if completed.settled else missing_required(chart, patient_id=call.patient_id, fhir_server=call.fhir_server)
    if missing:
        raise RequiredDataMissing(*((f"prefetch.{key}", _why(why, failures.get(key))) for key, why in missing))
    return chart


def _wanted(patient_id: str) -> Wanted:
    return Wanted(templates=PREFETCH, first="conditions", goes_on=lambda chart: names_myeloma(chart, patient_id=patient_id))


def _why(state: str, failure: Outcome | None) -> str:
    return WHY_MISSING[state] if failure is None else f"It was not sent, and fetching it ended with: {failure}."


def response_of(evaluation: Evaluation, call: HookCall, context: CallContext) -> dict[str, Any]:
    """The body of the answer: the cards, and the evaluation for programs."""
    return {
        "cards": cards_for(evaluation, context.knowledge, patient_id=call.patient_id, base_url=context.base_url),
        "extension": {EXTENSION_NAME: as_extension(evaluation)},
    }


def respond(call: HookCall, context: CallContext) -> dict[str, Any]:
    """The answer to one call."""
    facts, evaluation = judge(call, context)
    body = response_of(evaluation, call, context)
    if context.witness is not None:
        record = record_of(evaluation, facts, body, context.knowledge, service=ID, tenant=context.caller.tenant)
        overdue = context.knowledge.overdue_since(context.as_of) is not None
        context.witness.answered(record, unknown_systems=facts.accounting.unknown_code_systems, overdue=overdue)
    return body


SERVICE = CdsService(
    id=ID,
    hook="patient-view",
    hook_version="1.0",
    title="Relapsed myeloma: which regimen",
    description=(
        "For relapsed or refractory multiple myeloma: reconstructs the lines of therapy from the chart, names the regimen of the "
        "class-switch policy and the options of current practice, and says why, why not the others, and what is not known. "
        "Decision support for specialists; not an order."
    ),
    usage_requirements=(
        "FHIR R4. Needs the patient, the conditions and at least one list of medications, prefetched as in the templates. "
        "Without the other lists the answer names what is unknown. Advice only for a myeloma that has been treated."
    ),
    prefetch=PREFETCH,
    respond=respond,
)
