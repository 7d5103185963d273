"""Where the time of one call goes, in process: the stages of a call on one body, taken in turn so that noise meets all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

import orjson

from benchmarks.charts import AS_OF, PATIENT
from cds_service import strict_json
from cds_service.cards import cards_for
from cds_service.evaluation_json import as_extension
from cds_service.hook_call import read_hook_call
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.loader import load_knowledge
from fhir_mappings.chart import missing_required, read_chart
from fhir_mappings.terminology import drug_table
from fhir_mappings.therapy_history import reconstruct

MOST_ROUNDS = 400
FEWEST_ROUNDS = 15


def stages_of(body: bytes) -> Mapping[str, Callable[[], object]]:
    """The stages of a call by name, each ready to run again and again. `orjson.loads` is the yardstick, not a stage."""
    knowledge = load_knowledge(drug_table())
    call = read_hook_call(strict_json.load(body), hook="patient-view")
    facts = read_chart(call.prefetch, patient_id=PATIENT, as_of=AS_OF)
    history = reconstruct(facts, as_of=AS_OF)
    evaluation = evaluate(facts, history, knowledge, as_of=AS_OF, jurisdiction=Jurisdiction.US)
    answer = {"cards": cards_for(evaluation, knowledge, patient_id=PATIENT, base_url=None), "extension": as_extension(evaluation)}
    parsed = strict_json.load(body)
    return {
        "orjson.loads": lambda: orjson.loads(body),
        "parse strictly": lambda: strict_json.load(body),
        "read the call": lambda: read_hook_call(parsed, hook="patient-view"),
        "required data": lambda: missing_required(call.prefetch, patient_id=PATIENT),
        "read the chart": lambda: read_chart(call.prefetch, patient_id=PATIENT, as_of=AS_OF),
        "therapy history": lambda: reconstruct(facts, as_of=AS_OF),
        "evaluate": lambda: evaluate(facts, history, knowledge, as_of=AS_OF, jurisdiction=Jurisdiction.US),
        "cards": lambda: cards_for(evaluation, knowledge, patient_id=PATIENT, base_url=None),
        "extension": lambda: as_extension(evaluation),
        "write": lambda: strict_json.dump(answer),
    }


def measure(body: bytes, *, seconds: float, pick: Callable[[list[float]], float] = statistics.median) -> dict[str, float]:
    """Microseconds of every stage of one body: the median, or what `pick` takes from the rounds."""
    stages = stages_of(body)
    taken: dict[str, list[float]] = {name: [] for name in stages}
    until = time.perf_counter() + seconds
    for number in range(MOST_ROUNDS):
        if number >= FEWEST_ROUNDS and time.perf_counter() > until:
            break
        for name, run in stages.items():
            start = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - start)
    return {name: pick(times) * 1e6 for name, times in taken.items()}
