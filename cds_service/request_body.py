"""Reading a request body whole or not at all. A body that is too large is refused, never cut, however it is sent."""

from __future__ import annotations

import time

from flask import Request
from gunicorn.http.errors import ParseException

from cds_service.errors import BadRequest, BodyTooLarge

_PIECE = 64 * 1024
_BROKEN = (OSError, ParseException)  # a client that went away, or chunks that are none
_DRAIN_SECONDS = 2.0
_DRAIN_BYTES = 64 * 1024 * 1024


def read_body(request: Request, *, limit: int) -> bytes:
    """The body, at most `limit` bytes. Raises BodyTooLarge, for a chunked body as for one that announces its length, and
    BadRequest when the connection does not deliver what it announced."""
    announced = request.content_length
    if announced is not None and announced > limit:
        _drain(request)
        raise BodyTooLarge
    try:
        body = request.stream.read(limit + 1)
    except _BROKEN:
        raise BadRequest from None
    if len(body) > limit:
        _drain(request)
        raise BodyTooLarge
    return body


def _drain(request: Request) -> None:
    """Read on for a moment and forget it: a client that is still sending would otherwise lose the answer with the connection."""
    until = time.monotonic() + _DRAIN_SECONDS
    left = _DRAIN_BYTES
    while left > 0 and time.monotonic() < until:
        try:
            piece = request.stream.read(_PIECE)
        except _BROKEN:
            return
        if not piece:
            return
        left -= len(piece)
