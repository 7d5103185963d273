"""What holds for every test: its own place for what the service remembers, and canaries in every chart (T5)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Response

from cds_service import app as app_module
from cds_service import token_authentication
from cds_service.metrics import Metrics
from tests.support.canaries import Canaries

CANARIES = pytest.StashKey[Canaries]()
# What libraries say below a warning is never written: `write_logs` sees to that.
OUR_LOGGER = "cds_service"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CANARIES] = Canaries()


@pytest.fixture(scope="session")
def canaries(pytestconfig: pytest.Config) -> Canaries:
    return pytestconfig.stash[CANARIES]


@pytest.fixture(scope="session", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory, canaries: Canaries) -> Iterator[None]:
    """Nothing that a test makes the service remember ends up in the home of whoever runs it, and none of it is a canary."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYELOMA_CDS_STATE_DIR", str(folder))
        yield
    assert [
        (path.name, canary) for path in _files(folder) for canary in canaries.found_in(path.read_bytes().decode("latin-1"))
    ] == []


@pytest.fixture(scope="session", autouse=True)
def _canaries_in_every_call(canaries: Canaries) -> Iterator[None]:
    """Every chart that a test posts is marked, and no error body or metric may repeat it."""
    read, take_apart, render = app_module.read_hook_call, token_authentication.take_apart, app_module._render
    made: list[Metrics] = []

    def marked(body: object, **options: Any) -> Any:
        return read(canaries.mark(body), **options)

    def remembered(authorization: str | None) -> Any:
        canaries.remember((authorization or "").removeprefix("Bearer "))
        return take_apart(authorization)

    def checked(*given: Any, **options: Any) -> Response:
        response = render(*given, **options)
        assert canaries.found_in(response.get_data(as_text=True)) == []
        return response

    class Watched(Metrics):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_module, "read_hook_call", marked)
        patch.setattr(token_authentication, "take_apart", remembered)
        patch.setattr(app_module, "_render", checked)
        patch.setattr(app_module, "Metrics", Watched)
        yield
    assert [canary for metrics in made for canary in canaries.found_in(metrics.page().decode())] == []


@pytest.fixture(autouse=True)
def _no_canary_is_logged(canaries: Canaries, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No line of the service, down to DEBUG, and no warning of a library holds a canary."""
    with caplog.at_level(logging.DEBUG, logger=OUR_LOGGER):
        yield
    lines = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.name.startswith(OUR_LOGGER) or record.levelno >= logging.WARNING
    ]
    assert [line for line in lines if canaries.found_in(line)] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """What a test made the service print holds no canary of a chart either."""
    report: pytest.TestReport = yield
    found = item.config.stash[CANARIES].found_in(report.capstdout + report.capstderr, charts_only=True)
    if found and report.passed and call.when != "setup":
        report.outcome = "failed"
        report.longrepr = f"printed: {found}"
    return report


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
