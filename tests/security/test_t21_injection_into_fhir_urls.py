"""T21: nothing of a request can change what is asked of a FHIR server, or add a header."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from cds_service.services.rrmm_regimen import PREFETCH
from tests.support.dialled import only
from tests.support.hospital import hospital

IDS = [
    "123&_include=*",
    "../Patient/2",
    "1%2F2",
    "1/2",
    "1?x",
    "1#x",
    "1 2",
    "1\r\nX: y",
    "1\n",
    "é",
    "1" * 65,
    "",
    None,
    7,
    ["1"],
    "{{context.userId}}",
]


@pytest.mark.parametrize("member", ["patientId", "encounterId"])
@pytest.mark.parametrize("value", IDS, ids=repr)
def test_an_id_that_is_none_is_400_and_nothing_is_dialled(member: str, value: object):
    with hospital() as here, only() as dialled:
        answer = here.call(context={**here.request["context"], member: value})
    assert (answer.status, list(dialled)) == (400, [])


@pytest.mark.parametrize("value", [".", ".."])
def test_an_id_that_is_a_step_in_a_path_is_never_dialled(value: str):
    with hospital() as here, only() as dialled:
        answer = here.call(context={**here.request["context"], "patientId": value})
    assert (answer.status, list(dialled)) == (412, [])


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\nb", "a b", "a,b", "", "é", "a\x00", 'a"', "=", "a=b"], ids=repr)
def test_a_token_with_other_characters_is_400_and_nothing_is_dialled(token: str):
    with hospital() as here, only() as dialled:
        answer = here.call(fhirAuthorization={"access_token": token, "token_type": "Bearer", "expires_in": 60})
    assert (answer.status, list(dialled)) == (400, [])


def test_prefetch_keys_of_the_request_are_never_asked_for():
    with hospital() as here, only(here.server.port):
        here.call(
            prefetch={"../../Patient/2": None, "evil": {"resourceType": "Bundle", "link": [{"relation": "next", "url": "x"}]}}
        )
        asked = {urlsplit(each.path).path for each in here.server.seen}
    patient = here.request["context"]["patientId"]
    templates = {f"/fhir/{urlsplit(template).path}".replace("{{context.patientId}}", patient) for template in PREFETCH.values()}
    assert {path for path in asked if not path.startswith("/fhir/Medication/")} == templates


def test_every_search_names_this_patient_and_no_other_parameter_than_the_template():
    with hospital() as here:
        here.call(context={**here.request["context"], "encounterId": "e.1-2"})
        searches = [urlsplit(each.path) for each in here.server.seen if "?" in each.path]
    for search in searches:
        parameters = dict(parse_qsl(search.query, strict_parsing=True))
        assert parameters.pop("patient") == here.request["context"]["patientId"]
        assert set(parameters) <= {"_count", "_sort"}
    assert len(searches) == len(PREFETCH) - 1


def test_the_headers_of_a_fetch_are_ours_alone():
    with hospital() as here:
        here.call()
        names = {name for each in here.server.seen for name in each.headers}
    assert names == {"host", "accept", "accept-encoding", "user-agent"}
