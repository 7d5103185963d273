"""What CDS Hooks asks of a service that checks who calls. The attacks on it stand in `tests/security/`."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Profile, Settings
from tests.protocol.requirements import proves
from tests.support.tokens import (
    BASE_URL,
    DISCOVERY,
    ISSUER,
    JWKS_URL,
    OWN_KEY,
    SERVICE,
    Signer,
    bearer,
    jwk,
    private_key,
    write_tenants,
)

EC = Signer(key=private_key("P-384"))
RSA = Signer(key=private_key("2048"), kid="key-rsa", algorithm="RS384")
PATH = "/cds-services/rrmm-regimen"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("trusting")
    tenants = write_tenants(folder, OWN_KEY, jwk(RSA.key, "key-rsa"))
    return create_app(
        Settings(profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=tenants, state_dir=folder / "state")
    ).test_client()


def status(client: FlaskClient, request: dict[str, Any], token: str) -> int:
    return client.post(PATH, json=request, headers=bearer(token)).status_code


@proves("T2")
def test_discovery_and_services_take_the_token_of_the_call(trusting: FlaskClient, healthy_request: dict):
    assert trusting.get("/cds-services", headers=bearer(EC.token(DISCOVERY))).status_code == 200
    assert status(trusting, healthy_request, EC.token(SERVICE)) == 200
    assert trusting.get("/cds-services").status_code == 401


@proves("T3")
@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_a_header_without_a_required_member_is_refused(trusting: FlaskClient, healthy_request: dict, name: str):
    assert status(trusting, healthy_request, EC.token(header={name: ...})) == 401


@proves("T4")
@pytest.mark.parametrize("name", ["iss", "aud", "exp", "iat", "jti"])
def test_claims_without_a_required_one_are_refused(trusting: FlaskClient, healthy_request: dict, name: str):
    token = EC.token(...) if name == "aud" else EC.token(**{name: ...})
    assert status(trusting, healthy_request, token) == 401


@proves("T5")
def test_only_listed_issuers_and_key_addresses_are_taken(trusting: FlaskClient, healthy_request: dict):
    assert status(trusting, healthy_request, EC.token(header={"jku": JWKS_URL})) == 200
    assert status(trusting, healthy_request, EC.token(header={"jku": "https://other.example/jwks.json"})) == 401
    assert status(trusting, healthy_request, EC.token(iss=ISSUER + "/other")) == 401


@proves("T6")
@pytest.mark.parametrize("signer", [EC, RSA], ids=["ES384", "RS384"])
def test_the_recommended_algorithms_are_taken_and_no_shared_secret(trusting: FlaskClient, healthy_request: dict, signer: Signer):
    assert status(trusting, healthy_request, signer.token()) == 200
    for other in ("none", "HS256", "HS384", "HS512"):
        assert status(trusting, healthy_request, signer.token(header={"alg": other})) == 401
