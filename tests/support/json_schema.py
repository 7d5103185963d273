"""The part of JSON Schema 2020-12 that our own schema uses. A keyword it does not know is an error: nothing passes unchecked."""

from __future__ import annotations

import re
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
ANNOTATIONS = {"$schema", "$defs", "title", "description"}


def violations(value: Any, schema: dict[str, Any], *, root: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """What `value` breaks, each with its place; empty when it is valid."""
    root = root or schema
    found: list[str] = []
    for keyword, rule in schema.items():
        if keyword in ANNOTATIONS:
            continue
        if keyword == "$ref":
            found += violations(value, _resolve(root, rule), root=root, at=at)
        elif keyword in ("properties", "items", "additionalProperties"):
            found += _members(keyword, rule, value, schema, root, at)
        elif not RULES[keyword](value, rule):
            found.append(f"{at}: {keyword} {rule!r} broken by {value!r}")
    return found


RULES = {
    "type": lambda value, rule: isinstance(value, TYPES[rule]) and (rule == "boolean" or not isinstance(value, bool)),
    "enum": lambda value, rule: any(value == allowed and type(value) is type(allowed) for allowed in rule),
    "pattern": lambda value, rule: isinstance(value, str) and re.search(rule, value) is not None,
    "required": lambda value, rule: all(name in value for name in rule),
    "minimum": lambda value, rule: value >= rule,
    "minLength": lambda value, rule: len(value) >= rule,
    "minItems": lambda value, rule: len(value) >= rule,
    "minProperties": lambda value, rule: len(value) >= rule,
}


def _members(keyword: str, rule: Any, value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    if keyword == "items":
        return [fault for place, each in enumerate(value) for fault in violations(each, rule, root=root, at=f"{at}[{place}]")]
    if keyword == "properties":
        described = sorted(rule.keys() & value.keys())
        return [fault for name in described for fault in violations(value[name], rule[name], root=root, at=f"{at}.{name}")]
    extra = sorted(value.keys() - schema.get("properties", {}).keys())
    if rule is False:
        return [f"{at}: {name} is not described" for name in extra]
    return [fault for name in extra for fault in violations(value[name], rule, root=root, at=f"{at}.{name}")]


def _resolve(root: dict[str, Any], reference: str) -> dict[str, Any]:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
