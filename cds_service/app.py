"""The web application: addresses, limits, and one way out for everything that goes wrong."""

from __future__ import annotations

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
from cds_service.callers import DISCOVERY_PATH, authentication, feedback_path, service_path
from cds_service.cards import SOURCE_PATH
from cds_service.cross_origin import allow_origins
from cds_service.discovery import discovery_document
from cds_service.errors import BadRequest, Busy, MethodNotAllowed, NotFound, ServiceError, Unexpected, as_operation_outcome
from cds_service.feedback import MOST_BYTES, read_feedback
from cds_service.hook_call import read_hook_call
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.page import page
from cds_service.log_events import Event
from cds_service.metrics import Metrics
from cds_service.operations import add_operations, measure
from cds_service.prefetch import Fetcher
from cds_service.request_body import read_body
from cds_service.service_definition import CallContext
from cds_service.services import SERVICES
from cds_service.settings import Profile, Settings
from cds_service.store.memory import Memory
from cds_service.store.opening import database_of, open_memory
from cds_service.telemetry import happened
from cds_service.tenants import Tenant, load_tenants, origins_of
from cds_service.tracing import passed_on
from cds_service.warm_up import warm_up
from cds_service.web.pages import Finish, add_pages, as_it_is
from cds_service.witness import Witness
from fhir_mappings.terminology import drug_table


def local_day() -> date:
    """Today where the service runs."""
    return datetime.now().astimezone().date()


def create_app(
    settings: Settings,
    *,
    today: Callable[[], date] = local_day,
    metrics: Metrics | None = None,
    stopping: threading.Event | None = None,
) -> Flask:
    """The application, knowledge and tenants loaded, the store looked at. It is ready until `stopping` is set.

    Raises KnowledgeError when the knowledge cannot be read, SettingsRefused when the tenants cannot be served or
    the store is of another release.
    """
    tenants = load_tenants(settings.tenants, settings.profile) if settings.tenants else ()
    app = Flask("cds_service", static_folder=None)
    # No redirects, ever: a browser's preflight does not follow them.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    allow_origins(app, settings, also=origins_of(tenants))
    _answer_errors(app, debug=settings.debug)
    knowledge = load_knowledge(drug_table())
    warm_up(knowledge)
    witness = Witness(memory=_memory(settings), metrics=metrics or Metrics())
    finish = add_pages(app, settings, knowledge, today=today) if settings.profile is Profile.DEMO else as_it_is
    _add_hook_routes(app, settings, tenants, knowledge, witness, today, finish)
    add_operations(
        app, knowledge, witness.metrics, serves_metrics=settings.serves_metrics, stopping=stopping or threading.Event()
    )
    measure(app, witness.metrics, frozenset(service.id for service in SERVICES))
    app.after_request(_not_to_be_kept)
    happened(
        Event.SERVICE_STARTED,
        profile=settings.profile,
        tenants=len(tenants),
        knowledge_version=knowledge.version,
        knowledge_digest=knowledge.digest,
    )
    return app


def _memory(settings: Settings) -> Memory:
    """Where answers and feedback are kept. A file of our own is brought to this release; a database that others use is not."""
    may_migrate = settings.profile is Profile.DEMO or settings.database_url is None
    return open_memory(database_of(settings), may_migrate=may_migrate, retention_days=settings.retention_days)


def _add_hook_routes(
    app: Flask,
    settings: Settings,
    tenants: tuple[Tenant, ...],
    knowledge: Knowledge,
    witness: Witness,
    today: Callable[[], date],
    finish: Finish,
) -> None:
    services = {service.id: service for service in SERVICES}
    discovery = strict_json.dump(discovery_document(SERVICES))
    known = page(knowledge)
    authenticate = authentication(
        settings,
        tenants,
        service_ids=services,
        on_refusal=lambda reason: witness.metrics.callers_refused.labels(reason.value).inc(),
    )
    slots = threading.BoundedSemaphore(settings.max_in_flight)
    fetcher = Fetcher.of(settings)

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
        with _slot(slots), witness.metrics.in_hand():
            body = strict_json.load(read_body(request, limit=settings.max_body_bytes))
            call = read_hook_call(body, hook=service.hook)
            day = settings.as_of or today()
            context = CallContext(
                knowledge=knowledge,
                caller=caller,
                as_of=day,
                base_url=settings.base_url,
                fetcher=fetcher,
                witness=witness,
                traceparent=passed_on(request.headers.get("traceparent")),
            )
            return _json(strict_json.dump(finish(service.respond(call, context), call)))

    @app.get(SOURCE_PATH)
    def what_the_service_knows() -> Response:
        return Response(known, content_type="text/plain; charset=utf-8")

    @app.post("/cds-services/<service_id>/feedback")
    @app.post("/cds-services//<service_id>/feedback")
    def take_feedback(service_id: str) -> Response:
        caller = authenticate(request.headers.get("Authorization"), feedback_path(service_id))
        if service_id not in services:
            raise NotFound
        with _slot(slots), witness.metrics.in_hand():
            items = read_feedback(strict_json.load(read_body(request, limit=MOST_BYTES)))
            witness.take_feedback(items, service=service_id, tenant=caller.tenant)
        # Nothing is defined; an object is what every client can read. It is the same for cards that were never theirs.
        return _json(b"{}")


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
        happened(Event.CALL_FAILED, error=Unexpected.id, incident=incident, kind=type(error).__name__, places=places)
        if debug:
            traceback.print_exception(error)
        return _render(Unexpected(), incident=incident)


def _render(error: ServiceError, *, incident: str | None = None) -> Response:
    response = _json(strict_json.dump(as_operation_outcome(error, incident=incident)), error.status)
    response.headers.update(error.headers)
    return response
