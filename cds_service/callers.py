"""Who may call. This runs before a byte of the body is read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request

from cds_service.errors import NotAuthenticated
from cds_service.service_definition import Caller
from cds_service.settings import Profile, Settings

Authenticate = Callable[[Request], Caller]

DEMO_TENANT = "demo"


def authentication(settings: Settings) -> Authenticate:
    """The check for this profile: `demo` takes every caller, `production` none that it cannot verify."""
    return _admit_all(settings) if settings.profile is Profile.DEMO else _refuse_all


def _admit_all(settings: Settings) -> Authenticate:
    caller = Caller(tenant=DEMO_TENANT, jurisdiction=settings.jurisdiction)
    return lambda _request: caller


def _refuse_all(_request: Request) -> Caller:
    raise NotAuthenticated
