"""Every skip and every line on which a checker is silenced stands in one list, with its reason."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "cds_service", "fhir_mappings", "tests")
PAGE = ROOT / "docs" / "reference" / "exceptions.md"
EXCEPTION = re.compile(
    r"(?P<rule>(?:# noqa: |# type: ignore\[)[\w, -]+)\]?(?:\s+#\s*(?P<why>.+))?$|(?P<skip>pytest\."
    r"skip)\(f?\"(?P<when>[^\"]+)\""
)


def exceptions() -> list[tuple[str, str, str]]:
    """(file, rule, reason) of every exception, in order."""
    found = []
    for file in (file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))):
        name = file.relative_to(ROOT).as_posix()
        if "/." in name or "node_modules" in name:  # what a tool installed there
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            match = EXCEPTION.search(line) if name != "tests/docs/test_exceptions_page.py" else None
            if match:
                rule = match["skip"] or match["rule"].removeprefix("# ").replace("type: ignore[", "mypy: ").replace(
                    "noqa: ", "ruff: "
                )
                found.append((name, rule, match["when"] or match["why"] or ""))
    return sorted(set(found))


def page() -> str:
    rows = "\n".join(f"| `{name}` | {rule} | {why.replace('|', '/')} |" for name, rule, why in exceptions())
    head = "# Exceptions to the rules\n\nWritten by `tests/docs/`; do not edit.\n\n| file | rule | why |\n| --- | --- | --- |\n"
    return f"{head}{rows}\n"


def test_every_exception_has_its_reason() -> None:
    assert [found for found in exceptions() if not found[2]] == []


def test_the_page_lists_them_all() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.test_exceptions_page"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
