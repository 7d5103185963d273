"""Every link between the pages, and from them into the repository, leads to something; every page is in the table of contents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "GLOSSARY.md"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    text = CODE.sub("`code`", page.read_text(encoding="utf-8"))
    assert [target for target in LINK.findall(text) if not (page.parent / target).exists()] == []


def test_every_page_is_reached_from_the_first():
    contents = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    globbed = {folder for folder in ("reference", "explanation", "decisions") if f"{folder}/*" in contents}
    pages = [page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")]
    lost = [str(page) for page in pages if page.parts[0] not in globbed and str(page) not in contents and str(page) != "index"]
    assert lost == []
