"""Debian's chromium, driven by Playwright, in front of a real server. Without chromium these tests are skipped and say so.

`make browser` looks at every sample and writes the pictures of the docs; `make test` looks at a few samples, to stay quick.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.faults.conftest import START_SECONDS, Running, start

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = 1280, 390
SAMPLES = Path(__file__).parents[2] / "samples"
FEW = ["dates-undecidable", "founding-patient", "no-myeloma"]
PICTURES = os.environ.get("MYELOMA_CDS_PICTURES")
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/request.json")) if PICTURES else FEW


def about(sample: str) -> tuple[dict, str]:
    """The kept answer of a sample, and whose labels it was made for."""
    said = tomllib.loads((SAMPLES / sample / "about.toml").read_text(encoding="utf-8"))
    return json.loads((SAMPLES / sample / "response.json").read_text(encoding="utf-8")), said["jurisdiction"]


@pytest.fixture(scope="session")
def address_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Where the service answers with the labels of a jurisdiction; started when it is first asked for."""
    started: dict[str, Running] = {}

    def address(jurisdiction: str) -> str:
        if jurisdiction not in started:
            log = tmp_path_factory.mktemp("browser") / "server.log"
            started[jurisdiction] = start(log, JURISDICTION=jurisdiction)
        return f"http://127.0.0.1:{started[jurisdiction].port}"

    yield address
    for server in started.values():
        server.process.terminate()
        server.process.wait(START_SECONDS)


@pytest.fixture(scope="session")
def address(address_in: Callable[[str], str]) -> str:
    return address_in("US")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=found, args=ARGUMENTS, viewport={"width": WIDE, "height": 900}
        )
        context.set_default_timeout(10_000)
        yield context
        context.close()


@pytest.fixture
def page(chromium: BrowserContext) -> Iterator[Page]:
    """A page on which every complaint of the browser, and every call to another host, fails the test."""
    opened = chromium.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda call: complaints.append(call.url) if not call.url.startswith("http://127.0.0.1:") else None)
    opened.complaints = complaints  # type: ignore[attr-defined]  # for tests that provoke some
    yield opened
    opened.close()
    assert complaints == []


@pytest.fixture
def pictures() -> Path | None:
    """Where the pictures of the docs are written to, when they are asked for."""
    return Path(PICTURES) if PICTURES else None


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, with the places."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in result["violations"] for node in each["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
