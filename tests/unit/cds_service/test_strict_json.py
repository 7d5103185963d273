"""The strict loader: what it takes, what it refuses, and that it never does anything else."""

from __future__ import annotations

import time

import pytest

from cds_service import strict_json
from cds_service.errors import NotJson


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}", {}),
        (b"\xef\xbb\xbf{}", {}),
        (b' {"a" : [1, -2.5, true, null]}\n', {"a": [1, -2.5, True, None]}),
        ('{"é":"日本 😀"}'.encode(), {"é": "日本 😀"}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\\\u0000"', "\\u0000"),
        (rb'{"a":"say \"a\":1, \\\"b\\\""}', {"a": 'say "a":1, \\"b\\"'}),
        (rb'["\u0022", "\\", "\\\\", ""]', ['"', "\\", "\\\\", ""]),
        (b'[{"a":1},{"a":1}]', [{"a": 1}, {"a": 1}]),
        (b'{"a":"[[[[{{{{"}', {"a": "[[[[{{{{"}),
        (b"[" * 254 + b"]" * 254, None),
    ],
)
def test_json_is_read(raw: bytes, value: object):
    read = strict_json.load(raw)
    assert value is None or read == value


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"{}{}", b"{'a':1}", b"[1,]", b"// comment\n{}", b"NaN", b"[Infinity]", b"-Infinity", b"1e400", b"-1e400",
        b"9" * 400, b"01", b"\xff\xfe{\x00}\x00", b'"\xed\xa0\x80"', b'"\xc3"', b'"\\ud800"', b'"\\udc00\\ud800"',
        b'"\x00"', b'"\\u0000"', b'["\\\\\\u0000"]', b'{"\\u0000":1}', b'"\t"',
        b'{"status":"entered-in-error","status":"final"}', b'{"a":{"b":1,"c":2,"b":1}}', b'{"a":1,"\\u0061":2}', b'[{"":1,"":1}]',
        b"[" * 255 + b"]" * 255, b"[" * 2000 + b"]" * 2000, b"[" * 100_000, b'{"a":' * 100_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)  # fmt: skip
def test_anything_else_is_refused(raw: bytes):
    with pytest.raises(NotJson) as refused:
        strict_json.load(raw)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("piece", [b"[", b'{"a":', b'"', b'"\\"', b'"\\', b"[]", b"\\", b"\x00", b"{", b"\\u0000"])
def test_no_bytes_take_long(piece: bytes):
    raw = piece * (4 * 1024 * 1024 // len(piece))
    start = time.perf_counter()
    with pytest.raises(NotJson):
        strict_json.load(raw)
    assert time.perf_counter() - start < 1


def test_what_is_written_keeps_its_order():
    assert strict_json.dump({"b": 1, "a": "é"}) == '{"b":1,"a":"é"}'.encode()
