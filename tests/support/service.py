"""The service, called in process as an EHR calls it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from flask import Flask

from cds_service.app import create_app
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.settings import Settings

Json = dict[str, Any]
EVALUATION = "org.myeloma-cds.evaluation"
SERVICE_PATH = "/cds-services/rrmm-regimen"


@lru_cache(maxsize=16)
def _app(as_of: str, jurisdiction: str) -> Flask:
    return create_app(Settings(as_of=date.fromisoformat(as_of), jurisdiction=Jurisdiction(jurisdiction)))


def post(request: Json | bytes, as_of: str, jurisdiction: str = "US") -> tuple[int, Json]:
    """The HTTP status and the body of one patient-view call."""
    body = request if isinstance(request, bytes) else orjson.dumps(request)
    reply = _app(as_of, jurisdiction).test_client().post(SERVICE_PATH, data=body, content_type="application/json")
    return reply.status_code, orjson.loads(reply.data)


def answer(request: Json, as_of: str, jurisdiction: str = "US") -> Json:
    """The body of a call that must be answered 200."""
    status, body = post(request, as_of, jurisdiction)
    assert status == 200, f"{status}: {orjson.dumps(body).decode()[:500]}"
    return body


def discovery() -> Json:
    """The entry of this service in the discovery answer."""
    reply = _app("2026-11-22", "US").test_client().get("/cds-services")
    return next(entry for entry in orjson.loads(reply.data)["services"] if entry["id"] == "rrmm-regimen")


def evaluation(request: Json, as_of: str, jurisdiction: str = "US") -> Json:
    """The evaluation object of the answer."""
    found: Json = answer(request, as_of, jurisdiction)["extension"][EVALUATION]
    return found
