"""The commands on what the service remembers, against a service that has answered."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cds_service.app import create_app
from cds_service.cli import main
from cds_service.settings import Settings
from cds_service.store import tables
from cds_service.store.database import open_database, sqlite_url
from cds_service.store.opening import FILE

SAMPLES = Path(__file__).parents[3] / "samples"
FOUNDING = SAMPLES / "founding-patient" / "request.json"
HOOK = "/cds-services/rrmm-regimen"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of a service that showed the founding patient's card on 2026-11-22, which was overridden once."""
    folder = tmp_path / "state"
    monkeypatch.setenv("MYELOMA_CDS_STATE_DIR", str(folder))
    client = create_app(Settings(as_of=date(2026, 11, 22))).test_client()
    # With the file as it is: the store must know this very chart.
    card = client.post(HOOK, data=FOUNDING.read_bytes()).json["cards"][0]["uuid"]
    item = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T09:00:00Z"}
    assert client.post(f"{HOOK}/feedback", json={"feedback": [item]}).status_code == 200
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        main(arguments)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def answers(state: Path) -> list[Any]:
    engine = open_database(sqlite_url(state / FILE))
    with engine.connect() as link:
        return list(link.execute(select(tables.evaluation)))


@pytest.mark.parametrize("digest", ["fact_digest", "answer_digest"])
def test_a_chart_is_judged_again_as_it_was(state: Path, capsys: pytest.CaptureFixture[str], digest: str):
    (answer,) = answers(state)
    code, out, _ = run(capsys, "replay", str(FOUNDING), "--digest", getattr(answer, digest))
    assert code == 0
    assert out.startswith("judged on 2026-11-22 for US\n")
    assert "differs" not in out


def test_another_chart_or_other_knowledge_is_told_apart(state: Path, capsys: pytest.CaptureFixture[str]):
    (answer,) = answers(state)
    other = SAMPLES / "second-relapse" / "request.json"
    code, out, _ = run(capsys, "replay", str(other), "--digest", answer.answer_digest)
    assert code == 1
    assert "knowledge digest: the same" in out
    assert "fact digest: differs" in out
    assert "answer digest: differs" in out


def test_a_digest_that_is_not_kept_is_refused(state: Path, capsys: pytest.CaptureFixture[str]):
    assert state.exists()
    code, out, err = run(capsys, "replay", str(FOUNDING), "--digest", "sha256:0")
    assert (code, out, err) == (2, "", "myeloma-cds: no answer with this digest is kept\n")


def test_the_report_is_told_as_text_and_as_json(state: Path, capsys: pytest.CaptureFixture[str]):
    assert state.exists()
    code, out, _ = run(capsys, "feedback", "report")
    assert code == 0
    assert any(line.split()[:5] == ["rule", "S-R1", "1", "0", "1"] for line in out.splitlines())
    _, out, _ = run(capsys, "feedback", "report", "--json", "--tenant", "demo")
    assert json.loads(out)["regimens"]["DRd"] == {"shown": 1, "accepted": 0, "overridden": 1, "why": {"no-reason": 1}}
    _, out, _ = run(capsys, "feedback", "report", "--json", "--tenant", "nobody")
    assert json.loads(out)["cards"]["shown"] == 0


@pytest.mark.parametrize(
    ("command", "left"),
    [
        (("retention",), 1),
        (("retention", "--days", "0"), 0),
        (("forget", "--tenant", "nobody"), 1),
        (("forget", "--tenant", "demo"), 0),
        (("forget", "--tenant", "demo", "--card", "00000000-0000-4000-8000-000000000000"), 1),
    ],
)
def test_deletion_says_what_it_deleted(state: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], left: int):
    code, out, _ = run(capsys, *command)
    assert (code, out) == (0, f"{1 - left} answers deleted, with their cards and feedback\n")
    assert len(answers(state)) == left


def test_without_a_store_there_is_a_command_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MYELOMA_CDS_STATE_DIR", str(tmp_path / "new"))
    assert run(capsys, "feedback", "report") == (2, "", "myeloma-cds: run `myeloma-cds migrate` first\n")
    assert run(capsys, "migrate")[:2] == (0, "The database is at this release.\n")
    assert run(capsys, "feedback", "report")[0] == 0
