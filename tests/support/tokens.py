"""An EHR that signs its calls: keys made at run time, tokens minted as asked, and the tenants file that trusts it."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWS
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

BASE_URL = "https://cds.example/hooks"
ISSUER = "https://ehr.example/oauth2"
JWKS_URL = "https://ehr.example/jwks.json"
DISCOVERY = f"{BASE_URL}/cds-services"
SERVICE = f"{DISCOVERY}/rrmm-regimen"
FEEDBACK = f"{SERVICE}/feedback"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}


@lru_cache
def private_key(kind: str, name: str = "own") -> PrivateKey:
    """The key of that name: `P-256`, `P-384`, or the bits of an RSA key, such as `2048`."""
    del name  # it only tells one key from another
    return ec.generate_private_key(_CURVES[kind]) if kind in _CURVES else rsa.generate_private_key(65537, int(kind))


def jwk(key: PrivateKey, kid: str, **members: Any) -> dict[str, Any]:
    """The public half as a JWK; members given as None are left out."""
    public = key.public_key()
    algorithm = ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else RSAAlgorithm
    made = {**algorithm.to_jwk(public, as_dict=True), "kid": kid, **members}
    return {name: value for name, value in made.items() if value is not None}


OWN_KEY = jwk(private_key("P-384"), "key-1")


def encoded(value: Any) -> str:
    """A part of a compact token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody with a private key. `kid` is what the tokens say of the key."""

    key: PrivateKey
    kid: str = "key-1"
    algorithm: str = "ES384"
    issuer: str = ISSUER

    def claims(self, audience: Any = SERVICE, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        made = {"iss": self.issuer, "aud": audience, "iat": now, "exp": now + 300, "jti": str(uuid4()), **changes}
        return {name: value for name, value in made.items() if value is not ...}

    def header(self, **changes: Any) -> dict[str, Any]:
        made = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid, **changes}
        return {name: value for name, value in made.items() if value is not ...}

    def token(self, audience: Any = SERVICE, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token; a claim or header given as `...` is left out. It is signed with the signer's algorithm whatever it says."""
        return self.sign(self.header(**(header or {})), self.claims(audience, **claims))

    def sign(self, header: Any, claims: Any) -> str:
        signed_over = f"{encoded(header)}.{encoded(claims)}"
        algorithm = PyJWS().get_algorithm_by_name(self.algorithm)
        return f"{signed_over}.{encoded(algorithm.sign(signed_over.encode(), self.key))}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def write_tenants(folder: Path, *keys: dict[str, Any], **changes: Any) -> Path:
    """A tenants file of one tenant whose keys lie beside it; settings given as None are left out."""
    (folder / "keys.json").write_text(json.dumps({"keys": keys}))
    block = {"id": "general-hospital", "issuer": ISSUER, "jwks_url": JWKS_URL, "jwks_file": "keys.json", **changes}
    return write_blocks(folder, block)


def write_blocks(folder: Path, *blocks: dict[str, Any]) -> Path:
    """A tenants file of these blocks."""
    file = folder / "tenants.toml"
    lines = []
    for block in blocks:
        lines += ["[[tenant]]", *(f"{name} = {json.dumps(value)}" for name, value in block.items() if value is not None), ""]
    file.write_text("\n".join(lines))
    return file
