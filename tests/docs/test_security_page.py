"""Every promise of SECURITY.md names tests that exist, and no test of a threat is left out."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_the_tests_that_are_named_exist():
    named = re.findall(r"`(tests/[^`]+)`", PAGE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_test_of_a_threat_is_named():
    tests = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "security").glob("test_t*.py")}
    assert tests - set(re.findall(r"`(tests/[^`]+)`", PAGE)) == set()
