"""Whatever is posted, the answer is a success or a refusal, and it comes soon."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service.app import create_app
from cds_service.settings import Settings

PATH = "/cds-services/rrmm-regimen"
REQUESTS = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "samples").glob("*/request.json"))]
CASES = 500
SEED = 20261122
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, "", " ", "\ud7ff", "x" * 5000, [], {}, [None], [[]], {"": None}, {"resourceType": "Bundle"},
    {"resourceType": "Patient"}, {"reference": "#"}, {"reference": "Patient/../x"}, {"value": "1e999", "unit": "mg"},
    {"coding": [{"code": 1, "system": []}]}, "2026-13-45", "0000", "9999-12-31", "2026-02-30T25:61:61Z", "active", "1" * 30,
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(as_of=date(2026, 11, 22))).test_client()


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) below a value."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(pairs):
        found.append((value, key))
        found += places(each)
    return found


def odd_values(random_: random.Random, raw: bytes) -> bytes:
    body = json.loads(raw)
    for holder, key in random_.sample(places(body["prefetch"]), random_.randint(1, 12)):
        holder[key] = random_.choice(ODD)
    return json.dumps(body).encode()


def deleted(random_: random.Random, raw: bytes) -> bytes:
    body = json.loads(raw)
    for holder, key in random_.sample(places(body), 5):
        if isinstance(holder, dict):
            holder.pop(key, None)
    return json.dumps(body).encode()


def swapped(random_: random.Random, raw: bytes) -> bytes:
    body = json.loads(raw)
    (first, one), (second, other) = random_.sample(places(body["prefetch"]), 2)
    first[one] = json.loads(json.dumps(second[other]))
    return json.dumps(body).encode()


def nested(random_: random.Random, raw: bytes) -> bytes:
    body = json.loads(raw)
    holder, key = random_.choice(places(body["prefetch"]))
    for _ in range(random_.randint(1, 200)):
        name = random_.choice(("resource", "contained", "entry", "extension", "code", "value"))
        holder[key] = {"resourceType": "Bundle", name: [holder[key]] if random_.random() < 0.5 else holder[key]}
    return json.dumps(body).encode()


def flipped(random_: random.Random, raw: bytes) -> bytes:
    body = bytearray(raw)
    for _ in range(random_.randint(1, 20)):
        body[random_.randrange(len(body))] = random_.randrange(256)
    return bytes(body)


def cut(random_: random.Random, raw: bytes) -> bytes:
    start, end = sorted(random_.sample(range(len(raw)), 2))
    return raw[:start] + raw[end:]


def noise(random_: random.Random, _: bytes) -> bytes:
    return random_.randbytes(random_.randint(0, 4096))


def repeated(random_: random.Random, raw: bytes) -> bytes:
    body = json.loads(raw)
    for value in body["prefetch"].values():
        if isinstance(value, dict) and value.get("entry"):
            value["entry"] = value["entry"] * random_.randint(2, 30)
    return json.dumps(body).encode()


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    odd_values, odd_values, deleted, swapped, nested, flipped, cut, noise, repeated,
)  # fmt: skip


def check(client: FlaskClient, body: bytes) -> int:
    start = time.perf_counter()
    answer = client.post(PATH, data=body, content_type="application/json")
    took = time.perf_counter() - start
    assert answer.status_code in (200, 400, 412), answer.text
    assert took < 1
    assert "cards" in answer.json if answer.status_code == 200 else answer.json["resourceType"] == "OperationOutcome"
    return answer.status_code


def test_random_and_mutated_bodies_are_answered(client: FlaskClient):
    random_ = random.Random(SEED)  # noqa: S311  # for variety, not for secrets
    statuses = []
    for number in range(CASES):
        body = MUTATIONS[number % len(MUTATIONS)](random_, random_.choice(REQUESTS))
        try:
            statuses.append(check(client, body))
        except AssertionError as failed:
            raise AssertionError(f"body {number} of seed {SEED}: {failed}") from None
    # The mutations must reach past the first check, or they prove nothing.
    assert statuses.count(200) > CASES // 4
    assert {200, 400, 412} == set(statuses)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(["patient", "conditions", "medicationStatements", "observations", "procedures"])


@given(prefetch=st.dictionaries(KEYS, JSON | st.fixed_dictionaries({"resourceType": st.just("Bundle"), "entry": JSON})))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_prefetch_is_answered(client: FlaskClient, prefetch: dict[str, Any]):
    body = json.loads(REQUESTS[0])
    body["prefetch"] = body["prefetch"] | prefetch
    check(client, json.dumps(body).encode("utf-8", "surrogatepass"))


@given(raw=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_answered(client: FlaskClient, raw: bytes):
    assert check(client, raw) == 400
