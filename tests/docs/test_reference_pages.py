"""The pages on settings, errors and source attributes are written from the code, and kept equal to it.

`python -m tests.docs.test_reference_pages` writes them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cds_service.errors import ALL_ERRORS
from cds_service.knowledge.loader import load_knowledge
from cds_service.settings import ENVIRONMENT_PREFIX, Settings
from fhir_mappings.terminology import drug_table

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "Written by `tests/docs/`; do not edit. Every setting is an environment variable; an option of the command line stands",
        "before it.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else f"`{field.default}`"
        lines.append(f"| `{ENVIRONMENT_PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def errors_page() -> str:
    lines = [
        "# Errors",
        "",
        "Written by `tests/docs/`; do not edit. Every answer that is not a success is an OperationOutcome. The id stands in",
        "`issue.details.coding.code` and stays the same from release to release; its last three digits are the HTTP status.",
        "`issue.expression` names the member of the request that is meant, never its value.",
        "",
        "| id | status | issue code | message |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{each.id}` | {each.status} | `{each.code}` | {each.message} |"
        for each in sorted(ALL_ERRORS, key=lambda each: (each.status, each.id))
    ]
    return "\n".join(lines) + "\n"


def source_attributes_page() -> str:
    knowledge = load_knowledge(drug_table())
    lines = [
        "# Source attributes",
        "",
        "Written by `tests/docs/`; do not edit. For each policy what a reader may ask of a decision support intervention. The",
        f"sources of single statements stand beside them: `myeloma-cds knowledge show`. Knowledge version {knowledge.version}.",
    ]
    for policy in (knowledge.switch_class, knowledge.current_practice):
        review = policy.review
        lines += ["", f"## {review.title}", "", "| attribute | |", "|---|---|"]
        lines += [f"| {name.replace('-', ' ')} | {text} |" for name, text in review.attributes.items()]
        lines += [f"| clinically reviewed by | {review.reviewed_by or 'nobody yet'} |", f"| next review | {review.next_review} |"]
    return "\n".join(lines) + "\n"


PAGES = {"settings.md": settings_page, "errors.md": errors_page, "source-attributes.md": source_attributes_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str):
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.docs.test_reference_pages"


def test_every_setting_is_explained():
    assert all(field.description for field in Settings.model_fields.values())


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
