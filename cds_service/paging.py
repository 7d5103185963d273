"""A search whole: its first page and those that it links to, or as much of it as could be had, marked as incomplete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cds_service.fetched import Fetched, Outcome
from cds_service.fhir_address import page_below

MAX_PAGES = 5
MAX_ENTRIES = 2000
MAX_BYTES = 8 * 1024 * 1024

Bundle = Mapping[str, object]
ReadPage = Callable[[str, int], Fetched]  # (path below the base, bytes that are left) -> one page


def next_link(bundle: object) -> object:
    """The address of the next page, None when there is none."""
    links = bundle.get("link") if isinstance(bundle, Mapping) else None
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("relation") == "next":
            return link.get("url") or ""
    return None


def is_page(bundle: object) -> bool:
    """Whether this is what a search answers."""
    return (
        isinstance(bundle, Mapping)
        and bundle.get("resourceType") == "Bundle"
        and bundle.get("type", "searchset") == "searchset"
        and isinstance(bundle.get("entry", []), list)
    )


def whole_search(
    first: Bundle, *, size: int, read_page: ReadPage, base: str, resource_type: str, patient_id: str
) -> tuple[dict[str, Any], Outcome]:
    """One Bundle with the entries of all pages, without a next link, and `ok` or why it is incomplete.

    `first` is a page by `is_page` of `size` bytes. A link that leads elsewhere, repeats or never ends is not followed on.
    """
    entries: list[Any] = list(_entries(first))
    outcome = Outcome.OK
    page: Bundle = first
    seen: set[str] = set()
    while (link := next_link(page)) is not None:
        path = page_below(base, link, resource_type=resource_type, patient_id=patient_id)
        if path is None or path in seen or len(seen) + 1 >= MAX_PAGES or len(entries) >= MAX_ENTRIES:
            outcome = Outcome.INCOMPLETE
            break
        seen.add(path)
        fetched = read_page(path, MAX_BYTES - size)
        size += fetched.size
        if fetched.resource is None or not is_page(fetched.resource):
            outcome = fetched.outcome if fetched.resource is None else Outcome.UNREADABLE
            break
        page = fetched.resource
        entries.extend(_entries(page))
    if len(entries) > MAX_ENTRIES:
        outcome = Outcome.INCOMPLETE
        del entries[MAX_ENTRIES:]
    if outcome is not Outcome.OK:
        entries.append({"resource": failure(outcome), "search": {"mode": "outcome"}})
    whole: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    if "total" in first:
        whole["total"] = first["total"]
    return whole, outcome


def _entries(page: Bundle) -> list[Any]:
    held = page.get("entry")
    return held if isinstance(held, list) else []


def failure(outcome: Outcome) -> dict[str, Any]:
    """What stands in a chart where data did not come: readers take it for neither data nor the absence of data."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "incomplete", "details": {"text": outcome.value}}],
    }
