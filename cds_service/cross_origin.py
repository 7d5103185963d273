"""Which browser pages may call (CORS). A preflight is answered on every address, without a token and without a redirect."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response, request

from cds_service.settings import Profile, Settings

# Listed by name: a browser does not take `*` to cover Authorization.
ALLOWED_HEADERS = "authorization, content-type"
ALLOWED_METHODS = "GET, POST, OPTIONS"
PREFLIGHT_SECONDS = 600


def allow_origins(app: Flask, settings: Settings, *, also: Iterable[str] = ()) -> None:
    """Answer preflights and mark every response, errors included: any origin in `demo`; in `production` those that the settings
    list, and those of the tenants (`also`)."""
    any_origin = settings.profile is Profile.DEMO
    listed = frozenset((*settings.cors_origins, *also))

    @app.before_request
    def answer_preflight() -> Response | None:
        return Response(status=204) if request.method == "OPTIONS" else None

    @app.after_request
    def mark(response: Response) -> Response:
        origin = request.headers.get("Origin")
        if not any_origin:
            response.headers.add("Vary", "Origin")
        if origin is None or not (any_origin or origin in listed):
            return response
        # Never together with credentials: a page gets nothing that it could not ask for itself.
        response.headers["Access-Control-Allow-Origin"] = "*" if any_origin else origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
            response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
        return response
