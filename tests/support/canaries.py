"""Canaries: strings that stand in every chart, and that nothing which outlives a call may hold.

They go into fields of the chart that no rule reads: names, addresses, narratives. What identifies a call anyway, the patient's id
and the tokens, is remembered as it passes. `found_in` says which of them some text repeats.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

CHART_MARK = "canary-of-the-chart-"
SHORTEST = 12  # of an id that cannot be mistaken for a word


class Canaries:
    """Those of one test run. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()

    def mark(self, body: object) -> object:
        """The body of a call with a canary in each resource of its chart; the secrets it came with are remembered."""
        if not isinstance(body, dict):
            return body
        context, authorization = body.get("context"), body.get("fhirAuthorization")
        self.remember(context.get("patientId") if isinstance(context, dict) else None)
        self.remember(authorization.get("access_token") if isinstance(authorization, dict) else None)
        prefetch = body.get("prefetch")
        if not isinstance(prefetch, dict):
            return body
        return body | {"prefetch": {key: _marked(value) for key, value in prefetch.items()}}

    def remember(self, secret: object) -> None:
        """Never let this appear anywhere."""
        if isinstance(secret, str) and len(secret) >= SHORTEST:
            with self._lock:
                self._secrets.add(secret)

    def found_in(self, text: str, *, charts_only: bool = False) -> list[str]:
        """The canaries that the text holds."""
        with self._lock:
            secrets: Iterable[str] = () if charts_only else sorted(self._secrets)
        return [canary for canary in (CHART_MARK, *secrets) if canary in text]


def _marked(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    entries = value.get("entry")
    if isinstance(entries, list):
        return {**value, "entry": [_marked_entry(entry) for entry in entries]}
    if not isinstance(value.get("resourceType"), str):
        return value
    canary = f"{CHART_MARK}{uuid4().hex}"
    added: dict[str, Any] = {"text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{canary}</div>'}}
    if value["resourceType"] == "Patient":
        added |= {"name": [{"family": canary, "given": [canary]}], "address": [{"text": canary}], "telecom": [{"value": canary}]}
    return {**value, **added}


def _marked_entry(entry: Any) -> Any:
    if isinstance(entry, Mapping) and isinstance(entry.get("resource"), Mapping):
        return {**entry, "resource": _marked(entry["resource"])}
    return entry
