"""Bytes from outside to plain JSON values, or one error. Whatever the bytes are, nothing else is ever raised.

Stricter than RFC 8259 where leniency could change what a chart says: a member given twice has no meaning, a number that overflows
is not the number that was sent. Decision record 0005 tells why it is done this way.
"""

from __future__ import annotations

import codecs
import re

import orjson

from cds_service.errors import NotJson

MAX_DEPTH = 254  # what the encoder takes; a FHIR chart nests about 20 deep

_NUL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def load(raw: bytes) -> object:
    """The value that `raw` (UTF-8, a byte order mark is skipped) holds.

    Raises NotJson for anything else, for nesting beyond MAX_DEPTH, NaN and infinities, numbers that overflow, a member given
    twice in one object, unpaired surrogates and NUL characters.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        value = orjson.loads(raw)
        written_back = orjson.dumps(value)
    except orjson.JSONDecodeError:
        raise NotJson from None  # the cause would quote the body
    except orjson.JSONEncodeError:
        raise NotJson(("", "It is nested too deeply.")) from None
    if raw != written_back and _strings(raw) != _strings(written_back):
        raise NotJson(("", "An object names the same member twice."))
    if b"\\u0000" in raw and _NUL_ESCAPE.search(raw):
        raise NotJson(("", "It holds a NUL character."))
    return value


def dump(value: object) -> bytes:
    """The bytes of a response: compact UTF-8 in the order of the members."""
    return orjson.dumps(value)


def dump_readable(value: object) -> str:
    """The same value for a person to read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _strings(raw: bytes) -> int:
    """Twice the number of strings, member names included: parsing drops some only where an object names a member twice."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return raw.count(b'"')
