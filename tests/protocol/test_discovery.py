"""Discovery."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from cds_service.services import SERVICES
from tests.protocol.requirements import proves


def entries(client: FlaskClient) -> list[dict]:
    return client.get("/cds-services").json["services"]


@proves("D1", "D2", "D4", "J1")
def test_discovery_is_an_object_with_a_list_of_services(client: FlaskClient):
    answer = client.get("/cds-services")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert list(answer.json) == ["services"]
    assert isinstance(answer.json["services"], list)


@proves("D1")
def test_a_slash_at_the_end_of_the_address_is_no_redirect(client: FlaskClient):
    assert client.get("/cds-services/").json == client.get("/cds-services").json


@proves("D5", "D6", "D7", "D10")
@pytest.mark.parametrize("member", ["id", "hook", "title", "description", "usageRequirements", "version", "hookVersion"])
def test_every_entry_says_what_it_is(client: FlaskClient, member: str):
    assert all(isinstance(entry[member], str) and entry[member].strip() for entry in entries(client))


@proves("D5", "D8")
def test_the_main_service_is_there_on_its_hook(client: FlaskClient):
    assert ("rrmm-regimen", "patient-view") in {(entry["id"], entry["hook"]) for entry in entries(client)}


@proves("D8")
def test_every_id_is_an_address(client: FlaskClient):
    for entry in entries(client):
        assert client.post(f"/cds-services/{entry['id']}", data=b"").status_code == 400


@proves("D11", "D12")
def test_versions_are_those_of_the_specification(client: FlaskClient):
    for entry in entries(client):
        assert entry["version"] == "2.0.1"
        assert entry["hookVersion"] == "1.0"


@proves("D13")
def test_no_two_entries_share_an_id(client: FlaskClient):
    ids = [entry["id"] for entry in entries(client)]
    assert len(ids) == len(set(ids)) == len(SERVICES)


@proves("J4", "J5")
def test_discovery_has_no_null_and_nothing_empty(client: FlaskClient):
    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [value, *(leaf for each in value.values() for leaf in leaves(each))]
        return [value, *(leaf for each in value for leaf in leaves(each))] if isinstance(value, list) else [value]

    assert all(leaf not in (None, "", [], {}) for leaf in leaves(client.get("/cds-services").json))


@proves("P1", "D9")
def test_the_main_service_asks_for_its_seven_keys(client: FlaskClient):
    (entry,) = (entry for entry in entries(client) if entry["id"] == "rrmm-regimen")
    assert list(entry["prefetch"]) == [
        "patient", "conditions", "medicationStatements", "medicationRequests", "medicationAdministrations", "procedures",
        "observations",
    ]  # fmt: skip


def templates() -> list[str]:
    return [template for service in SERVICES for template in service.prefetch.values()]


@proves("P10", "P12")
@pytest.mark.parametrize("template", templates())
def test_the_only_token_is_the_patient(template: str):
    assert re.findall(r"\{\{.*?\}\}", template) == ["{{context.patientId}}"]


@proves("P15")
@pytest.mark.parametrize("template", templates())
def test_templates_use_plain_search(template: str):
    names = re.findall(r"[?&]([^=&]+)=", template)
    assert set(names) <= {"patient", "_sort", "_count"}
    assert len(names) == len(set(names)), "a client may merge a parameter that stands twice"
