"""The definitions of `definitions.toml` as numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def definitions(section: str) -> Mapping[str, float]:
    """The values of one section; a name that is not there is a KeyError at once."""
    with (files("fhir_mappings") / "definitions.toml").open("rb") as stream:
        table = tomllib.load(stream)[section]
    return MappingProxyType({name: entry["value"] for name, entry in table.items()})
