"""T11: records of another patient never reach an answer, wherever they come from."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from fhir_mappings.bundle import KEY_OF_TYPE
from tests.support.fault_server import Exchange
from tests.support.hospital import hospital, sample

STRANGER = sample("triple-class-exposed")
BUNDLES = [key for key in KEY_OF_TYPE.values() if key != "patient"]
KIND = {key: kind for kind, key in KEY_OF_TYPE.items()}


def strange_entries(key: str) -> list[dict[str, Any]]:
    entries = copy.deepcopy(STRANGER["prefetch"].get(key, {}).get("entry", []))
    for entry in entries:
        entry["resource"]["id"] = f"strange-{entry['resource']['id']}"
    return entries


def comparable(evaluation: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in evaluation.items() if name not in ("ignored", "unreadable")}


@pytest.mark.parametrize("key", BUNDLES)
def test_a_strangers_records_in_a_fetched_search_change_nothing(key: str):
    def with_strangers(exchange: Exchange) -> None:
        bundle = copy.deepcopy(exchange.honest)
        bundle["entry"] = [*strange_entries(key), *bundle.get("entry", [])]
        bundle.pop("total")
        exchange.resource(bundle)

    with hospital() as here:
        plain = here.call()
    with hospital({KIND[key]: with_strangers}) as here:
        answer = here.call()
    assert comparable(answer.evaluation) == comparable(plain.evaluation)
    assert "strange-" not in str(answer.body)


@pytest.mark.parametrize("key", BUNDLES)
@pytest.mark.parametrize("subject", ["missing", "identifier", "contained", "display"])
def test_records_that_name_nobody_are_not_used(key: str, subject: str):
    value = {
        "missing": None,
        "identifier": {"identifier": {"value": "thomas-founding"}},
        "contained": {"reference": "#thomas-founding"},
        "display": {"display": "Patient/thomas-founding"},
    }[subject]

    def nobodys(exchange: Exchange) -> None:
        bundle = copy.deepcopy(exchange.honest)
        for entry in bundle.get("entry", []):
            entry["resource"].pop("subject", None)
            if value:
                entry["resource"]["subject"] = value
        exchange.resource(bundle)

    with hospital({KIND[key]: nobodys}) as here:
        answer = here.call()
        entries = here.request["prefetch"][key].get("entry", [])
        lost = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in entries}
    if answer.status == 200:
        used = json.dumps(answer.evaluation.get("history", {})) + json.dumps(answer.evaluation.get("measurements", {}))
        assert not [source for source in lost if f'"{source}"' in used]


@pytest.mark.parametrize("where", ["fetched", "sent"])
def test_another_patient_than_the_context_names_is_412(where: str):
    with hospital() as here:
        prefetch = here.sent() if where == "sent" else None
        answer = here.call(prefetch=prefetch, context={**here.request["context"], "patientId": "someone-else"})
    assert answer.status == 412
    assert "thomas-founding" not in str(answer.body)
