"""The states of a prefetch value are told apart: given, empty, absent, null, an error, a first page."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.protocol.requirements import proves

PATH = "/cds-services/rrmm-regimen"
EVALUATION = "org.myeloma-cds.evaluation"
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
REFUSED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "forbidden"}]}
MEDICATIONS = ("medicationStatements", "medicationRequests", "medicationAdministrations")


def with_key(request: dict[str, Any], key: str, *value: object) -> dict[str, Any]:
    """The request with another value under a key, or without the key when no value is given."""
    result = copy.deepcopy(request)
    result["prefetch"].pop(key, None)
    if value:
        result["prefetch"][key] = value[0]
    return result


def notes(answer: dict[str, Any]) -> list[str]:
    return answer["extension"][EVALUATION].get("switchClass", {}).get("notes", [])


@proves("P2", "P4")
def test_without_any_prefetch_the_answer_is_412(client: FlaskClient, founding_request: dict):
    for body in (founding_request | {"prefetch": {}}, {k: v for k, v in founding_request.items() if k != "prefetch"}):
        answer = client.post(PATH, json=body)
        assert answer.status_code == 412
        assert {issue["details"]["coding"][0]["code"] for issue in answer.json["issue"]} == {"CDS-0412"}
        places = [place for issue in answer.json["issue"] for place in issue["expression"]]
        assert "prefetch.patient" in places
        assert "prefetch.conditions" in places


@proves("P4", "P5", "P6")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(key, value, id=f"{key}-{state}")
        for key in ("patient", "conditions")
        for state, value in {"absent": (), "null": (None,), "error": (REFUSED,), "unreadable": ("text",)}.items()
        if (key, state) != ("conditions", "null")
    ],
)
def test_required_data_that_is_not_there_is_412(client: FlaskClient, founding_request: dict, key: str, value: tuple):
    answer = client.post(PATH, json=with_key(founding_request, key, *value))
    assert answer.status_code == 412
    assert [issue["expression"] for issue in answer.json["issue"]] == [[f"prefetch.{key}"]]


@proves("P6")
def test_the_412_says_which_state_it_met(client: FlaskClient, founding_request: dict):
    said = {
        client.post(PATH, json=with_key(founding_request, "patient", *value)).json["issue"][0]["details"]["text"]
        for value in ((), (None,), (REFUSED,), ("text",))
    }
    assert len(said) == 4


@proves("P6")
def test_null_for_a_search_says_that_the_client_has_no_data(client: FlaskClient, founding_request: dict):
    null = client.post(PATH, json=with_key(founding_request, "conditions", None)).json
    assert null == client.post(PATH, json=with_key(founding_request, "conditions", EMPTY)).json
    assert null["cards"] == []


@proves("P4")
def test_without_any_list_of_medications_the_answer_is_412(client: FlaskClient, founding_request: dict):
    body = founding_request
    for key in MEDICATIONS:
        body = with_key(body, key)
    assert client.post(PATH, json=body).status_code == 412


@proves("P4")
def test_a_patient_that_is_someone_else_is_412(client: FlaskClient, founding_request: dict):
    other = {"resourceType": "Patient", "id": "someone-else", "gender": "male", "birthDate": "1968-03-14"}
    assert client.post(PATH, json=with_key(founding_request, "patient", other)).status_code == 412


@proves("P2", "P5", "P6")
@pytest.mark.parametrize("key", ["observations", "procedures"])
@pytest.mark.parametrize("value", [(), (REFUSED,)], ids=["absent", "error"])
def test_other_data_that_is_not_there_is_noted(client: FlaskClient, founding_request: dict, key: str, value: tuple):
    answer = client.post(PATH, json=with_key(founding_request, key, *value))
    assert answer.status_code == 200
    assert "history-incomplete" in notes(answer.json)


@proves("P6")
@pytest.mark.parametrize("key", ["observations", "procedures"])
def test_an_empty_search_is_not_a_missing_one(client: FlaskClient, founding_request: dict, key: str):
    empty = client.post(PATH, json=with_key(founding_request, key, EMPTY)).json
    absent = client.post(PATH, json=with_key(founding_request, key)).json
    assert "history-incomplete" not in notes(empty)
    assert empty["extension"] != absent["extension"]


@proves("P7")
def test_a_first_page_is_not_the_whole(client: FlaskClient, founding_request: dict):
    page = founding_request["prefetch"]["observations"] | {"link": [{"relation": "next", "url": "https://ehr.example/page/2"}]}
    answer = client.post(PATH, json=with_key(founding_request, "observations", page))
    assert "history-incomplete" in notes(answer.json)


@proves("P9")
def test_the_answer_comes_within_half_a_second(client: FlaskClient, founding_request: dict):
    client.post(PATH, json=founding_request)
    start = time.perf_counter()
    client.post(PATH, json=founding_request)
    assert time.perf_counter() - start < 0.5
