"""T13: nothing of a patient is kept from one call to the next."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import cds_service
import fhir_mappings
from tests.support.fault_server import Exchange, resource
from tests.support.hospital import EVALUATION, PATH, hospital

NONE = {"resourceType": "Bundle", "type": "searchset", "total": 0}


# Functions that remember: each reads a file of ours, by its name, or asks about one of our own classes.
REMEMBERING = {
    "cds_service.knowledge.loader._hints",
    "cds_service.phrases._tables",
    "cds_service.phrases.table",
    "fhir_mappings.coding._without_dots",
    "fhir_mappings.definitions.definitions",
    "fhir_mappings.drug_concept._other_codes",
    "fhir_mappings.drug_concept._other_names",
    "fhir_mappings.drug_text._any_case",
    "fhir_mappings.drug_text._names",
    "fhir_mappings.observation._asked_codes",
    "fhir_mappings.terminology.acronyms",
    "fhir_mappings.terminology.concept_rows",
    "fhir_mappings.terminology.drug_names",
    "fhir_mappings.terminology.drug_table",
    "fhir_mappings.terminology.lab_by_loinc",
    "fhir_mappings.terminology.lab_by_name",
    "fhir_mappings.terminology.lab_by_other_code",
    "fhir_mappings.terminology.lab_patterns",
    "fhir_mappings.terminology.labs",
    "fhir_mappings.terminology.rows_by_code",
    "fhir_mappings.terminology.rows_by_text",
}


def modules() -> Iterator[ModuleType]:
    for package in (cds_service, fhir_mappings):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not each.name.endswith("__main__") and ".migrations" not in each.name:
                yield importlib.import_module(each.name)


def remembering() -> dict[str, Any]:
    return {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if type(value).__name__ == "_lru_cache_wrapper" and value.__module__ == module.__name__
    }


def test_two_calls_of_one_instance_see_what_the_server_says_each_time():
    faults: dict[str, Any] = {}
    with hospital(faults) as here:
        first = here.call()
        asked = len(here.server.seen)
        faults["Condition"] = resource(NONE)
        second = here.call()
        assert len(here.server.seen) > asked
    assert first.preferred == ["Rd"]
    assert second.body["cards"] == []


def test_no_answer_may_be_stored():
    with hospital() as here:
        client = here.app.test_client()
        body = here.request
        for answer in (client.post(PATH, json=body), client.post(PATH, json={}), client.get("/cds-services")):
            assert answer.headers["Cache-Control"] == "no-store"
        assert EVALUATION in client.post(PATH, json=body).text


def test_every_function_that_remembers_is_known():
    """One that is keyed by what a chart says would be a memory of charts."""
    assert set(remembering()) - REMEMBERING == set()


def test_no_function_remembers_more_after_a_call():
    with hospital() as here, hospital(chart="triple-class-exposed") as other:
        here.call()
        before = {name: each.cache_info().currsize for name, each in remembering().items()}
        other.call()
        other.call(context={**other.request["context"], "patientId": "someone-else"})
    assert {name: each.cache_info().currsize for name, each in remembering().items()} == before


def test_nothing_of_a_call_is_left_in_memory():
    mark, token = "canary-7f3a-fetched", "canary-7f3a-token"

    def marked(exchange: Exchange) -> None:
        entries = [{"resource": entry["resource"] | {"language": mark}} for entry in exchange.honest["entry"]]
        exchange.resource(exchange.honest | {"entry": entries})

    with hospital({"Observation": marked}) as here:
        answer = here.call(fhirAuthorization={"access_token": token, "token_type": "Bearer", "expires_in": 60})
        assert answer.preferred == ["Rd"]
        assert {each.headers["authorization"] for each in here.server.seen} == {f"Bearer {token}"}
        here.server.seen.clear()
        gc.collect()
        left = [each for each in gc.get_objects() if type(each) is dict and {mark, token} & set(filter(is_text, each.values()))]
    # What holds the two words here is the frame of this test, never a dict.
    assert left == []


def is_text(value: object) -> bool:
    return type(value) is str
