"""The pages of the demo: try a hook and see its cards as an EHR draws them, and look at the reasoning behind one evaluation.

No chart is kept: the reasoning page of a chart is the answer to the request that carries it. Scripts and styles are files of our
own; the policy sent with every page lets nothing else run, also if text of a chart were ever to reach the page as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from cds_service import strict_json
from cds_service.callers import DISCOVERY_PATH, feedback_path, service_path
from cds_service.errors import BodyTooLarge, NotFound, ServiceError, WrongShape, as_operation_outcome
from cds_service.hook_call import HookCall, read_hook_call
from cds_service.knowledge.model import Knowledge
from cds_service.prefetch import Fetcher
from cds_service.request_body import read_body
from cds_service.service_definition import CallContext, Caller
from cds_service.services import rrmm_regimen
from cds_service.settings import Settings
from cds_service.web.samples import Sample, load_samples
from fhir_mappings.bundle import prefetch_from_bundle

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify"
)
REASONING_PATH = "/reasoning"
FORM_OVERHEAD = 4096  # what multipart puts around the chart

# An answer and the call it answers; the answer as it leaves.
Finish = Callable[[dict[str, Any], HookCall], dict[str, Any]]


def as_it_is(answer: dict[str, Any], _call: HookCall) -> dict[str, Any]:
    """Where there are no pages, an answer leaves as it is."""
    return answer


def add_pages(app: Flask, settings: Settings, knowledge: Knowledge, *, today: Callable[[], date]) -> Finish:
    """Serve the pages. For the demo profile only: nobody is asked who they are.

    Returns what adds a link to the reasoning to an answer, where there is a page to link to.
    """
    pages = Blueprint("web", __name__, static_folder="static", static_url_path="/web", template_folder="templates")
    samples = load_samples()
    fetcher = Fetcher.of(settings)

    def context() -> CallContext:
        return CallContext(
            knowledge=knowledge,
            caller=Caller(tenant="demo-pages", jurisdiction=settings.jurisdiction, loopback_fhir=True),
            as_of=settings.as_of or today(),
            base_url=settings.base_url,
            fetcher=fetcher,
        )

    @pages.get("/")
    def try_it() -> str:
        service = rrmm_regimen.SERVICE
        return render_template(
            "try_it.html",
            samples=samples.values(),
            as_of=(settings.as_of or today()).isoformat(),
            jurisdiction=settings.jurisdiction,
            paths={"call": service_path(service.id), "feedback": feedback_path(service.id), "discovery": DISCOVERY_PATH},
        )

    @pages.get("/samples/<name>.json")
    def sample(name: str) -> Response:
        return Response(strict_json.dump(dict(_sample(samples, name).request)), content_type="application/json")

    @pages.post("/web/request")
    def as_request() -> Response:
        """The hook call that a Bundle of one patient would be sent in; a hook call is given back as it came."""
        body = _hook_request(strict_json.load(read_body(request, limit=settings.max_body_bytes)))
        return Response(strict_json.dump(body), content_type="application/json")

    @pages.get(f"{REASONING_PATH}/<name>")
    def reasoning_of_a_sample(name: str) -> str:
        known = _sample(samples, name)
        return _page(read_hook_call(dict(known.request), hook=rrmm_regimen.SERVICE.hook), context(), known)

    @pages.post(REASONING_PATH)
    def reasoning() -> str | tuple[str, int]:
        try:
            body = _hook_request(strict_json.load(_form_field("chart", limit=settings.max_body_bytes)))
            return _page(read_hook_call(body, hook=rrmm_regimen.SERVICE.hook), context())
        except ServiceError as error:
            outcome = as_operation_outcome(error)
            return render_template("error.html", outcome=outcome, status=error.status), error.status

    @pages.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    app.register_blueprint(pages)
    return _linking(samples, settings.base_url)


def _linking(samples: Mapping[str, Sample], base_url: str | None) -> Finish:
    """Puts a link to its reasoning on the card of a sample. Any other chart would have to be kept for that."""

    def finish(answer: dict[str, Any], call: HookCall) -> dict[str, Any]:
        known = next((sample for sample in samples.values() if sample.is_the_chart_of(call)), None)
        if known is None or base_url is None:
            return answer
        link = {"label": "Show the reasoning", "url": f"{base_url}{REASONING_PATH}/{known.name}", "type": "absolute"}
        return answer | {"cards": [card | {"links": [link, *card.get("links", ())]} for card in answer["cards"]]}

    return finish


def _form_field(name: str, *, limit: int) -> bytes:
    """One field of a form; empty when it is not there."""
    request.max_content_length = limit + FORM_OVERHEAD
    request.max_form_memory_size = limit
    try:
        return request.form.get(name, "").encode()
    except RequestEntityTooLarge:
        raise BodyTooLarge from None


def _sample(samples: Mapping[str, Sample], name: str) -> Sample:
    if name not in samples:
        raise NotFound
    return samples[name]


def _hook_request(body: object) -> object:
    """A request as it came, or the one that a Bundle stands for. Raises WrongShape for a Bundle that is not of one patient."""
    if not isinstance(body, dict) or body.get("resourceType") != "Bundle":
        return body
    try:
        patient_id, prefetch = prefetch_from_bundle(body)
    except ValueError as unfit:
        raise WrongShape(("", str(unfit))) from None
    return {
        "hook": rrmm_regimen.SERVICE.hook,
        "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/try-it", "patientId": patient_id},
        "prefetch": prefetch,
    }


def _page(call: HookCall, context: CallContext, sample: Sample | None = None) -> str:
    from cds_service.web.reasoning_view import reasoning_view  # noqa: PLC0415  # slow to import, and asked for seldom

    facts, evaluation = rrmm_regimen.judge(call, context)
    return render_template("reasoning.html", view=reasoning_view(facts, evaluation, context.knowledge), sample=sample)
