"""Calls from a browser page: what the sandbox needs, and what production must not give."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Profile, Settings
from tests.protocol.requirements import proves
from tests.support.tokens import BASE_URL, OWN_KEY, write_tenants

ORIGIN = "https://sandbox.cds-hooks.org"
LISTED = "https://ehr.example"
OF_TENANT = "https://portal.hospital.example:8443"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
ADDRESSES = ["/cds-services", "/cds-services/", "/cds-services/rrmm-regimen", "/cds-services//rrmm-regimen",
             "/cds-services/rrmm-regimen/feedback", "/cds-services/no-such", "/nowhere", "/", "//", "/health"]  # fmt: skip


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("production")
    tenants = write_tenants(folder, OWN_KEY, cors_origins=[OF_TENANT])
    settings = Settings(
        profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=tenants, cors_origins=(LISTED,), state_dir=folder / "state"
    )
    return create_app(settings).test_client()


@proves("X1")
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_preflight_is_answered_everywhere(client: FlaskClient, address: str):
    answer = client.options(address, headers={"Origin": ORIGIN, **PREFLIGHT})
    assert 200 <= answer.status_code < 300
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    assert {"authorization", "content-type"} <= set(answer.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


@proves("X2")
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_every_answer_may_be_read_in_the_demo(client: FlaskClient, address: str, method: str):
    answer = client.open(address, method=method, headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    assert not 300 <= answer.status_code < 400


@proves("X3")
@pytest.mark.parametrize(
    "origin",
    [ORIGIN, "null", "https://ehr.example.evil", "https://evil-ehr.example", "http://ehr.example", "https://ehr.example:8443"],
)
def test_production_gives_other_origins_nothing(production: FlaskClient, origin: str):
    for answer in (
        production.options("/cds-services", headers={"Origin": origin, **PREFLIGHT}),
        production.get("/cds-services", headers={"Origin": origin}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert answer.headers["Vary"] == "Origin"


@proves("X3", "X1", "X2")
@pytest.mark.parametrize("listed", [LISTED, OF_TENANT])
def test_production_admits_a_listed_origin_by_name(production: FlaskClient, listed: str):
    preflight = production.options("/cds-services/rrmm-regimen", headers={"Origin": listed, **PREFLIGHT})
    refused = production.post("/cds-services/rrmm-regimen", headers={"Origin": listed})
    assert preflight.status_code == 204
    assert refused.status_code == 401
    for answer in (preflight, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == listed
        assert "Access-Control-Allow-Credentials" not in answer.headers
