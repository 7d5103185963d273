"""T17: a token is for the address it names, and which address that is comes from the settings, not from the request."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.tokens import BASE_URL, DISCOVERY, FEEDBACK, SERVICE, Signer, bearer

ATTACKS = [
    {"Host": "evil.example"},
    {"Host": "evil.example:443"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Forwarded-Prefix": "/evil"},
    {"X-Original-URL": "/cds-services"},
]


@pytest.mark.parametrize("headers", ATTACKS, ids=str)
def test_what_the_request_says_of_the_host_changes_nothing(client: FlaskClient, ehr: Signer, headers: dict[str, str]):

    def post(audience: str) -> int:
        return client.post(SERVICE_PATH, data=REQUEST, headers={**headers, **bearer(ehr.token(audience))}).status_code

    assert post(SERVICE) == 200
    assert post("https://evil.example/cds-services/rrmm-regimen") == 401
    assert post("https://evil.example/hooks/cds-services/rrmm-regimen") == 401
    assert post("https://evil.example/evil/cds-services/rrmm-regimen") == 401


@pytest.mark.parametrize(
    "audience",
    [
        SERVICE + "/", SERVICE + "?", SERVICE + "#", SERVICE.upper(), SERVICE.replace("rrmm", "RRMM"), " " + SERVICE,
        DISCOVERY + "//rrmm-regimen",
        DISCOVERY, FEEDBACK, BASE_URL, BASE_URL + "/", SERVICE.replace("cds.example", "cds.example:443"),
        SERVICE.replace("https", "http"), "rrmm-regimen", "*",
        [SERVICE, SERVICE + "/"], [SERVICE, "https://other.example"], [FEEDBACK], [DISCOVERY, FEEDBACK],
    ],
    ids=str,
)  # fmt: skip
def test_no_other_spelling_stands_for_the_service(client: FlaskClient, ehr: Signer, audience: str | list[str]):
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token(audience))).status_code == 401


@pytest.mark.parametrize("audience", [[SERVICE], [DISCOVERY, SERVICE], [SERVICE, SERVICE, FEEDBACK]], ids=len)
def test_a_list_stands_when_all_of_it_is_ours(client: FlaskClient, ehr: Signer, audience: list[str]):
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token(audience))).status_code == 200


def test_discovery_and_a_service_do_not_take_each_others_tokens(client: FlaskClient, ehr: Signer):
    assert client.get("/cds-services", headers=bearer(ehr.token(DISCOVERY))).status_code == 200
    assert client.get("/cds-services", headers=bearer(ehr.token(SERVICE))).status_code == 401
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token(DISCOVERY))).status_code == 401


def test_an_address_with_two_slashes_is_the_same_service(client: FlaskClient, ehr: Signer):
    assert client.post("/cds-services//rrmm-regimen", data=REQUEST, headers=bearer(ehr.token())).status_code == 200


def test_a_tenant_may_name_its_own_audience_and_then_only_that_stands(production: Production, ehr: Signer):
    client = production(audience=["myeloma", "other-name"])
    for audience, status in (("myeloma", 200), (["other-name"], 200), (SERVICE, 401), (["myeloma", SERVICE], 401)):
        assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.token(audience))).status_code == status
