"""The service in process, and requests to it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Settings

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(Settings(as_of=date(2026, 11, 22)))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def founding_request() -> dict[str, Any]:
    return json.loads((SAMPLES / "founding-patient" / "request.json").read_text())


@pytest.fixture
def healthy_request() -> dict[str, Any]:
    return json.loads((SAMPLES / "no-myeloma" / "request.json").read_text())
