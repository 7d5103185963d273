"""The service under gunicorn: processes and threads that finish what is in flight when they are told to stop."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

GRACEFUL_SECONDS = 30


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn around an application that was built before the first fork, so that workers share its memory."""

    def __init__(self, app: Flask, *, host: str, port: int, workers: int, threads: int) -> None:
        self._app = app
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": GRACEFUL_SECONDS,
            "accesslog": None,
            # Below "error" gunicorn repeats the lines of requests that it cannot read.
            "loglevel": "error",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options; it reads neither its command line nor its files."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that every worker serves."""
        return self._app
