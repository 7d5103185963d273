"""F19 and F20: with a schema or knowledge that does not fit, the service does not start: status 2, one line, what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from cds_service.app import create_app
from cds_service.knowledge import loader
from cds_service.settings import Settings
from cds_service.store.database import migrate, open_database, sqlite_url
from tests.support.tokens import BASE_URL, OWN_KEY, write_tenants

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **{f"MYELOMA_CDS_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "cds_service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20, check=False)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {
        "PROFILE": "production",
        "BASE_URL": BASE_URL,
        "TENANTS": str(write_tenants(tmp_path, OWN_KEY)),
        "STATE_DIR": str(tmp_path / "state"),
        "DATABASE_URL": sqlite_url(tmp_path / "shared.sqlite"),
    }


def test_f19_pending_steps_are_named_with_their_command(production: dict[str, str]):
    began = time.monotonic()
    refused = run("serve", "--port", "0", **production)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "myeloma-cds: the database is older than this release: run `myeloma-cds migrate`\n"
    assert time.monotonic() - began < 10
    assert run("migrate", **production).returncode == 0
    assert "migrate" not in run("feedback", "report", **production).stderr


def test_f19_a_newer_schema_is_left_alone(production: dict[str, str]):
    engine = open_database(production["DATABASE_URL"])
    migrate(engine)
    with engine.begin() as link:
        link.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in (("serve", "--port", "0"), ("migrate",), ("feedback", "report")):
        refused = run(*command, **production)
        assert refused.returncode == 2
        assert "newer release" in refused.stderr or "another release" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_f20_an_edited_knowledge_file_has_another_digest(tmp_path: Path):
    from fhir_mappings.terminology import drug_table

    shipped = Path(loader.__file__).with_name("data")
    copy = tmp_path / "data"
    shutil.copytree(shipped, copy)
    same = loader.load_knowledge(drug_table(), copy)
    assert same.digest == loader.load_knowledge(drug_table()).digest
    file = copy / "thresholds.toml"
    file.write_text(file.read_text() + "\n# one more line\n")
    assert loader.load_knowledge(drug_table(), copy).digest != same.digest
    file.write_bytes(file.read_bytes()[:-40] + b"\x00[[")
    with pytest.raises(loader.KnowledgeError):
        loader.load_knowledge(drug_table(), copy)


@pytest.mark.parametrize(("day", "overdue"), [("2027-05-22", False), ("2027-05-23", True)])
def test_f20_a_review_that_is_past_due_is_said_on_the_card_and_counted(day: str, overdue: bool):
    """The reviews of this release are due on 2027-05-22."""
    client = create_app(Settings(as_of=date.fromisoformat(day))).test_client()
    request = ROOT / "samples" / "founding-patient" / "request.json"
    (card,) = client.post("/cds-services/rrmm-regimen", data=request.read_bytes()).json["cards"]
    assert ("Its review has been due since 2027-05-22" in card["detail"]) is overdue
    assert f"myeloma_cds_overdue_cards_total {float(overdue)}" in client.get("/metrics").text
