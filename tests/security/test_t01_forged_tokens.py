"""T1 (and T2): whatever is not a token that this tenant signed for this call is 401, and every 401 is the same to the byte."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.tokens import DISCOVERY, FEEDBACK, ISSUER, JWKS_URL, SERVICE, Signer, bearer, encoded, jwk, private_key

EHR = Signer(key=private_key("P-384"))
RSA_EHR = Signer(key=private_key("2048"), kid="key-rsa", algorithm="RS384")
STRANGER = Signer(key=private_key("P-384", "stranger"))
# What the tenant publishes: its two keys, and some that must not be used as signing keys.
KEYS = (
    jwk(EHR.key, "key-1", alg="ES384", use="sig"),
    jwk(RSA_EHR.key, "key-rsa"),
    jwk(private_key("1024"), "key-short"),
    jwk(private_key("P-256"), "key-p256", alg="ES384"),
    jwk(private_key("P-384", "encryption"), "key-enc", use="enc"),
    jwk(private_key("P-384", "operations"), "key-ops", key_ops=["encrypt"]),
    jwk(private_key("2048", "for-rs256"), "key-rs256", alg="RS256"),
    {"kty": "oct", "kid": "key-oct", "k": encoded(b"0" * 64), "alg": "HS256"},
)
OTHER_TENANT = Signer(key=private_key("P-384", "other"), kid="key-other", issuer="https://other.example")


def parts(token: str) -> list[str]:
    return token.split(".")


def hmac_signed(key: bytes, algorithm: str, kid: str) -> str:
    signed_over = f"{encoded(EHR.header(alg=algorithm, kid=kid))}.{encoded(EHR.claims())}"
    signature = jwt.PyJWS().get_algorithm_by_name(algorithm).sign(signed_over.encode(), key)
    return f"{signed_over}.{encoded(signature)}"


def public_pem(signer: Signer) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_kid(kid: str, key: Any, algorithm: str) -> str:
    return Signer(key=key, kid=kid, algorithm=algorithm).token()


def in_header(**changes: Any) -> Callable[[], str]:
    return lambda: EHR.token(header=changes)


def in_claims(**changes: Any) -> Callable[[], str]:
    return lambda: EHR.token(**changes)


def made_out_to(audience: Any) -> Callable[[], str]:
    return lambda: EHR.token(audience)


def swapped_payload() -> str:
    head, _, signature = parts(EHR.token())
    return f"{head}.{encoded(EHR.claims(sub='someone-else'))}.{signature}"


def now() -> int:
    return int(time.time())


NONE = ["none", "None", "NONE", "nOnE", "noNe", "none ", "", "null"]
OWN_KEY = jwk(STRANGER.key, "key-1")

FORGED: dict[str, Callable[[], str]] = {
    # Signed by another, or not at all.
    "a stranger's key": STRANGER.token,
    "swapped payload": swapped_payload,
    "swapped header": lambda: ".".join([encoded(EHR.header(kid="key-1", x=1)), *parts(EHR.token())[1:]]),
    "no signature": lambda: ".".join([*parts(EHR.token())[:2], ""]),
    "signature of zeros": lambda: ".".join([*parts(EHR.token())[:2], encoded(bytes(96))]),
    "signature in DER": lambda: ".".join([*parts(EHR.token())[:2], encoded(b"0\x06\x02\x01\x01\x02\x01\x01")]),
    "signature cut": lambda: EHR.token()[:-8],
    "signature of another token": lambda: ".".join([*parts(EHR.token())[:2], parts(EHR.token())[2]]),
    "key of another tenant": lambda: Signer(key=OTHER_TENANT.key, kid="key-other").token(),
    "issuer of another tenant": lambda: Signer(key=EHR.key, issuer=OTHER_TENANT.issuer).token(),
    # Algorithm and key do not belong together.
    **{f"algorithm {each!r}": (lambda each=each: ".".join([encoded(EHR.header(alg=each)), encoded(EHR.claims()), encoded(b"x")]))
       for each in NONE},
    "none without signature": lambda: f"{encoded(EHR.header(alg='none'))}.{encoded(EHR.claims())}.",
    **{f"{each} with the public key as secret": (lambda each=each: hmac_signed(public_pem(EHR), each, "key-1"))
       for each in ("HS256", "HS384", "HS512")},
    "HS256 with the RSA key as secret": lambda: hmac_signed(public_pem(RSA_EHR), "HS256", "key-rsa"),
    "HS256 with the published secret": lambda: hmac_signed(b"0" * 64, "HS256", "key-oct"),
    "ES384 said, RS384 signed": lambda: RSA_EHR.token(header={"alg": "ES384"}),
    "RS384 said, ES384 signed": in_header(alg="RS384"),
    "RS384 with an EC key's id": lambda: RSA_EHR.token(header={"kid": "key-1"}),
    "ES384 on P-256": lambda: Signer(key=private_key("P-256"), kid="key-p256", algorithm="ES256").token(header={"alg": "ES384"}),
    "ES256 not opted in": lambda: with_kid("key-p256", private_key("P-256"), "ES256"),
    "RS256 not opted in": lambda: with_kid("key-rsa", RSA_EHR.key, "RS256"),
    "PS384 not opted in": lambda: with_kid("key-rsa", RSA_EHR.key, "PS384"),
    "RS384 with a key for RS256": lambda: with_kid("key-rs256", private_key("2048", "for-rs256"), "RS384"),
    "RS512": lambda: with_kid("key-rsa", RSA_EHR.key, "RS512"),
    "RSA of 1024 bits": lambda: with_kid("key-short", private_key("1024"), "RS384"),
    "key for encryption": lambda: with_kid("key-enc", private_key("P-384", "encryption"), "ES384"),
    "key for other operations": lambda: with_kid("key-ops", private_key("P-384", "operations"), "ES384"),
    "EdDSA": in_header(alg="EdDSA"),
    "alg in lower case": in_header(alg="es384"),
    "alg a list": in_header(alg=["ES384"]),
    "alg missing": in_header(alg=...),
    # Headers that bring a key, or change what is signed.
    "kid missing": in_header(kid=...),
    "kid empty": in_header(kid=""),
    "kid a number": in_header(kid=1),
    "kid unknown": in_header(kid="key-2"),
    "kid a path": in_header(kid="../../dev/null"),
    "own key in jwk": lambda: STRANGER.token(header={"jwk": OWN_KEY}),
    "right key in jwk": in_header(jwk=KEYS[0]),
    "x5c": in_header(x5c=["MIIB"]),
    "x5u": in_header(x5u="https://ehr.example/cert.pem"),
    "crit unknown": in_header(crit=["canary"], canary=True),
    "crit empty": in_header(crit=[]),
    "b64 false": in_header(b64=False, crit=["b64"]),
    "compressed": in_header(zip="DEF"),
    "typ missing": in_header(typ=...),
    "typ of an access token": in_header(typ="at+jwt"),
    "typ in lower case": in_header(typ="jwt"),
    # Claims.
    **{f"{each} missing": in_claims(**{each: ...}) for each in ("iss", "exp", "iat", "jti")},
    "aud missing": made_out_to(...),
    "iss with a slash more": in_claims(iss=ISSUER + "/"),
    "iss in capitals": in_claims(iss=ISSUER.upper()),
    "iss a list": in_claims(iss=[ISSUER]),
    "iss null": in_claims(iss=None),
    "iss of the public sandbox": in_claims(iss="https://sandbox.cds-hooks.org"),
    "aud another service": made_out_to("https://other.example/cds-services/rrmm-regimen"),
    "aud another service of ours": made_out_to(f"{DISCOVERY}/rrmm-order-check"),
    "aud discovery": made_out_to(DISCOVERY),
    "aud feedback": made_out_to(FEEDBACK),
    "aud with a slash more": made_out_to(SERVICE + "/"),
    "aud http": made_out_to(SERVICE.replace("https", "http")),
    "aud a prefix": made_out_to("https://cds.example/hooks"),
    "aud ours and another's": made_out_to([SERVICE, "https://other.example"]),
    "aud empty": made_out_to([]),
    "aud an object": made_out_to({"0": SERVICE}),
    "expired": lambda: EHR.token(iat=now() - 900, exp=now() - 600),
    "expired by two minutes": lambda: EHR.token(iat=now() - 400, exp=now() - 120),
    "issued in ten minutes": lambda: EHR.token(iat=now() + 600, exp=now() + 900),
    "not before ten minutes": lambda: EHR.token(nbf=now() + 600),
    "living for a day": lambda: EHR.token(exp=now() + 86400),
    "living for thirty years": lambda: EHR.token(exp=now() + 30 * 365 * 86400),
    "ended before it was issued": lambda: EHR.token(iat=now() + 30, exp=now() + 20),
    "exp a text": lambda: EHR.token(exp=str(now() + 300)),
    "exp true": in_claims(exp=True),
    "exp enormous": in_claims(exp=10**30),
    "iat negative": in_claims(iat=-1),
    "jti empty": in_claims(jti=""),
    "jti a number": in_claims(jti=7),
    "jti very long": in_claims(jti="a" * 2000),
    # Not a token.
    "empty": lambda: "",
    "two parts": lambda: ".".join(parts(EHR.token())[:2]),
    "four parts": lambda: EHR.token() + ".x",
    "five parts (JWE)": lambda: EHR.token() + ".x.y",
    "dots": lambda: "..",
    "padded": lambda: EHR.token() + "=",
    "standard base64": lambda: ".".join(b64encode(b"\xff\xfe\xfd" * 3).decode() for _ in range(3)),
    "not ASCII": lambda: EHR.token() + "\xe9",
    "a megabyte": lambda: EHR.token() + "A" * 1_000_000,
    "header no JSON": lambda: f"{encoded(b'{')}.{encoded(EHR.claims())}.{encoded(b'x')}",
    "header a list": lambda: EHR.sign([EHR.header()], EHR.claims()),
    "claims a text": lambda: EHR.sign(EHR.header(), "claims"),
    "claims not UTF-8": lambda: EHR.sign(EHR.header(), b'{"iss":"\xff"}'),
    "claims nested deeply": lambda: EHR.sign(EHR.header(), b'{"iss":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "iss twice": lambda: EHR.sign(EHR.header(), json.dumps(EHR.claims()).encode()[:-1] + f',"iss":"{ISSUER}"}}'.encode()),
    "jku of another": lambda: STRANGER.token(header={"jku": "https://evil.example/jwks.json"}),
}  # fmt: skip

HEADERS: dict[str, Callable[[], list[str]]] = {
    "no header": list,
    "no scheme": lambda: [EHR.token()],
    "lower-case scheme": lambda: [f"bearer {EHR.token()}"],
    "another scheme": lambda: [f"Basic {EHR.token()}"],
    "two blanks": lambda: [f"Bearer  {EHR.token()}"],
    "two tokens": lambda: [f"Bearer {EHR.token()}, Bearer {EHR.token()}"],
    "two headers": lambda: [f"Bearer {EHR.token()}", f"Bearer {EHR.token()}"],
    "only the scheme": lambda: ["Bearer"],
}


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    from cds_service.app import create_app
    from cds_service.settings import Profile, Settings
    from tests.support.tokens import BASE_URL, write_blocks

    folder = tmp_path_factory.mktemp("tenants")
    (folder / "keys.json").write_text(json.dumps({"keys": KEYS}))
    (folder / "other.json").write_text(json.dumps({"keys": [jwk(OTHER_TENANT.key, "key-other")]}))
    tenants = write_blocks(
        folder,
        {"id": "general-hospital", "issuer": ISSUER, "jwks_url": JWKS_URL, "jwks_file": "keys.json"},
        {"id": "other-hospital", "issuer": OTHER_TENANT.issuer, "jwks_file": "other.json"},
    )
    return create_app(
        Settings(profile=Profile.PRODUCTION, base_url=BASE_URL, tenants=tenants, state_dir=folder / "state")
    ).test_client()


def post(client: FlaskClient, authorization: list[str]) -> Any:
    headers = Headers([("Content-Type", "application/json"), *(("Authorization", value) for value in authorization)])
    return client.post(SERVICE_PATH, data=REQUEST, headers=headers)


def refused_like_any_other(client: FlaskClient, authorization: list[str]) -> bool:
    bare, answer = post(client, []), post(client, authorization)
    same_headers = [each for each in bare.headers if each[0] != "Date"] == [each for each in answer.headers if each[0] != "Date"]
    return (answer.status_code, answer.data) == (401, bare.data) and same_headers


def test_there_are_at_least_sixty_forgeries():
    assert len(FORGED) + len(HEADERS) >= 60


@pytest.mark.parametrize("signer", [EHR, RSA_EHR], ids=["ES384", "RS384"])
def test_the_tenant_itself_is_admitted(trusting: FlaskClient, signer: Signer):
    assert post(trusting, [f"Bearer {signer.token(header={'jku': JWKS_URL})}"]).status_code == 200
    assert post(trusting, [f"Bearer {OTHER_TENANT.token()}"]).status_code == 200
    assert trusting.get("/cds-services", headers=bearer(signer.token(DISCOVERY))).status_code == 200


def test_a_refusal_says_nothing(trusting: FlaskClient):
    answer = post(trusting, [])
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["resourceType"] == "OperationOutcome"
    assert answer.json["issue"] == [
        {
            "severity": "error",
            "code": "login",
            "details": {
                "coding": [{"system": "urn:org.myeloma-cds:error", "code": "CDS-0401"}],
                "text": "The caller is not known.",
            },
        }
    ]


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused_like_any_other(trusting: FlaskClient, forged: Callable[[], str]):
    assert refused_like_any_other(trusting, [f"Bearer {forged()}"])


@pytest.mark.parametrize("authorization", HEADERS.values(), ids=HEADERS.keys())
def test_a_header_that_is_none_is_refused_like_any_other(trusting: FlaskClient, authorization: Callable[[], list[str]]):
    assert refused_like_any_other(trusting, authorization())


@pytest.mark.parametrize(("method", "path"), [("GET", "/cds-services"), ("POST", SERVICE_PATH), ("POST", "/cds-services/none")])
def test_every_hook_address_asks_for_a_token(trusting: FlaskClient, method: str, path: str):
    assert trusting.open(path, method=method).status_code == 401


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_the_watch_over_the_service_needs_none(trusting: FlaskClient, path: str):
    assert trusting.get(path).status_code == 200


@pytest.mark.parametrize(
    ("tenant", "right", "wrong"),
    [
        ({"subject": "cds-client"}, {"sub": "cds-client"}, [{}, {"sub": "other"}, {"sub": None}]),
        ({"token_tenants": ["a", "b"]}, {"tenant": "b"}, [{}, {"tenant": "c"}, {"tenant": ["a"]}]),
        ({"max_token_seconds": 60}, {"exp": 30}, [{}]),  # so many seconds from now
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_a_tenant_asks_of_its_tokens(production: Production, ehr: Signer, tenant: dict, right: dict, wrong: list[dict]):
    client = production(**tenant)
    right = right | ({"exp": now() + right["exp"]} if "exp" in right else {})
    assert post(client, [f"Bearer {ehr.token(**({'iat': now()} | right))}"]).status_code == 200
    for claims in wrong:
        assert post(client, [f"Bearer {ehr.token(**claims)}"]).status_code == 401


def test_a_token_as_epic_makes_them_is_admitted(production: Production):
    """RS384, fifteen minutes, valid since five minutes before it was issued, and a kid of base64."""
    signer = Signer(key=private_key("2048"), kid="a+b/c==", algorithm="RS384")
    client = production(jwk(signer.key, signer.kid))
    token = signer.token(header={"jku": JWKS_URL}, sub="client", nbf=now() - 300, exp=now() + 899, iat=now() - 1)
    assert post(client, [f"Bearer {token}"]).status_code == 200
