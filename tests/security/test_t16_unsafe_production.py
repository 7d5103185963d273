"""T16: production does not start on a configuration that is not safe; it says why in one line, without a value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cds_service.cli import main
from tests.support.tokens import BASE_URL, ISSUER, JWKS_URL, OWN_KEY, jwk, private_key, write_blocks, write_tenants

ROOT = Path(__file__).parents[2]
UNSAFE: dict[str, dict[str, Any]] = {
    # What of the safe configuration is changed: variables in capitals, else the block of the tenant.
    "no tenants file": {"TENANTS": None},
    "a tenants file that is not there": {"TENANTS": "canary.toml"},
    "no base url": {"BASE_URL": None},
    "base url over http": {"BASE_URL": "http://canary.example"},
    "base url on this machine over http": {"BASE_URL": "http://127.0.0.1:8000"},
    "base url with a password": {"BASE_URL": "https://canary:canary@cds.example"},
    "another day": {"AS_OF": "2026-11-22"},
    "debug": {"DEBUG": "1"},
    "debug of the framework": {"FLASK_DEBUG": "1"},
    "any origin": {"CORS_ORIGINS": "*"},
    "any origin of a kind": {"CORS_ORIGINS": "https://*.canary.example"},
    "any origin of a tenant": {"cors_origins": ["*"]},
    "the origin null": {"cors_origins": ["null"]},
    "the public sandbox": {"issuer": "https://sandbox.cds-hooks.org"},
    "the public sandbox in other words": {"issuer": "HTTPS://Sandbox.CDS-Hooks.org/"},
    "the keys of the public sandbox": {"jwks_url": "https://sandbox.cds-hooks.org/.well-known/jwks.json"},
    "keys from a path with dots": {"jwks_url": "https://ehr.example/../canary.json"},
    "keys over http": {"jwks_url": "http://canary.example/jwks.json"},
    "keys on this machine over http": {"jwks_url": "http://127.0.0.1/jwks.json"},
    "charts over http": {"fhir_base_urls": ["https://ehr.example/fhir", "http://canary.example/fhir"]},
    "charts on this machine over http": {"fhir_base_urls": ["http://localhost/fhir"]},
    "charts with a query": {"fhir_base_urls": ["https://ehr.example/fhir?canary=1"]},
    "no keys": {"jwks_url": None, "jwks_file": None},
    "a key file that is not there": {"jwks_file": "canary.json"},
    "no algorithm": {"algorithms": []},
    "no signature": {"algorithms": ["none"]},
    "a shared secret": {"algorithms": ["HS256"]},
    "an algorithm that no key is for": {"algorithms": ["RS384"]},
    "a life of a day": {"max_token_seconds": 86400},
    "a key that is not known": {"client_secret": "canary"},
    "an id that is none": {"id": "canary/../"},
    "no issuer": {"issuer": None},
    "another country": {"jurisdiction": "canary"},
}


def configure(folder: Path, change: dict[str, Any]) -> dict[str, str]:
    block = {name: value for name, value in change.items() if name.islower()}
    write_tenants(folder, OWN_KEY, **block)
    variables = {"BASE_URL": BASE_URL, "TENANTS": str(folder / "tenants.toml"), "STATE_DIR": str(folder / "state")}
    variables |= {name: value for name, value in change.items() if name.isupper()}
    return {
        name if name == "FLASK_DEBUG" else f"MYELOMA_CDS_{name}": value for name, value in variables.items() if value is not None
    }


def said_by(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    return said.err


@pytest.mark.parametrize("change", UNSAFE.values(), ids=UNSAFE.keys())
def test_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], change: dict[str, Any]
):
    for name, value in configure(tmp_path, change).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("cds_service.cli.Server.run", lambda _: pytest.fail("it started"))
    for command in ("serve", "check-config"):
        reason = said_by([command, "--profile", "production"], capsys)
        assert reason.startswith("myeloma-cds: ")
        assert reason.count("\n") == 1
        assert "canary" not in reason.lower()


def test_the_process_ends_with_two_and_one_line(tmp_path: Path):
    environment = {"PATH": os.environ["PATH"], **configure(tmp_path, {"issuer": "https://sandbox.cds-hooks.org"})}
    command = [sys.executable, "-m", "cds_service", "serve", "--profile", "production"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.count(b"\n")) == (2, b"", 1)


@pytest.mark.parametrize(
    "content", [b"", b"[[tenant]]", b"tenant = 1", b"[tenant]\nid='a'", b"x = 'canary'", b"canary", b"\xff\xfe", b"[[tenant"]
)
def test_a_file_that_is_no_tenants_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes):
    file = tmp_path / "tenants.toml"
    file.write_bytes(content)
    assert "canary" not in said_by(["check-config", "--tenants", str(file)], capsys)


@pytest.mark.parametrize("same", ["id", "issuer"])
def test_two_tenants_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str], same: str):
    first = {"id": "a", "issuer": "https://a.example", "jwks_url": "https://a.example/keys"}
    second = {"id": "b", "issuer": "https://b.example", "jwks_url": "https://b.example/keys"}
    file = write_blocks(tmp_path, first, second | {same: first[same]})
    assert f"the same {same}" in said_by(["check-config", "--tenants", str(file)], capsys)


def test_a_state_directory_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "canary").write_text("")
    for name, value in configure(tmp_path, {"STATE_DIR": str(tmp_path / "canary" / "state")}).items():
        monkeypatch.setenv(name, value)
    assert "state_dir" in said_by(["serve", "--profile", "production"], capsys)


def test_a_safe_configuration_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    change = {"subject": "client", "cors_origins": ["https://portal.example"], "fhir_base_urls": ["https://ehr.example/fhir"]}
    for name, value in configure(tmp_path, change).items():
        monkeypatch.setenv(name, value)
    main(["check-config", "--profile", "production"])
    said = capsys.readouterr().out
    for expected in (
        f"{BASE_URL}/cds-services/rrmm-regimen\n", f"{BASE_URL}/cds-services/rrmm-regimen/feedback\n", ISSUER, JWKS_URL, "key-1",
        "ES384, RS384", "900 s", "sub: client", "https://portal.example", "https://ehr.example/fhir", "client_id is not set",
    ):  # fmt: skip
        assert expected in said
    assert not (tmp_path / "state").exists()


def test_a_key_address_as_most_servers_have_it_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write_tenants(tmp_path, OWN_KEY, jwks_url="https://ehr.example/.well-known/jwks.json", jwks_file=None)
    main(["check-config", "--profile", "production", "--base-url", BASE_URL, "--tenants", str(file)])
    assert "fetched from https://ehr.example/.well-known/jwks.json" in capsys.readouterr().out


def test_the_demo_takes_http_to_this_machine_and_the_sandbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write_tenants(
        tmp_path,
        jwk(private_key("P-384"), "key-1"),
        issuer="https://sandbox.cds-hooks.org",
        jwks_url="http://127.0.0.1:9000/jwks.json",
        jwks_file=None,
        fhir_base_urls=["http://localhost:8080/fhir"],
    )
    main(["check-config", "--tenants", str(file)])
    assert "http://127.0.0.1:8000/cds-services\n" in capsys.readouterr().out
