"""`myeloma-cds knowledge …`: what reviewers and maintainers run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cds_service.cli import main

SAMPLES = Path(__file__).parents[3] / "samples"
DATA = Path(__file__).parents[3] / "cds_service" / "knowledge" / "data"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "knowledge"))


def test_the_packaged_knowledge_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["knowledge", "lint"])
    assert (ended.value.code, capsys.readouterr().out) == (0, "The knowledge is sound.\n")


def test_a_regimen_of_an_unknown_drug_is_a_fault(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    regimen = copy / "regimens" / "DRd.toml"
    regimen.write_text(regimen.read_text().replace('drug = "daratumumab"', 'drug = "daratumumap"'))
    with pytest.raises(SystemExit) as ended:
        main(["knowledge", "lint", "--folder", str(copy)])
    said = capsys.readouterr()
    assert ended.value.code in (1, 2)
    assert "daratumumap" in said.out + said.err


def test_show_prints_every_regimen(capsys: pytest.CaptureFixture[str]) -> None:
    main(["knowledge", "show"])
    shown = capsys.readouterr().out
    assert all(file.stem in shown for file in (DATA / "regimens").glob("*.toml"))


def test_export_is_a_bundle(capsys: pytest.CaptureFixture[str]) -> None:
    main(["knowledge", "export"])
    assert json.loads(capsys.readouterr().out)["resourceType"] == "Bundle"


def test_a_changed_sentence_shows_in_the_cards_that_say_it(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = copy / "policies" / "switch-class.toml"
    policy.write_text(policy.read_text().replace("so the class is changed.", "so the class was changed."))
    main(["knowledge", "diff", str(copy), "--samples", str(SAMPLES)])
    changed = capsys.readouterr().out
    assert "founding-patient" in changed
    assert "was changed" in changed
    assert "mgus" not in changed
