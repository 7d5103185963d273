"""The service under gunicorn: processes and threads that finish what is in flight when they are told to stop."""

from __future__ import annotations

import ctypes
import gc
import socket
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from threading import Event
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from cds_service import strict_json
from cds_service.errors import BadRequest, ServiceError, Unexpected, as_operation_outcome
from cds_service.log_events import Event as LogEvent
from cds_service.telemetry import happened

GRACEFUL_SECONDS = 30
_YOUNG_OBJECTS = 20_000  # a chart of 200 KB is some 3,000: few collections fall into one
_M_ARENA_MAX = -8  # malloc.h of glibc


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A threaded worker whose error answers look like all others: gunicorn's own pages and log lines quote the request."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop after the calls in hand; from now on nothing is ready."""
        self.app.stopping.set()
        super().handle_exit(sig, frame)

    def handle_error(self, req: object, client: socket.socket, addr: object, exc: BaseException) -> None:  # noqa: ARG002  # its signature
        """Answer a request that never reached the application."""
        error: ServiceError = BadRequest() if isinstance(exc, ParseException) else Unexpected()
        if isinstance(error, Unexpected):
            happened(LogEvent.REQUEST_NOT_READ, error=error.id, kind=type(exc).__name__)
        body = strict_json.dump(as_operation_outcome(error))
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):
            client.sendall(head.encode("ascii") + body)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn around an application that was built before the first fork, so that workers share its memory."""

    def __init__(
        self,
        app: Flask,
        *,
        host: str,
        port: int,
        workers: int,
        threads: int,
        stopping: Event,
        worker_ended: Callable[[int], None],
    ) -> None:
        self._app = app
        self.stopping = stopping
        self._worker_ended = worker_ended
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": Worker,
            "preload_app": True,
            "graceful_timeout": GRACEFUL_SECONDS,
            "accesslog": None,
            # Below "error" gunicorn repeats the lines of requests that it cannot read.
            "loglevel": "error",
            "control_socket_disable": True,
            "child_exit": self._child_exit,
        }
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options; it reads neither its command line nor its files."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def _child_exit(self, _arbiter: object, worker: Worker) -> None:
        self._worker_ended(worker.pid)

    def load(self) -> Flask:
        """The application that every worker serves; called before the first fork.

        What is loaded by now lives as long as the process: left out of garbage collection, it stays shared between the workers,
        and a collection in the midst of a chart costs up to a third less.
        """
        gc.freeze()
        gc.set_threshold(_YOUNG_OBJECTS)
        _share_one_arena()
        return self._app


def _share_one_arena() -> None:
    """Keep glibc from giving every thread a heap of its own. The threads of one interpreter allocate by turns anyway, and each of
    those heaps would hold on to the largest chart that its thread ever read."""
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
