"""A transport for `requests` in which every read from the socket looks at the clock.

The time-outs of `requests` hold for one read each: a server that sends a byte now and then, in the head or in the body of its
answer, would hold a thread for hours. Here a read gets the idle time-out or what is left until the deadline, whichever is less.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from cds_service.deadline import Deadline

IDLE_SECONDS = 0.5

# The connections belong to a pool that knows no calls: this is how one learns whose deadline holds while a thread uses it.
_deadline: ContextVar[Deadline] = ContextVar("deadline of the fetch in this thread")


@contextmanager
def reading_until(deadline: Deadline) -> Iterator[None]:
    """Bind every read that this thread makes to `deadline`: a read beyond it is a time-out."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


class _ClockedStream(io.RawIOBase):
    """The bytes of a socket, each read with its own time-out."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._stream = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # any writable buffer
        self._sock.settimeout(self._deadline.at_most(IDLE_SECONDS))
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _ClockedSocket:
    """The one thing that an HTTP response does with a socket."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_ClockedStream(self._sock, self._deadline), 64 * 1024)


def _clocked_response(sock: socket.socket, *rest: Any, **options: Any) -> http.client.HTTPResponse:  # noqa: ANN401  # passed on
    return http.client.HTTPResponse(_ClockedSocket(sock, _deadline.get()), *rest, **options)  # type: ignore[arg-type]  # see there


class _PlainConnection(HTTPConnection):
    response_class = staticmethod(_clocked_response)  # type: ignore[assignment]  # called, never inspected


class _TlsConnection(HTTPSConnection):
    response_class = staticmethod(_clocked_response)  # type: ignore[assignment]  # called, never inspected


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class ClockedAdapter(HTTPAdapter):
    """Mounted in a session whose calls all happen inside `reading_until`."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
