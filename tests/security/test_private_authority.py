"""A hospital that signs its own certificates names its authority; then no other is trusted, and no check is ever left out."""

from __future__ import annotations

import datetime as dt
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cds_service.deadline import Deadline
from cds_service.fetched import Outcome
from cds_service.fhir_client import FhirClient
from cds_service.settings import SettingsRefused, load_settings
from cds_service.trust.key_source import KeysUnavailable, read_key_url

ANSWER = json.dumps({"resourceType": "Patient", "id": "p"}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Secured:
    base: str
    authority: Path
    stranger: Path


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey, *, authority: bool
) -> bytes:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = builder.add_extension(here, critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A server on this machine with a certificate of the hospital's own authority, and the certificate of a stranger's."""
    folder = tmp_path_factory.mktemp("authority")
    signer, other, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    (folder / "authority.pem").write_bytes(certificate("Hospital", signer, "Hospital", signer, authority=True))
    (folder / "stranger.pem").write_bytes(certificate("Stranger", other, "Stranger", other, authority=True))
    (folder / "server.pem").write_bytes(
        certificate("fhir", key, "Hospital", signer, authority=False)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Secured(f"https://127.0.0.1:{server.server_address[1]}", folder / "authority.pem", folder / "stranger.pem")
    server.shutdown()
    server.server_close()


def test_the_named_authority_is_trusted_and_no_other(secured: Secured):
    found = {
        name: FhirClient(secured.base, ca_file=file).get("/Patient/p", token=None, deadline=Deadline.after(5), max_bytes=1000)
        for name, file in (("own", secured.authority), ("public", None), ("stranger", secured.stranger))
    }
    assert found["own"].outcome is Outcome.OK
    assert {found["public"].outcome, found["stranger"].outcome} == {Outcome.NOT_REACHABLE}


def test_keys_are_read_from_a_server_of_the_named_authority_and_no_other(secured: Secured):
    assert read_key_url(f"{secured.base}/jwks.json", ca_file=secured.authority) == ANSWER
    for file in (None, secured.stranger):
        with pytest.raises(KeysUnavailable):
            read_key_url(f"{secured.base}/jwks.json", ca_file=file)


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("content", [None, b"", b"no certificate", BROKEN])
def test_a_file_without_certificates_is_refused_at_start(tmp_path: Path, content: bytes | None):
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsRefused, match="ca_file: it is not a readable PEM file of certificates"):
        load_settings(ca_file=file)
