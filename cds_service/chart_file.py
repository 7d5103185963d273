"""A chart in a file, judged from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cds_service import strict_json
from cds_service.errors import ServiceError
from cds_service.hook_call import FHIR_ID, HookCall, read_hook_call
from cds_service.knowledge.evaluation import Evaluation
from cds_service.service_definition import CallContext
from cds_service.services import rrmm_regimen
from fhir_mappings.bundle import prefetch_from_bundle
from fhir_mappings.facts import PatientFacts


class Refused(Exception):
    """Why the command does nothing, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A chart, what was read from it, and what follows."""

    call: HookCall
    facts: PatientFacts
    evaluation: Evaluation


def judge_file(file: Path, context: CallContext) -> Judged:
    """The chart of a request or of a Bundle of one patient, judged. Raises Refused when it cannot be."""
    try:
        call = _call_in(file)
        facts, evaluation = rrmm_regimen.judge(call, context)
    except ServiceError as error:
        problems = "; ".join(f"{where}: {what}" if where else what for where, what in error.problems)
        raise Refused(f"{error.id} {error.message} {problems}".strip()) from None
    return Judged(call=call, facts=facts, evaluation=evaluation)


def _call_in(file: Path) -> HookCall:
    try:
        body = strict_json.load(file.read_bytes())
    except OSError as failed:
        raise Refused(f"the file cannot be read: {failed.strerror}") from None
    if not isinstance(body, dict) or body.get("resourceType") != "Bundle":
        return read_hook_call(body, hook=rrmm_regimen.SERVICE.hook)
    try:
        patient_id, prefetch = prefetch_from_bundle(body)
    except ValueError as unfit:
        raise Refused(str(unfit)) from None
    if not FHIR_ID.fullmatch(patient_id):
        raise Refused("the id of the Patient is not a FHIR id")
    return HookCall(patient_id=patient_id, prefetch=prefetch)
