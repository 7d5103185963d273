"""The service beside a FHIR server that may misbehave: a call without prefetch goes all the way over real sockets."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from cds_service.app import create_app
from cds_service.settings import Settings
from tests.support.fault_server import Fault, FaultServer, Json

SAMPLES = Path(__file__).parents[2] / "samples"
PATH = "/cds-services/rrmm-regimen"
EVALUATION = "org.myeloma-cds.evaluation"
AS_OF = date(2026, 11, 22)
DEADLINE = 1.5
# On a busy machine of two cores a thread may come late by this much; the answer itself takes a few tens of milliseconds.
SLACK = 0.25


def sample(name: str) -> Json:
    """The request of a sample."""
    request: Json = json.loads((SAMPLES / name / "request.json").read_text(encoding="utf-8"))
    return request


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json
    seconds: float

    @property
    def evaluation(self) -> Json:
        found: Json = self.body["extension"][EVALUATION]
        return found

    @property
    def notes(self) -> list[str]:
        return list(self.evaluation.get("switchClass", {}).get("notes", []))

    @property
    def preferred(self) -> list[str]:
        return list(self.evaluation.get("switchClass", {}).get("preferred", []))

    @property
    def problems(self) -> dict[str, str]:
        """Of an error: the member that is meant, and the sentence about it."""
        return {issue.get("expression", [""])[0]: issue["details"]["text"] for issue in self.body["issue"]}


@dataclass
class Hospital:
    app: Flask
    server: FaultServer
    request: Json

    def call(self, *, prefetch: Mapping[str, Any] | None = None, **members: Any) -> Answer:
        """One patient-view call that sends this prefetch, none by default, and names the FHIR server."""
        body = copy.deepcopy({name: value for name, value in self.request.items() if name != "prefetch"})
        body |= {"fhirServer": self.server.base, **members}
        if prefetch is not None:
            body["prefetch"] = dict(prefetch)
        start = time.perf_counter()
        reply = self.app.test_client().post(PATH, json=body)
        return Answer(reply.status_code, reply.json, time.perf_counter() - start)

    def sent(self, *but: str) -> Json:
        """The sample's own prefetch, without some of its keys."""
        return {key: value for key, value in self.request["prefetch"].items() if key not in but}


@contextmanager
def hospital(
    faults: Mapping[str, Fault] | None = None, *, chart: str = "founding-patient", **settings: Any
) -> Iterator[Hospital]:
    """A fresh service, without any memory of failures, and a server that holds the chart of a sample."""
    request = sample(chart)
    with FaultServer(request["prefetch"], {} if faults is None else faults) as server:
        yield Hospital(create_app(Settings(as_of=AS_OF, **settings)), server, request)
