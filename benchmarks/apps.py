"""The two plain applications to compare with, under the same server as the service: `python -m benchmarks.apps floor 8001`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping

import orjson
from flask import Flask, Response, request

from cds_service.server import Server

WORKERS, THREADS = 2, 20  # as `myeloma-cds serve` has them
PATH = "/cds-services/rrmm-regimen"
_ANSWER = b'{"cards":[]}'


def floor() -> Flask:
    """Parse the body, answer a constant: what a call costs at least."""
    app = Flask("floor")

    @app.post(PATH)
    def call() -> Response:
        orjson.loads(request.get_data())
        return Response(_ANSWER, content_type="application/json")

    return _ready(app)


def validating() -> Flask:
    """Put every resource of the body through its R4B model, answer a constant: what is often done first."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415  # of no use to the floor

    app = Flask("validating")

    @app.post(PATH)
    def call() -> Response:
        for value in orjson.loads(request.get_data())["prefetch"].values():
            for resource in [entry["resource"] for entry in value["entry"]] if value["resourceType"] == "Bundle" else [value]:
                get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        return Response(_ANSWER, content_type="application/json")

    return _ready(app)


def _ready(app: Flask) -> Flask:
    app.add_url_rule("/ready", view_func=lambda: "ready")
    return app


APPS: Mapping[str, Callable[[], Flask]] = {"floor": floor, "validating": validating}

if __name__ == "__main__":
    Server(
        APPS[sys.argv[1]](),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        workers=WORKERS,
        threads=THREADS,
        stopping=threading.Event(),
        worker_ended=lambda _pid: None,
    ).run()
