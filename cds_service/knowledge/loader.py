"""Reads `data/` into a `Knowledge`. Strict: an unknown key, a missing key or a wrong type is an error that names its file."""

from __future__ import annotations

import hashlib
import tomllib
import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from cds_service.knowledge.model import DrugClassNote, Knowledge, Reference
from cds_service.knowledge.policies import CurrentPracticePolicy, SwitchClassPolicy
from cds_service.knowledge.regimens import Regimen, Trial
from cds_service.knowledge.rules import Condition, DoseRule, Rule, Supportive, Window
from fhir_mappings.facts import Drug

T = TypeVar("T")
Table = dict[str, Any]


class KnowledgeError(Exception):
    """The data cannot be read as knowledge; the message names the file and the place in it."""


def packaged_data() -> Traversable:
    """The data that ships with the service."""
    return files("cds_service.knowledge") / "data"


def load_knowledge(drugs: Mapping[str, Drug], data: Traversable | None = None) -> Knowledge:
    """The knowledge of `data`, by default the packaged one. Raises KnowledgeError."""
    root = data if data is not None else packaged_data()
    tables = {path: _parse(path, raw) for path, raw in _content(root)}
    release = _table(tables, "release.toml")
    regimens = [_build(Regimen, table, path) for path, table in tables.items() if path.startswith("regimens/")]
    return Knowledge(
        version=str(release.get("version", "")),
        released=str(release.get("released", "")),
        digest=digest_of(root),
        drugs=drugs,
        references=_keyed(Reference, tables, "sources.toml", "id"),
        classes={note.drug_class: note for note in _keyed(DrugClassNote, tables, "drug_classes.toml", "drug_class").values()},
        trials=_keyed(Trial, tables, "trials.toml", "id"),
        regimens={regimen.id: regimen for regimen in sorted(regimens, key=lambda r: (r.id.casefold(), r.id))},
        windows={window.analyte: window for window in _listed(Window, tables, "thresholds.toml", "window")},
        rules=_listed(Rule, tables, "safety.toml", "rule"),
        dose_rules=_listed(DoseRule, tables, "doses.toml", "rule"),
        supportive=_listed(Supportive, tables, "supportive.toml", "check"),
        switch_class=_build(SwitchClassPolicy, _table(tables, "policies/switch-class.toml"), "policies/switch-class.toml"),
        current_practice=_build(
            CurrentPracticePolicy, _table(tables, "policies/current-practice.toml"), "policies/current-practice.toml"
        ),
        texts={str(code): str(text) for code, text in _table(tables, "texts.toml").items()},
    )


def digest_of(root: Traversable) -> str:
    """`sha256:` over the names and bytes of every data file, in the order of their names."""
    total = hashlib.sha256()
    for path, raw in _content(root):
        total.update(f"{path}\0{len(raw)}\0".encode())
        total.update(raw)
    return f"sha256:{total.hexdigest()}"


def _content(root: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in root.iterdir():
        if entry.is_dir():
            found.extend(_content(entry, f"{prefix}{entry.name}/"))
        elif entry.name.endswith(".toml"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return sorted(found)


def _parse(path: str, raw: bytes) -> Table:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path}: {error}") from error


def _table(tables: Mapping[str, Table], path: str) -> Table:
    if path not in tables:
        raise KnowledgeError(f"{path}: file is missing")
    return tables[path]


def _keyed(cls: type[T], tables: Mapping[str, Table], path: str, key: str) -> dict[str, T]:
    """A file of `[name]` tables; the name becomes the member `key`."""
    return {name: _build(cls, {**table, key: name}, f"{path} [{name}]") for name, table in _table(tables, path).items()}


def _listed(cls: type[T], tables: Mapping[str, Table], path: str, key: str) -> tuple[T, ...]:
    """A file of `[[key]]` tables."""
    return tuple(_build(cls, table, f"{path} {key} {n}") for n, table in enumerate(_table(tables, path).get(key, []), start=1))


def _build(cls: type[T], table: object, where: str) -> T:
    """An instance of a dataclass from a TOML table, converted by its type hints."""
    if not isinstance(table, dict):
        raise KnowledgeError(f"{where}: a table is expected")
    if cls is Condition:
        table = _as_condition(table)
    hints = _hints(typing.cast("Hashable", cls))
    known = {field.name: field for field in fields(cls) if field.init}  # type: ignore[arg-type]  # every caller passes a dataclass
    if unknown := sorted(set(table) - set(known)):
        raise KnowledgeError(f"{where}: unknown key {unknown[0]!r}")
    for name, field in known.items():
        if name not in table and field.default is MISSING and field.default_factory is MISSING:
            raise KnowledgeError(f"{where}: {name!r} is missing")
    return cls(**{name: _convert(hints[name], value, f"{where}: {name}") for name, value in table.items()})


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    """Resolving the hints of a class costs more than building it."""
    return typing.get_type_hints(cls)


def _as_condition(table: Table) -> Table:
    own = {"criterion", "negate"}
    params = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items() if key not in own}
    return {**{key: value for key, value in table.items() if key in own}, "params": params}


def _convert(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401  # what comes out depends on the type hint
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType and types.NoneType in arguments:
        return _convert(arguments[0], value, where)
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise KnowledgeError(f"{where}: a list is expected")
        kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
        if len(kinds) != len(value):
            raise KnowledgeError(f"{where}: {len(kinds)} members are expected")
        return tuple(_convert(kind, member, where) for kind, member in zip(kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        if where.endswith(": params"):
            return dict(value)
        return {_convert(arguments[0], k, where): _convert(arguments[1], member, f"{where}.{k}") for k, member in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, value, where)
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError as error:
            raise KnowledgeError(f"{where}: {error}") from error
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise KnowledgeError(f"{where}: {hint.__name__} is expected")
    return value
