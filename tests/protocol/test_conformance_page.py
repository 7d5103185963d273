"""The page that says what is proved by what is written from the tests, and is kept equal to them.

`python -m tests.protocol.test_conformance_page` writes it.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.protocol.requirements import REQUIREMENTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
MODULES = (
    "test_discovery",
    "test_requests",
    "test_prefetch",
    "test_responses",
    "test_errors",
    "test_trust",
    "test_feedback",
    "test_cross_origin",
)


def proofs() -> dict[str, list[str]]:
    """Requirement id -> the tests that prove it, as module::function."""
    found: dict[str, list[str]] = {}
    for module in MODULES:
        for name, test in vars(importlib.import_module(f"tests.protocol.{module}")).items():
            for requirement in getattr(test, "proves", ()):
                found.setdefault(requirement, []).append(f"`{module.removeprefix('test_')}::{name.removeprefix('test_')}`")
    return found


def page() -> str:
    found = proofs()
    lines = [
        "# Conformance with CDS Hooks",
        "",
        "Written by the tests in `tests/protocol/`; do not edit. Levels are those of CDS Hooks 2.0.1 and of the 3.0 ballot.",
        "Numbers under Inferno are those of the list `cds-hooks_2.0` in its Da Vinci CRD test kit.",
        "",
        "| id | level | requirement | Inferno | proved by |",
        "|---|---|---|---|---|",
    ]
    for each in REQUIREMENTS:
        proof = "<br>".join(found.get(each.id, [])) or each.not_tested
        lines.append(f"| {each.id} | {each.level} | {each.says} | {each.kit} | {proof} |")
    return "\n".join(lines) + "\n"


def test_every_requirement_is_proved_or_says_why_not():
    found = proofs()
    assert [each.id for each in REQUIREMENTS if (each.id in found) == bool(each.not_tested)] == []


def test_the_page_is_what_the_tests_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.protocol.test_conformance_page"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
