"""T12: which tenant calls is what the signature says, and nothing of one tenant holds for another."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.callers import authentication, feedback_path, service_path
from cds_service.errors import NotAuthenticated
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.settings import Profile, Settings
from cds_service.tenants import load_tenants
from tests.support.tokens import BASE_URL, FEEDBACK, SERVICE, Signer, bearer, jwk, private_key, write_blocks

HERE = Signer(key=private_key("P-384", "here"), issuer="https://here.example")
THERE = Signer(key=private_key("P-384", "there"), issuer="https://there.example")
FOUNDING = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, signer in (("here", HERE), ("there", THERE)):
        # Both use the same key id: ids are the tenant's own.
        (tmp_path / f"{name}.json").write_text(json.dumps({"keys": [jwk(signer.key, "key-1")]}))
    tenants = write_blocks(
        tmp_path,
        {
            "id": "here",
            "issuer": HERE.issuer,
            "jwks_file": "here.json",
            "jurisdiction": "EU",
            "fhir_base_urls": ["https://fhir.here.example/r4/"],
            "client_id": "myeloma",
            "cors_origins": ["https://app.here.example"],
        },
        {"id": "there", "issuer": THERE.issuer, "jwks_file": "there.json", "max_calls_per_minute": 3},
    )
    return Settings(profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=tenants, state_dir=tmp_path / "state")


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings, today=lambda: date(2026, 11, 22)).test_client()


def jurisdiction(client: FlaskClient, signer: Signer) -> str:
    answer = client.post("/cds-services/rrmm-regimen", data=FOUNDING, headers=bearer(signer.token()))
    return answer.json["extension"]["org.myeloma-cds.evaluation"]["jurisdiction"]


def test_each_tenant_is_answered_by_its_own_labels(client: FlaskClient):
    assert (jurisdiction(client, HERE), jurisdiction(client, THERE)) == ("EU", "US")


def test_neither_key_signs_for_the_other(client: FlaskClient):
    for key, issuer in ((HERE.key, THERE.issuer), (THERE.key, HERE.issuer)):
        token = Signer(key=key, issuer=issuer).token()
        assert client.post("/cds-services/rrmm-regimen", data=FOUNDING, headers=bearer(token)).status_code == 401


def test_a_token_id_used_by_one_is_free_for_the_other(client: FlaskClient):
    for signer in (HERE, THERE):
        token = signer.token(jti="the-same")
        assert client.post("/cds-services/rrmm-regimen", data=FOUNDING, headers=bearer(token)).status_code == 200


def test_what_may_be_asked_for_a_caller_is_its_own(settings: Settings):
    assert settings.tenants is not None
    authenticate = authentication(settings, load_tenants(settings.tenants, settings.profile), service_ids=["rrmm-regimen"])
    path = service_path("rrmm-regimen")
    here, there = (authenticate(f"Bearer {signer.token(SERVICE)}", path) for signer in (HERE, THERE))
    assert (here.tenant, here.jurisdiction, here.client_id) == ("here", Jurisdiction.EU, "myeloma")
    assert here.fhir_base_urls == ("https://fhir.here.example/r4",)
    assert (there.tenant, there.fhir_base_urls, there.client_id) == ("there", (), None)
    assert not here.loopback_fhir
    assert not there.loopback_fhir


def test_feedback_takes_only_tokens_for_feedback(settings: Settings):
    assert settings.tenants is not None
    authenticate = authentication(settings, load_tenants(settings.tenants, settings.profile), service_ids=["rrmm-regimen"])
    assert authenticate(f"Bearer {HERE.token(FEEDBACK)}", feedback_path("rrmm-regimen")).tenant == "here"
    with pytest.raises(NotAuthenticated):
        authenticate(f"Bearer {HERE.token(SERVICE)}", feedback_path("rrmm-regimen"))
    with pytest.raises(NotAuthenticated):
        authenticate(f"Bearer {HERE.token(FEEDBACK)}", service_path("rrmm-regimen"))


def test_a_tenant_that_has_had_its_calls_leaves_those_of_the_other(client: FlaskClient):
    def status(signer: Signer) -> int:
        return client.post("/cds-services/rrmm-regimen", data=FOUNDING, headers=bearer(signer.token())).status_code

    assert [status(THERE) for _ in range(4)] == [200, 200, 200, 503]
    assert status(HERE) == 200
