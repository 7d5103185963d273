"""Without any prefetch, against a real R4 server, the service gives the cards that it gives for the chart as it was sent."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date

import pytest

from cds_service import clocked_transport, fhir_client
from cds_service.app import create_app
from cds_service.settings import Settings
from tests.integration.server import Client, Json, NotHere, running
from tests.support.samples import AS_OF, SAMPLES, Sample

PATH = "/cds-services/rrmm-regimen"
COUNTS = ("ignored", "unreadable", "notRecognised")


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    try:
        with running() as base:
            yield Client(base)
    except NotHere as reason:
        pytest.skip(f"no FHIR server: {reason}")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is about what is answered; how long a server may be silent is tried in `tests/faults/`."""
    for module in (clocked_transport, fhir_client):
        monkeypatch.setattr(module, "IDLE_SECONDS", 8.0)


def resources(request: Json) -> list[Json]:
    bundles = [value for key, value in request["prefetch"].items() if key != "patient"]
    return [request["prefetch"]["patient"], *(entry["resource"] for bundle in bundles for entry in bundle.get("entry", []))]


def answer(request: Json, jurisdiction: str) -> Json:
    settings = Settings(as_of=date.fromisoformat(AS_OF), jurisdiction=jurisdiction, fetch_deadline_ms=10_000)
    reply = create_app(settings).test_client().post(PATH, json=request)
    assert reply.status_code == 200, reply.text
    body: Json = reply.json
    for count in COUNTS:  # a server does not hand out what it does not take for this patient's
        body["extension"]["org.myeloma-cds.evaluation"].pop(count, None)
    for card in body["cards"]:
        for each in (card, *card.get("suggestions", ())):
            del each["uuid"]
    return body


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.edit is None], ids=lambda each: each.name)
def test_the_cards_are_the_same(server: Client, sample: Sample):
    request = copy.deepcopy(sample.request())
    stored = resources(request)
    for resource in stored:
        server.store(resource)
    try:
        bare = {name: value for name, value in request.items() if name != "prefetch"}
        fetched = answer(bare | {"fhirServer": server.base}, sample.jurisdiction)
    finally:
        for resource in stored:
            server.remove(f"{resource['resourceType']}/{resource['id']}")
    sent = answer(request, sample.jurisdiction)
    if fetched["cards"]:
        assert fetched == sent
    else:  # where the conditions name no myeloma, nothing else was asked for, so there is less to report
        assert sent["cards"] == []
        assert _decision(fetched) == _decision(sent)


def _decision(body: Json) -> tuple[str, str]:
    evaluation = body["extension"]["org.myeloma-cds.evaluation"]
    return evaluation["outcome"], evaluation["reason"]
