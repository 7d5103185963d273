"""A server of JWK sets on a real socket, which counts what it is asked and misbehaves when told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class KeyServer(ThreadingHTTPServer):
    """`keys` is what it serves; `fault` one of "", "down", "drip", "redirect", "large", "html", "cut"."""

    daemon_threads = True

    def __init__(self, *keys: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys = list(keys)
        self.fault = ""
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}/jwks.json"


class _Handler(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = json.dumps({"keys": self.server.keys}).encode()
        with suppress(OSError):  # who asked may have gone
            match self.server.fault:
                case "down":
                    self.send_error(503)
                case "drip":
                    self._say(len(body), *(bytes([byte]) for byte in body), pause=0.1)
                case "redirect":
                    self.send_response(302)
                    self.send_header("Location", "/elsewhere.json")
                    self.end_headers()
                case "large":
                    self._say(10_000_000, body[:-1] + b" " * 1_000_000)
                case "html":
                    self._say(6, b"<html>")
                case "cut":
                    self._say(len(body) + 100, body)
                case _:
                    self._say(len(body), body)

    def _say(self, announced: int, *pieces: bytes, pause: float = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)
            time.sleep(pause)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_keys(*keys: dict[str, Any]) -> Iterator[KeyServer]:
    server = KeyServer(*keys)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
