"""T18: no package is locked at a release with a published fault that would matter here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = {
    "pyjwt": (2, 13),
    "urllib3": (2, 7),
    "requests": (2, 32, 4),
    "jinja2": (3, 1, 6),
    "werkzeug": (3, 1, 6),
    "gunicorn": (23, 0),
}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("package", FLOORS)
def test_the_locked_release_is_not_below_the_floor(lock: str, package: str):
    (version,) = re.findall(rf"^{package}(?:\[[^\]]*\])?==([\d.]+)", (ROOT / lock).read_text(), re.MULTILINE)
    assert tuple(int(part) for part in version.split(".")) >= FLOORS[package]
