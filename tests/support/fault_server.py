"""A FHIR server on a real socket that holds one chart and misbehaves where it is told to.

A fault is a function that writes to the connection what an honest server would not. Faults are named by resource type; `*` stands
for every type. Everything that was asked is kept in `seen`.
"""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One request that reached the server."""

    path: str
    headers: Mapping[str, str]
    at: float

    @property
    def type(self) -> str:
        """The resource type in the path, "" where it names none."""
        below = urlsplit(self.path).path.removeprefix("/fhir").strip("/")
        return below.split("/")[0]


@dataclass
class Exchange:
    """What a fault has in hand: the connection, the question, the honest answer, and how often this type was asked for before."""

    connection: socket.socket
    seen: Seen
    honest: Json
    time: int
    base: str
    stopping: threading.Event

    def send(self, *pieces: bytes, pause: float = 0) -> None:
        for piece in pieces:
            self.connection.sendall(piece)
            if pause and self.stopping.wait(pause):
                return

    def body(self, content: bytes, *, status: str = "200 OK", content_type: str = "application/fhir+json", **more: str) -> None:
        """A whole answer."""
        headers = {"Content-Type": content_type, "Content-Length": str(len(content))}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        self.send(head(status, headers) + content)

    def resource(self, resource: Json) -> None:
        self.body(json.dumps(resource).encode())

    def answer_honestly(self) -> None:
        missing = self.honest.get("resourceType") == "OperationOutcome"
        self.body(json.dumps(self.honest).encode(), status="404 Not Found" if missing else "200 OK")


Fault = Callable[[Exchange], None]


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass
class FaultServer:
    """`chart` is a prefetch object; its Bundles are answered to searches, its Patient and Medications to reads."""

    chart: Mapping[str, Any]
    faults: Mapping[str, Fault] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stopping = threading.Event()
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    owner._converse(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.base = f"http://127.0.0.1:{self.port}/fhir"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def types(self) -> list[str]:
        """The resource types that were asked for, in order."""
        return [each.type for each in self.seen]

    def _converse(self, connection: socket.socket) -> None:
        raw = b""
        while b"\r\n\r\n" not in raw:
            piece = connection.recv(65536)
            if not piece:
                return
            raw += piece
        first, *lines = raw.decode("latin-1").split("\r\n\r\n", 1)[0].split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        seen = Seen(first.split(" ")[1], headers, time.monotonic())
        earlier = sum(each.type == seen.type for each in self.seen)
        self.seen.append(seen)
        exchange = Exchange(connection, seen, self._honest(seen), earlier, self.base, self._stopping)
        fault = self.faults.get(seen.type) or self.faults.get("*")
        fault(exchange) if fault else exchange.answer_honestly()

    def _honest(self, seen: Seen) -> Json:
        parts = urlsplit(seen.path)
        below = parts.path.removeprefix("/fhir").strip("/")
        values = [value for value in self.chart.values() if isinstance(value, dict)]
        resources = [each for value in values for each in ([entry["resource"] for entry in value.get("entry", [])] or [value])]
        if "/" in below:
            found = (each for each in resources if f"{each['resourceType']}/{each.get('id')}" == below)
            return next(found, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]})
        matches = [{"resource": each} for each in resources if each["resourceType"] == below]
        bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(matches)}
        return bundle | ({"entry": matches} if matches else {})


def status(line: str, **headers: str) -> Fault:
    """An error status, with a body that must not be taken for data."""
    return lambda exchange: exchange.body(json.dumps(exchange.honest).encode(), status=line, **headers)


def content(body: bytes, content_type: str = "application/fhir+json", **headers: str) -> Fault:
    """200 with these bytes."""
    return lambda exchange: exchange.body(body, content_type=content_type, **headers)


def resource(value: Json) -> Fault:
    """200 with this resource."""
    return lambda exchange: exchange.resource(value)


def after(seconds: float, then: Fault = Exchange.answer_honestly) -> Fault:
    """Silence first."""

    def wait(exchange: Exchange) -> None:
        if not exchange.stopping.wait(seconds):
            then(exchange)

    return wait


def silence(exchange: Exchange) -> None:
    """No byte, ever."""
    exchange.stopping.wait(60)


def drip_head(exchange: Exchange) -> None:
    """The head of the answer, a byte every 100 ms: no single read ever waits long."""
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Long: ", *(b"a" for _ in range(600)), pause=0.1)


def drip_body(exchange: Exchange) -> None:
    """A true head, then the body a byte every 100 ms."""
    body = json.dumps(exchange.honest).encode()
    exchange.send(head("200 OK", {"Content-Type": "application/fhir+json", "Content-Length": str(len(body))}))
    exchange.send(*(body[at : at + 1] for at in range(len(body))), pause=0.1)


def stall(exchange: Exchange) -> None:
    """Half the body, then nothing."""
    body = json.dumps(exchange.honest).encode()
    exchange.send(head("200 OK", {"Content-Length": str(len(body))}) + body[: len(body) // 2])
    exchange.stopping.wait(60)


def half_body(exchange: Exchange) -> None:
    """Half of what was announced, then the end of the connection."""
    body = json.dumps(exchange.honest).encode()
    exchange.send(head("200 OK", {"Content-Length": str(len(body))}) + body[: len(body) // 2])


def half_without_length(exchange: Exchange) -> None:
    """Half the body where the end of the connection ends it."""
    body = json.dumps(exchange.honest).encode()
    exchange.send(head("200 OK", {}) + body[: len(body) // 2])


def chunk_cut(exchange: Exchange) -> None:
    """A chunk that announces more than comes."""
    body = json.dumps(exchange.honest).encode()
    exchange.send(head("200 OK", {"Transfer-Encoding": "chunked"}) + f"{len(body):x}\r\n".encode() + body[: len(body) // 2])


def reset(exchange: Exchange) -> None:
    """Half the body, then the connection is torn down."""
    half_body(exchange)
    tear_down(exchange)


def tear_down(exchange: Exchange) -> None:
    """The connection is torn down."""
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()


def endless(piece: bytes) -> Fault:
    """A body without end, in chunks of these bytes."""

    def send(exchange: Exchange) -> None:
        exchange.send(head("200 OK", {"Content-Type": "application/fhir+json", "Transfer-Encoding": "chunked"}))
        chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
        until = time.monotonic() + 5
        while time.monotonic() < until and not exchange.stopping.is_set():
            exchange.send(chunk)

    return send


def once(fault: Fault) -> Fault:
    """The fault the first time this type is asked for, honesty afterwards."""
    return lambda exchange: fault(exchange) if exchange.time == 0 else exchange.answer_honestly()


def linking(link: Callable[[Exchange], str]) -> Fault:
    """Every page is the honest answer with a link to a next one."""

    def send(exchange: Exchange) -> None:
        honest = {name: value for name, value in exchange.honest.items() if name != "total"}
        exchange.resource(honest | {"link": [{"relation": "next", "url": link(exchange)}]})

    return send
