"""The web application: addresses, limits, and one way out for everything that goes wrong."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as HttpMethodNotAllowed
from werkzeug.exceptions import NotFound as HttpNotFound

from cds_service import strict_json
from cds_service.callers import DISCOVERY_PATH, authentication, service_path
from cds_service.cards import SOURCE_PATH
from cds_service.cross_origin import allow_origins
from cds_service.discovery import discovery_document
from cds_service.errors import BadRequest, Busy, MethodNotAllowed, NotFound, ServiceError, Unexpected, as_operation_outcome
from cds_service.hook_call import read_hook_call
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.page import page
from cds_service.prefetch import Fetcher
from cds_service.request_body import read_body
from cds_service.service_definition import CallContext
from cds_service.services import SERVICES
from cds_service.settings import Settings
from cds_service.tenants import Tenant, load_tenants, origins_of
from fhir_mappings.terminology import drug_table

log = logging.getLogger("cds_service")


def local_day() -> date:
    """Today where the service runs."""
    return datetime.now().astimezone().date()


def create_app(settings: Settings, *, today: Callable[[], date] = local_day) -> Flask:
    """The application, knowledge and tenants loaded.

    Raises KnowledgeError when the knowledge cannot be read, SettingsRefused when the tenants cannot be served.
    """
    tenants = load_tenants(settings.tenants, settings.profile) if settings.tenants else ()
    app = Flask("cds_service", static_folder=None)
    # No redirects, ever: a browser's preflight does not follow them.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    allow_origins(app, settings, also=origins_of(tenants))
    _answer_errors(app, debug=settings.debug)
    _add_hook_routes(app, settings, tenants, today)
    app.after_request(_not_to_be_kept)
    return app


def _add_hook_routes(app: Flask, settings: Settings, tenants: tuple[Tenant, ...], today: Callable[[], date]) -> None:
    knowledge = load_knowledge(drug_table())
    services = {service.id: service for service in SERVICES}
    discovery = strict_json.dump(discovery_document(SERVICES))
    ready = strict_json.dump({"status": "ready", "knowledge": {"version": knowledge.version, "digest": knowledge.digest}})
    known = page(knowledge)
    authenticate = authentication(settings, tenants, service_ids=services)
    slots = threading.BoundedSemaphore(settings.max_in_flight)
    fetcher = Fetcher(
        deadline_seconds=settings.fetch_deadline_ms / 1000, head_start_seconds=settings.fetch_head_start_ms / 1000
    )

    @app.get("/cds-services")
    def discover() -> Response:
        authenticate(request.headers.get("Authorization"), DISCOVERY_PATH)
        return _json(discovery)

    @app.post("/cds-services/<service_id>")
    # What a client makes of a discovery address that was typed with a slash at its end.
    @app.post("/cds-services//<service_id>")
    def call_service(service_id: str) -> Response:
        caller = authenticate(request.headers.get("Authorization"), service_path(service_id))
        service = services.get(service_id)
        if service is None:
            raise NotFound
        with _slot(slots):
            body = strict_json.load(read_body(request, limit=settings.max_body_bytes))
            call = read_hook_call(body, hook=service.hook)
            day = settings.as_of or today()
            context = CallContext(
                knowledge=knowledge, caller=caller, as_of=day, base_url=settings.base_url, fetcher=fetcher
            )
            return _json(strict_json.dump(service.respond(call, context)))

    @app.get(SOURCE_PATH)
    def what_the_service_knows() -> Response:
        return Response(known, content_type="text/plain; charset=utf-8")

    @app.get("/health")
    def health() -> Response:
        return _json(b'{"status":"ok"}')

    @app.get("/ready")
    def is_ready() -> Response:
        return _json(ready)


@contextmanager
def _slot(slots: threading.BoundedSemaphore) -> Iterator[None]:
    if not slots.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        slots.release()


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status=status, content_type="application/json")


def _not_to_be_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _answer_errors(app: Flask, *, debug: bool) -> None:
    @app.errorhandler(ServiceError)
    def known(error: ServiceError) -> Response:
        return _render(error)

    @app.errorhandler(HTTPException)
    def from_the_framework(error: HTTPException) -> Response:
        if isinstance(error, HttpMethodNotAllowed):
            response = _render(MethodNotAllowed())
            response.headers["Allow"] = ", ".join(sorted({*(error.valid_methods or ()), "OPTIONS"}))
            return response
        return _render(NotFound() if isinstance(error, HttpNotFound) else BadRequest())

    @app.errorhandler(Exception)
    def last_resort(error: Exception) -> Response:
        incident = str(uuid4())
        # Where it broke, never what was said: the text of an exception may quote the chart.
        frames = reversed(traceback.extract_tb(error.__traceback__)[-5:])
        places = " < ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in frames)
        log.error("%s %s %s at %s", Unexpected.id, incident, type(error).__name__, places, exc_info=error if debug else None)
        return _render(Unexpected(), incident=incident)


def _render(error: ServiceError, *, incident: str | None = None) -> Response:
    response = _json(strict_json.dump(as_operation_outcome(error, incident=incident)), error.status)
    response.headers.update(error.headers)
    return response
