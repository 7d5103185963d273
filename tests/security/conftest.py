"""A production service that trusts one EHR, in process, and that EHR."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Profile, Settings
from tests.support.tokens import BASE_URL, OWN_KEY, Signer, private_key, write_tenants

REQUEST = (Path(__file__).parents[2] / "samples" / "no-myeloma" / "request.json").read_bytes()
SERVICE_PATH = "/cds-services/rrmm-regimen"


def production_client(folder: Path, *keys: dict[str, Any], **tenant: Any) -> FlaskClient:
    settings = Settings(
        profile=Profile.PRODUCTION,
        base_url=BASE_URL,
        tenants=write_tenants(folder, *(keys or (OWN_KEY,)), **tenant),
        state_dir=folder / "state",
    )
    return create_app(settings, today=lambda: date(2026, 11, 22)).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a production service that trusts one EHR and asks nothing special of it."""
    return production_client(tmp_path_factory.mktemp("production"))


@pytest.fixture
def ehr() -> Signer:
    return Signer(key=private_key("P-384"))


Production = Callable[..., FlaskClient]


@pytest.fixture
def production(tmp_path: Path) -> Production:
    """A client of a production service; what is given changes the block of its tenant."""

    return partial(production_client, tmp_path)
