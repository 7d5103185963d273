"""What the README shows is what happens."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cds_service.app import create_app
from cds_service.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
AS_OF = date(2026, 11, 22)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def holds(shown: Any, real: Any) -> bool:
    """Whether `shown` is `real` with members left out and texts cut at an ellipsis."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(name in real and holds(each, real[name]) for name, each in shown.items())
    if isinstance(shown, list):
        return isinstance(real, list) and len(shown) <= len(real) and all(map(holds, shown, real))
    if isinstance(shown, str) and shown.endswith("…"):
        return isinstance(real, str) and real.startswith(shown[:-1])
    return bool(shown == real)


def test_the_curl_returns_the_card_that_is_shown():
    (command,) = [block for block in blocks("sh") if block.startswith("curl")]
    words = shlex.split(command.replace("\\\n", ""))
    (url,) = [word for word in words if word.startswith("http")]
    body = ROOT / words[words.index("--data") + 1].removeprefix("@")
    client = create_app(Settings(as_of=AS_OF)).test_client()
    answer = client.post(url.removeprefix("http://127.0.0.1:8000"), data=body.read_bytes())
    (shown,) = blocks("json")
    assert json.loads(shown)["cards"]
    assert holds(json.loads(shown), answer.json), answer.text
    assert AS_OF.isoformat() in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", README))))
def test_links_lead_somewhere(link: str):
    assert (ROOT / link).exists()


@pytest.mark.parametrize("target", re.findall(r"`?make ([a-z-]+)", README))
def test_make_targets_exist(target: str):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
