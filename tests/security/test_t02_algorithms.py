"""T2: the algorithm is one that the tenant asks for, and it, the token and the key agree. The forgeries stand in T1."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service.tenants import Tenant
from cds_service.trust.client_token import check, take_apart
from cds_service.trust.key_sets import keys_in
from cds_service.trust.refusal import TokenRefused
from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.tokens import ISSUER, JWKS_URL, OWN_KEY, SERVICE, Signer, bearer, encoded, jwk, private_key

EHR = Signer(key=private_key("P-384"))


def status(client: FlaskClient, token: str) -> int:
    return client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token)).status_code


@pytest.mark.parametrize(("kind", "algorithm"), [("P-256", "ES256"), ("2048", "RS256"), ("2048", "PS384")])
def test_more_algorithms_are_admitted_where_the_tenant_asks_for_them(production: Production, kind: str, algorithm: str):
    signer = Signer(key=private_key(kind), algorithm=algorithm)
    client = production(jwk(signer.key, "key-1"), algorithms=[algorithm])
    assert status(client, signer.token()) == 200
    assert status(client, EHR.token()) == 401


def test_a_key_with_its_private_half_is_read_as_the_public_one(production: Production, ehr: Signer):
    client = production({**jwk(ehr.key, "key-1"), "d": "AAAA"})
    assert status(client, ehr.token()) == 200


@pytest.mark.parametrize(
    ("members", "usable"),
    [
        ({}, {"ES384"}),
        ({"alg": "ES384", "use": "sig", "key_ops": ["verify"]}, {"ES384"}),
        ({"alg": "ES256"}, set()),
        ({"alg": "RS384"}, set()),
        ({"crv": "P-256"}, set()),
        ({"kty": "RSA"}, set()),
        ({"kty": "oct"}, set()),
        ({"use": "enc"}, set()),
        ({"key_ops": ["sign"]}, set()),
        ({"key_ops": "verify"}, set()),
        ({"kid": None}, set()),
        ({"x": None}, set()),
    ],
    ids=str,
)
def test_a_key_is_usable_with_the_algorithms_that_it_fits(members: Mapping[str, Any], usable: set[str]):
    made = {**jwk(EHR.key, "key-1"), **members}
    assert {algorithm for _, algorithm in keys_in(json.dumps({"keys": [made]}).encode())} == usable


@pytest.mark.parametrize(("bits", "usable"), [("1024", set()), ("2048", {"RS256", "RS384", "PS384"})])
def test_a_short_key_is_left_out(bits: str, usable: set[str]):
    content = json.dumps({"keys": [jwk(private_key(bits), "key-1")]}).encode()
    assert {algorithm for _, algorithm in keys_in(content)} == usable


@settings(max_examples=150, deadline=None)
@given(header=st.dictionaries(st.text(max_size=8), st.none() | st.text() | st.integers()), algorithm=st.text(max_size=12))
def test_any_algorithm_that_is_not_listed_is_refused(header: Mapping[str, Any], algorithm: str):
    tenant = Tenant(id="a", issuer=ISSUER, jwks_url=JWKS_URL)

    def find_key(*_: object) -> jwt.PyJWK:
        return jwt.PyJWK(OWN_KEY, "ES384")

    made = EHR.header() | dict(header) | {"alg": algorithm}
    compact = f"{encoded(made)}.{encoded(EHR.claims())}.{encoded(b'x')}"

    def judge() -> None:
        token = take_apart(f"Bearer {compact}")
        check(token, tenants={ISSUER: tenant}, endpoint=SERVICE, ours=frozenset(), find_key=find_key, now=time.time())

    with pytest.raises(TokenRefused):
        judge()
