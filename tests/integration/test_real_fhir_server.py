"""Charts stored in a real R4 server and read back through the service's own prefetch templates are read the same way."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator

import pytest

from tests.corpus.cases.every import EVERY_CASE
from tests.integration.server import Client, Json, NotHere, running
from tests.support.samples import AS_OF, SAMPLES
from tests.support.service import discovery, evaluation

# What a Bundle looks like on the way is this subject; a server makes its own Bundles.
_ABOUT_TRANSPORT = {"bundles"}
# References that only the Bundle they came in resolves; a server that stores single resources cannot.
_BUNDLE_REFERENCES = {"a Medication in the Bundle by urn:uuid", "a Medication in the Bundle by absolute URL"}
_MEDICATION = re.compile(r'"(Medication/[A-Za-z0-9.-]+)["/]')
CHARTS = {f"sample: {sample.name}": sample.request() for sample in SAMPLES if sample.edit is None} | {
    f"{subject}: {case.says}": case.request
    for subject, case in EVERY_CASE
    if subject not in _ABOUT_TRANSPORT and case.says not in _BUNDLE_REFERENCES
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    try:
        with running() as base:
            yield Client(base)
    except NotHere as reason:
        pytest.skip(f"no FHIR server: {reason}")


def _resources(request: Json) -> list[Json]:
    bundles = [value for key, value in request["prefetch"].items() if key != "patient"]
    return [request["prefetch"]["patient"], *(entry["resource"] for bundle in bundles for entry in bundle.get("entry", []))]


def _as_stored(request: Json) -> Json:
    """The request without what its own Bundles say beyond the resources: a server writes those anew."""
    bare = copy.deepcopy(request)
    for bundle in bare["prefetch"].values():
        for entry in bundle.get("entry", []):
            entry.pop("fullUrl", None)
    return bare


def _fetched(client: Client, patient_id: str) -> Json:
    """Each prefetch template, asked for as an EHR does; Medications that orders refer to are read and put beside them."""
    answers = {
        key: client.get(template.replace("{{context.patientId}}", patient_id))
        for key, template in discovery()["prefetch"].items()
    }
    for bundle in answers.values():
        for reference in sorted(set(_MEDICATION.findall(json.dumps(bundle.get("entry", []))))):
            found = client.get(reference)
            if found["resourceType"] == "Medication":
                bundle["entry"].append({"resource": found, "search": {"mode": "include"}})
    return answers


@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_comes_back_the_same(client: Client, name: str) -> None:
    request = _as_stored(CHARTS[name])
    stored = _resources(request)
    for resource in stored:
        client.store(resource)
    try:
        returned = request | {"prefetch": _fetched(client, request["context"]["patientId"])}
        assert _medical(evaluation(returned, AS_OF)) == _medical(evaluation(request, AS_OF))
    finally:
        for resource in stored:
            client.remove(f"{resource['resourceType']}/{resource['id']}")


def _medical(said: Json) -> Json:
    """Without the counts of what was left aside: a server does not hand out another patient's records in the first place."""
    return {key: value for key, value in said.items() if key not in {"ignored", "unreadable", "notRecognised"}}


def test_the_server_pages_and_the_client_follows(client: Client) -> None:
    client.store({"resourceType": "Patient", "id": "paged"})
    for number in range(7):
        code = {"text": "Hypertension"}
        client.store({"resourceType": "Condition", "id": f"pg-{number}", "subject": {"reference": "Patient/paged"}, "code": code})
    assert len(client.get("Condition?patient=paged&_count=3")["entry"]) == 7
