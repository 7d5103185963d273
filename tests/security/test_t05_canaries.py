"""T5: the canaries that `tests/conftest.py` puts into every chart are there, and would be found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cds_service import app as app_module
from tests.faults.conftest import Running, start
from tests.support.canaries import CHART_MARK, Canaries

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
SERVICE_PATH = "/cds-services/rrmm-regimen"


def body_of(sample: str) -> dict[str, Any]:
    return json.loads((SAMPLES / sample / "request.json").read_text())


def test_every_resource_of_a_chart_is_marked():
    marked = Canaries().mark(body_of("founding-patient"))
    resources = [entry["resource"] for each in marked["prefetch"].values() for entry in each.get("entry", [{"resource": each}])]
    assert len(resources) > 20
    assert [resource["id"] for resource in resources if CHART_MARK not in str(resource)] == []


def test_charts_are_marked_on_their_way_in(canaries: Canaries):
    body = body_of("founding-patient")
    call = app_module.read_hook_call(body, hook="patient-view")
    assert CHART_MARK in str(call.prefetch)
    assert call.patient_id in canaries.found_in(f"said of {call.patient_id}")


LEAKY = """
import logging
from tests.support.canaries import CHART_MARK

def test_silent():
    pass

def test_log():
    logging.getLogger("cds_service").debug("%s", CHART_MARK)

def test_library():
    logging.getLogger("urllib3").warning("%s", CHART_MARK)

def test_print():
    print(CHART_MARK)
"""


def test_a_leak_would_be_found(tmp_path: Path):
    file = tmp_path / "test_leaky.py"
    file.write_text(LEAKY)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "-q",
        "-rA",
        file,
    ]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = {line.split("::")[1].split()[0] for line in said.splitlines() if line.startswith(("ERROR ", "FAILED "))}
    assert found == {"test_log", "test_library", "test_print"}, said.replace(CHART_MARK, "…")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = start(tmp_path / "server.log", LOG_LEVEL="info")
    yield running
    running.process.kill()
    running.process.wait()


def test_a_real_server_keeps_and_says_nothing_of_a_chart(server: Running, tmp_path: Path):
    canaries = Canaries()
    bodies = [canaries.mark(body_of(name)) for name in ("founding-patient", "conflicting-dates", "no-myeloma")]
    bodies.append(bodies[0] | {"hook": CHART_MARK})
    statuses = []
    for body in bodies:
        with server.connect() as link:
            link.request("POST", SERVICE_PATH, body=json.dumps(body), headers={"X-Canary": CHART_MARK})
            answer = link.getresponse()
            said = answer.read().decode()
            statuses.append(answer.status)
            assert CHART_MARK not in said
    with server.connect() as link:
        link.request("GET", "/metrics")
        assert canaries.found_in(link.getresponse().read().decode()) == []
    assert statuses == [200, 200, 200, 400]
    server.process.terminate()
    server.process.wait(10)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in written} >= {".log", ".sqlite"}
    assert [path.name for path in written if canaries.found_in(path.read_bytes().decode("latin-1"))] == []
    assert server.log.read_text().count("chart-answered") == 3
