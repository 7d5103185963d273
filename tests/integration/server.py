"""Starts the R4 server of `tests/integration/fhir_server` and speaks with it as an EHR's own client would."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "fhir_server"
_START_SECONDS = 30


class NotHere(Exception):
    """The server cannot run on this machine; the message says why."""


def _node() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotHere("node and npm are not installed")
    major = int(subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.lstrip("v").split(".")[0])
    if major < 20:
        raise NotHere(f"node {major} is older than 20")
    with (FOLDER / "package-lock.json").open() as lock:  # several test workers may come here at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "node_modules" / "@medplum" / "fhir-router").is_dir():
            done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise NotHere(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    return node


@contextmanager
def running() -> Iterator[str]:
    """The base URL of a fresh, empty server. Raises NotHere when this machine cannot run it."""
    node = _node()
    command = [node, "--experimental-websocket", "--no-warnings", "server.mjs"]  # Medplum needs WebSocket, new in node 22
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True, env={**os.environ, "PORT": "0"}) as process:
        assert process.stdout is not None
        ready = process.stdout.readline().split()
        try:
            if len(ready) != 2:
                raise NotHere("the server did not start")
            yield ready[1]
        finally:
            process.terminate()
            process.wait(_START_SECONDS)


class Client:
    """Stores resources under their own ids, searches, follows pages."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self._session.trust_env = False

    def store(self, resource: Json) -> None:
        place = f"{self.base}/{resource['resourceType']}/{resource['id']}"
        self._session.put(place, json=resource, timeout=10).raise_for_status()

    def remove(self, reference: str) -> None:
        self._session.delete(f"{self.base}/{reference}", timeout=10).raise_for_status()

    def get(self, query: str) -> Json:
        """The answer to a read or a search, with all its pages in one Bundle."""
        answer = self._one(f"{self.base}/{query}")
        following = next_page(answer)
        while following:
            page = self._one(following)
            answer["entry"] += page.get("entry", [])
            following = next_page(page)
        answer.pop("link", None)
        return answer

    def _one(self, url: str) -> Json:
        answer: Json = self._session.get(url, timeout=30).json()
        return answer


def next_page(bundle: Json) -> str | None:
    return next((link["url"] for link in bundle.get("link", []) if link["relation"] == "next"), None)
