"""What those who run the service ask of it: whether it lives, whether it is ready, and what it has counted."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from cds_service import strict_json
from cds_service.knowledge.model import Knowledge
from cds_service.metrics import OTHER, Metrics
from cds_service.telemetry import TRACE
from cds_service.tracing import trace_of

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def add_operations(
    app: Flask, knowledge: Knowledge, metrics: Metrics, *, serves_metrics: bool, stopping: threading.Event
) -> None:
    """Add `/health`, `/ready` and, when they are served, `/metrics`. Once `stopping` is set nothing is ready any more."""
    ready = {"status": "ready", "knowledge": {"version": knowledge.version, "digest": knowledge.digest}}

    @app.get("/health")
    def health() -> Response:
        return Response(b'{"status":"ok"}', content_type="application/json")

    @app.get("/ready")
    def is_ready() -> Response:
        if stopping.is_set():
            return Response(b'{"status":"stopping"}', status=503, content_type="application/json")
        # With the time, so that a clock that is wrong shows: tokens are refused by it.
        said = ready | {"time": datetime.now(UTC).isoformat(timespec="seconds")}
        return Response(strict_json.dump(said), content_type="application/json")

    if serves_metrics:

        @app.get("/metrics")
        def counted() -> Response:
            return Response(metrics.page(), content_type=PROMETHEUS)


def measure(app: Flask, metrics: Metrics, services: frozenset[str]) -> None:
    """Count and time every call by service, and put its trace on every line that is logged for it."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        TRACE.set(trace_of(request.headers.get("traceparent")))

    @app.after_request
    def end(response: Response) -> Response:
        named = (request.view_args or {}).get("service_id")
        service = named if named in services else OTHER
        metrics.calls.labels(service, str(response.status_code)).inc()
        if service != OTHER and "began" in g:
            metrics.seconds.labels(service).observe(time.perf_counter() - g.began)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        TRACE.set(None)  # the thread goes on to other calls
