"""T4: a request cannot make the service dial anything, or send a token anywhere, that is not configured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cds_service.app import create_app
from cds_service.settings import Settings
from tests.security.conftest import SERVICE_PATH
from tests.support.dialled import only
from tests.support.fault_server import FaultServer, linking, status
from tests.support.hospital import AS_OF, SLACK, Hospital, hospital, sample
from tests.support.tokens import Signer, bearer, jwk, private_key, write_tenants

SERVICE_BASE = "http://127.0.0.1:8000"
TOKEN = "canary-access-token.7f3a"  # noqa: S105  # not one
AUTHORIZATION = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.read", "subject": "cds"}

# {port} is the port of the tenant's own server, which would answer.
ELSEWHERE = [
    "http://127.0.0.1:{port}",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/fhir2",
    "http://127.0.0.1:{port}/fhir/r4",
    "http://127.0.0.1:{port}/FHIR",
    "http://127.0.0.1:{port}/fhir/../fhir",
    "http://127.0.0.1:{port}/x/../fhir",
    "http://127.0.0.1:{port}/fhir/.",
    "http://127.0.0.1:{port}//fhir",
    "http://127.0.0.1:{port}/%66hir",
    "http://127.0.0.1:{port}/fhir%2f..",
    "http://127.0.0.1:{port}/fhir?x=1",
    "http://127.0.0.1:{port}/fhir#x",
    "http://127.0.0.1:{port}/fhir;x",
    "http://127.0.0.1:{port}\\@evil.example/fhir",
    "http://127.0.0.1:{port}@evil.example/fhir",
    "http://evil.example@127.0.0.1:{port}/fhir",
    "http://user:password@127.0.0.1:{port}/fhir",
    "http://127.0.0.1.:{port}/fhir",
    "http://127.0.0.1.evil.example:{port}/fhir",
    "http://evil.example/http://127.0.0.1:{port}/fhir",
    "http://127.0.0.1:1{port}/fhir",
    "http://127.0.0.1/fhir",
    "http://127.0.0.2:{port}/fhir",
    "http://127.1:{port}/fhir",
    "http://0:{port}/fhir",
    "http://2130706433:{port}/fhir",
    "http://0x7f000001:{port}/fhir",
    "http://0x7f.0.0.1:{port}/fhir",
    "http://0177.0.0.1:{port}/fhir",
    "http://[::1]:{port}/fhir",
    "http://[::ffff:127.0.0.1]:{port}/fhir",
    "http://localhost:{port}/fhir",
    "http://localtest.me:{port}/fhir",
    "http://169.254.169.254/latest/meta-data",
    "http://metadata.google.internal/fhir",
    "http://10.0.0.1:{port}/fhir",
    "https://127.0.0.1:{port}/fhir",
    "ftp://127.0.0.1:{port}/fhir",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/fhir",
    "//127.0.0.1:{port}/fhir",
    "127.0.0.1:{port}/fhir",
    "/fhir",
    "http://127.0.0.1:{port}/fhir\r\nX: y",
    "http://127.0.0.1:{port}/fh\tir",
    " http://127.0.0.1:{port}/fhir",
    "http://127.0.0.1:{port}/fhir ",
    "http://ⓛocalhost:{port}/fhir",
    "http://１２７.0.0.1:{port}/fhir",
    "http://127。0。0。1:{port}/fhir",
    "http://[127.0.0.1]:{port}/fhir",
    "http://[::1/fhir",
    "http://127.0.0.1:port/fhir",
    "http://127.0.0.1:99999/fhir",
    "http://:{port}/fhir",
    "http:///fhir",
    "http:127.0.0.1:{port}/fhir",
    "",
    None,
    7,
    ["http://127.0.0.1:{port}/fhir"],
]


class Registered(Hospital):
    """A service that knows one tenant; its calls are signed."""

    def signed(self, **members: Any) -> Any:
        signer = Signer(key=private_key("P-384"))
        body = {name: value for name, value in self.request.items() if name != "prefetch"}
        body |= {"fhirServer": self.server.base, "fhirAuthorization": AUTHORIZATION, **members}
        headers = bearer(signer.token(SERVICE_BASE + SERVICE_PATH))
        return self.app.test_client().post(SERVICE_PATH, json=body, headers=headers)


@contextmanager
def registered(folder: Path, **tenant: Any) -> Iterator[Registered]:
    request = sample("founding-patient")
    with FaultServer(request["prefetch"]) as server:
        block = {"fhir_base_urls": [server.base], **tenant}
        tenants = write_tenants(folder, jwk(private_key("P-384"), "key-1"), **block)
        settings = Settings(as_of=AS_OF, base_url=SERVICE_BASE, tenants=tenants, state_dir=folder / "state")
        yield Registered(create_app(settings), server, request)


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registered]:
    with registered(tmp_path_factory.mktemp("tenant")) as here:
        yield here


def test_the_configured_server_gets_the_token(tenant: Registered):
    tenant.server.seen.clear()
    with only(tenant.server.port):
        answer = tenant.signed()
    assert answer.status_code == 200
    assert {each.headers["authorization"] for each in tenant.server.seen} == {f"Bearer {TOKEN}"}
    assert TOKEN not in answer.text


@pytest.mark.parametrize("form", ["{base}/", "HTTP://127.0.0.1:{port}/fhir"])
def test_another_spelling_of_the_configured_address_is_dialled_as_configured(tenant: Registered, form: str):
    tenant.server.seen.clear()
    with only(tenant.server.port):
        assert tenant.signed(fhirServer=form.format(base=tenant.server.base, port=tenant.server.port)).status_code == 200
    assert all(each.path.startswith("/fhir/") for each in tenant.server.seen)


@pytest.mark.parametrize("address", ELSEWHERE, ids=repr)
def test_no_other_address_is_dialled(tenant: Registered, address: object):
    tenant.server.seen.clear()
    named = address.format(port=tenant.server.port) if isinstance(address, str) else address
    with only() as dialled:
        answer = tenant.signed(fhirServer=named)
    assert (answer.status_code, list(dialled), dialled.names, tenant.server.seen) == (412, [], [], [])


@pytest.mark.parametrize("address", ["https://elsewhere.example/fhir", "http://127.0.0.1:{port}/other"])
def test_what_was_prefetched_is_still_answered(tenant: Registered, address: str):
    with only():
        answer = tenant.signed(fhirServer=address.format(port=tenant.server.port), prefetch=tenant.request["prefetch"])
    assert (answer.status_code, len(answer.json["cards"])) == (200, 1)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        {**AUTHORIZATION, "patient": "someone-else"},
        {**AUTHORIZATION, "token_type": "MAC"},
        {**AUTHORIZATION, "expires_in": 0},
        {**AUTHORIZATION, "access_token": "a" * 20000},
    ],
    ids=["none", "other-patient", "other-type", "expired", "too-long"],
)
def test_without_a_token_for_this_patient_nothing_is_dialled(tenant: Registered, authorization: object):
    with only() as dialled:
        answer = tenant.signed(fhirAuthorization=authorization)
    assert (answer.status_code, list(dialled)) == (412, [])


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/fhir",
        "https://ehr.example/fhir",
        "http://10.0.0.1:{port}/fhir",
        "http://0.0.0.0:{port}/fhir",
        "http://[::]:{port}/fhir",
        "http://2130706433:{port}/fhir",
        "http://0x7f000001:{port}/fhir",
        "http://[::ffff:127.0.0.1]:{port}/fhir",
        "http://localhost.evil.example:{port}/fhir",
        "http://127.0.0.1.nip.io:{port}/fhir",
        "http://localhost@evil.example/fhir",
        "http://169.254.169.254/",
    ],
)
def test_the_demo_dials_this_machine_only(address: str):
    with hospital() as here, only() as dialled:
        answer = here.call(fhirServer=address.format(port=here.server.port))
    assert (answer.status, list(dialled), dialled.names) == (412, [], [])


@pytest.mark.parametrize("authorization", [None, AUTHORIZATION], ids=["open", "token"])
def test_the_demo_dials_this_machine_with_or_without_a_token(authorization: object):
    with hospital() as here, only(here.server.port):
        assert here.call(fhirAuthorization=authorization).preferred == ["Rd"]
        sent = {each.headers.get("authorization") for each in here.server.seen}
    assert sent == ({f"Bearer {TOKEN}"} if authorization else {None})


@pytest.mark.parametrize(
    "line", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_no_redirect_is_followed(line: str):
    with FaultServer({}) as other, hospital() as here:
        here.server.faults = {"Condition": status(line, Location=f"{other.base}/Condition")}
        with only(here.server.port):
            answer = here.call(fhirAuthorization=AUTHORIZATION)
        assert other.seen == []
    assert answer.problems["prefetch.conditions"].endswith("ended with: unsupported.")
    assert answer.seconds < 0.5 + SLACK


@pytest.mark.parametrize(
    "link",
    [
        "{other}/Observation?page=2",
        "http://evil.example/fhir/Observation?page=2",
        "https://127.0.0.1:{port}/fhir/Observation?page=2",
        "http://user@127.0.0.1:{port}/fhir/Observation?page=2",
        "http://localhost:{port}/fhir/Observation?page=2",
        "http://127.0.0.1:{port}/fhir.evil/Observation?page=2",
        "http://127.0.0.1:{port}/admin?page=2",
        "http://127.0.0.1:{port}/fhir/../admin?page=2",
        "http://127.0.0.1:{port}/fhir/Patient?page=2",
        "http://127.0.0.1:{port}/fhir/Observation/x?page=2",
        "//evil.example/fhir/Observation?page=2",
        "/admin/Observation?page=2",
        "file:///etc/passwd?x",
        "http://127.0.0.1:{port}/fhir/Observation?page=2\r\nX: y",
        "",
    ],
)
def test_a_link_to_a_next_page_elsewhere_is_refused_and_the_history_incomplete(link: str):
    with FaultServer({}) as other, hospital() as here:
        port = here.server.port
        here.server.faults = {"Observation": linking(lambda _: link.format(other=other.base, port=port))}
        with only(port):
            answer = here.call(fhirAuthorization=AUTHORIZATION)
        assert other.seen == []
        assert here.server.types().count("Observation") == 1
        assert {each.path.split("?")[0].split("/")[1] for each in here.server.seen} == {"fhir"}
    assert "history-incomplete" in answer.notes


@pytest.mark.parametrize(
    "form", ["{base}/Observation?page=2", "{base}?_getpages=abc", "Observation?page=2", "/fhir/Observation?page=2"]
)
def test_a_link_below_the_base_is_followed(form: str):
    with hospital() as here:
        here.server.faults = {"Observation": linking(lambda exchange: form.format(base=exchange.base))}
        with only(here.server.port):
            here.call()
        assert len([each for each in here.server.seen if "page" in each.path]) == 1


def test_neither_proxies_nor_netrc_nor_cookies_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login canary password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://evil.example:3128")

    def with_cookie(exchange: Any) -> None:
        exchange.body(json.dumps(exchange.honest).encode(), Set_Cookie="session=canary; Path=/")

    with hospital({"*": with_cookie}) as here, only(here.server.port):
        assert here.call().preferred == ["Rd"]
        assert here.call().preferred == ["Rd"]
        headers = [each.headers for each in here.server.seen]
    assert not [each for each in headers if "authorization" in each or "cookie" in each]
