"""Fingerprints by which an answer can be told to be the same again, without keeping what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson

from cds_service import strict_json
from fhir_mappings.facts import PatientFacts


def digest_of_facts(facts: PatientFacts) -> str:
    """`sha256:` and hex, over everything that was read from the chart."""
    return _sha256(orjson.dumps(facts, default=_in_order))


def digest_of_answer(evaluation: Mapping[str, object]) -> str:
    """`sha256:` and hex, over the evaluation object as it is sent."""
    return _sha256(strict_json.dump(evaluation))


def _in_order(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
