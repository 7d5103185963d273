"""The rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for package in ("cds_service", "fhir_mappings", "tests") for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 350
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc"}
# Files that are longer than the rest may be, each with its reason.
LONGER: dict[str, str] = {}


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_readable(module: Path):
    name = str(module.relative_to(ROOT))
    assert name in LONGER or len(module.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_no_module_is_a_drawer():
    assert [str(path) for path in MODULES if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


def test_no_file_names_a_place_on_one_machine_or_an_index():
    forbidden = re.compile(r"/(?:root|home/\w+|work|opt)/\w|--(?:extra-)?index-url|--find-links|https?://\S*/simple\b")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in committed()
        if path != Path(__file__) and path.name != "Makefile"
        for match in forbidden.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-docs.lock"])
def test_every_locked_package_has_hashes(name: str):
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    packages = [entry for entry in entries if re.match(r"[A-Za-z0-9]", entry)]
    assert len(packages) > 20
    assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry or "==" not in entry.split()[0]] == []


def test_the_two_locks_agree():
    runtime, everything = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime.items() <= everything.items()
