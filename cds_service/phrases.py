"""The words of the card for codes that the knowledge does not explain: states of a chart, names of measurements, headings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> Mapping[str, str]:
    """One table of `phrases.toml`. Raises KeyError for a table that is not there."""
    return _tables()[name]


def phrase(name: str, code: str) -> str:
    """The words for `code` in one table; a code without a row is shown in plain words rather than lost."""
    return table(name).get(code) or code.replace("-", " ")


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("cds_service").joinpath("phrases.toml").read_text(encoding="utf-8"))
