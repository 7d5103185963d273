"""F7: 200 with something that is no FHIR resource counts like no answer."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.support.fault_server import Exchange, content
from tests.support.hospital import SLACK, hospital

PAGE = b"<!doctype html><title>Sign in</title>"
BODIES = {
    "nothing": content(b""),
    "text": content(b"canary"),
    "html": content(PAGE, "text/html"),
    "html-as-json": content(PAGE),
    "json-as-html": content(b'{"resourceType":"Bundle","type":"searchset"}', "text/html"),
    "cut": content(b'{"resourceType":"Bundle","entry":['),
    "list": content(b"[]"),
    "null": content(b"null"),
    "no-type": content(b'{"entry":[]}'),
    "type-is-a-number": content(b'{"resourceType":1}'),
    "not-a-number": content(b'{"resourceType":"Bundle","total":NaN}'),
    "twice": content(b'{"resourceType":"Bundle","resourceType":"Bundle"}'),
    "utf-16": content('{"resourceType":"Bundle"}'.encode("utf-16")),
    "latin-1": content('{"resourceType":"Bundle","id":"é"}'.encode("latin-1")),
    "deep": content(b'{"resourceType":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "gzip-that-is-none": content(b"canary", Content_Encoding="gzip"),
    "gzip-cut": content(gzip.compress(b'{"resourceType":"Bundle","type":"searchset"}' * 9)[:-20], Content_Encoding="gzip"),
    "xml": content(b'<Bundle xmlns="http://hl7.org/fhir"/>', "application/fhir+xml"),
}


@pytest.mark.parametrize("kind", ["Condition", "Observation"])
@pytest.mark.parametrize("fault", BODIES.values(), ids=BODIES)
def test_it_counts_like_no_answer(fault, kind: str):
    with hospital({kind: fault}) as here:
        answer = here.call()
    if kind == "Condition":
        assert answer.status == 412
        assert answer.problems["prefetch.conditions"].endswith("ended with: unreadable.")
    else:
        assert answer.status == 200
        assert "history-incomplete" in answer.notes
    assert "canary" not in str(answer.body)
    assert answer.seconds < 0.5 + SLACK


def after_a_byte_order_mark(exchange: Exchange) -> None:
    exchange.body(b"\xef\xbb\xbf" + json.dumps(exchange.honest).encode())


def test_a_byte_order_mark_is_no_fault():
    with hospital({"Condition": after_a_byte_order_mark}) as here:
        assert here.call().preferred == ["Rd"]
