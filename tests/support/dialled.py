"""Every connection that this process opens is noted, and one that is not expected fails: a guard for tests of who is dialled."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class Dialled(list[tuple[Any, ...]]):
    """The addresses that were connected to, and in `names` the names that were looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []


@contextmanager
def only(*allowed: int) -> Iterator[Dialled]:
    """Let connections to these ports of this machine pass and refuse all others. Raises AssertionError if there was one."""
    dialled = Dialled()
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched(self: socket.socket, address: Any) -> None:
        dialled.append(address)
        if address[0] not in ("127.0.0.1", "::1") or address[1] not in allowed:
            raise ConnectionRefusedError("not on the list")
        connect(self, address)

    def named(host: Any, *rest: Any, **options: Any) -> Any:
        dialled.names.append(host)
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "not on the list")
        return look_up(host, *rest, **options)

    with mock.patch.object(socket.socket, "connect", watched), mock.patch.object(socket, "getaddrinfo", named):
        yield dialled
    strangers = [each for each in dialled if each[0] not in ("127.0.0.1", "::1") or each[1] not in allowed]
    assert strangers == []
    assert set(dialled.names) <= {"127.0.0.1", "::1", "localhost"}
