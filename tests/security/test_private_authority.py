"""A hospital that signs its own certificates names its authority; then no other is trusted, and no check is ever left out."""

from __future__ import annotations

import datetime as dt
import http.server
import ipaddress
import json
import logging
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

from cds_service.callers import DISCOVERY_PATH
from cds_service.deadline import Deadline
from cds_service.errors import NotAuthenticated
from cds_service.fetched import FhirSource, Outcome
from cds_service.fhir_client import FhirClient
from cds_service.prefetch import Fetcher, Wanted
from cds_service.settings import Settings, SettingsRefused, load_settings
from cds_service.tenants import Tenant
from cds_service.token_authentication import TokenAuthentication
from cds_service.trust.key_source import KeysUnavailable, read_key_url
from cds_service.trust.replay import UsedTokens
from tests.support.tokens import BASE_URL, DISCOVERY, ISSUER, Signer, private_key

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


EHR = Signer(key=private_key("P-384"))
SETTINGS = Settings(fetch_deadline_ms=5000)


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


def test_the_setting_reaches_whoever_calls_out(secured: Secured):
    for file, said in ((secured.authority, Outcome.OK), (None, Outcome.NOT_REACHABLE)):
        fetcher = Fetcher.of(SETTINGS.model_copy(update={"ca_file": file}))
        wanted = Wanted(templates={"patient": "Patient/{{context.patientId}}"}, first="patient", goes_on=lambda _: False)
        source = FhirSource(base=secured.base)
        completed = fetcher.complete({}, patient_id="p", wanted=wanted, source=source, tenant="t")
        assert completed.failures.get("patient", Outcome.OK) is said


def test_the_setting_reaches_whoever_reads_keys(secured: Secured, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The server answers something that is no key set: that it could be read at all is the point."""
    for file, said in ((secured.authority, "it is not a JWK set"), (None, "the server cannot be reached")):
        caplog.clear()
        tenants = (Tenant(id="own", issuer=ISSUER, jwks_url=f"{secured.base}/jwks.json"),)
        settings, used = SETTINGS.model_copy(update={"ca_file": file}), UsedTokens(tmp_path / "used")
        authenticate = TokenAuthentication(settings, tenants, used, base_url=BASE_URL, paths=[DISCOVERY_PATH])
        with caplog.at_level(logging.WARNING), pytest.raises(NotAuthenticated):
            authenticate(f"Bearer {EHR.token(DISCOVERY)}", DISCOVERY_PATH)
        told = [json.loads(line) for line in caplog.messages]
        assert [line["reason"] for line in told if line["event"] == "keys-not-read"] == [said]


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("content", [None, b"", b"no certificate", BROKEN])
def test_a_file_without_certificates_is_refused_at_start(tmp_path: Path, content: bytes | None):
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsRefused, match="ca_file: it is not a readable PEM file of certificates"):
        load_settings(ca_file=file)
