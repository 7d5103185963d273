"""The rules that every card obeys, whatever it says: CDS Hooks 2.0.1 and 3.0 (C1 to C29, J4, J5) and our own.

`faults(response)` names each broken rule; an empty list is a card that any client can show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cds_service.markdown import is_safe_url
from fhir_mappings.resources import InvalidResourceError, check
from tests.support.rendering import rendered

CARD_MEMBERS = {
    "uuid", "summary", "detail", "indicator", "source", "suggestions", "selectionBehavior", "overrideReasons", "links",
}  # fmt: skip
MARKDOWN_TAGS = {"p", "strong", "em", "ul", "ol", "li", "code"}
MOST_DETAIL_LINES = 45
LAST_WORD = "Decision support; a specialist decides."


def faults(response: dict[str, Any], *, patient_id: str) -> list[str]:
    """Every broken rule of a response, as `rule: what`."""
    found = [f"J4/J5: {place} is null or empty" for place in _empty(response, "") if place != ".cards"]
    if "systemActions" in response:
        found.append("C27: systemActions")
    uuids: list[str] = []
    for card in response["cards"]:
        found += _card(card)
        found += _suggestions(card, patient_id)
        uuids += [card.get("uuid", ""), *(each.get("uuid", "") for each in card.get("suggestions", ()))]
    if len(uuids) != len(set(uuids)) or not all(_is_uuid4(uuid) for uuid in uuids):
        found.append("C1/C15: every card and suggestion has its own uuid4")
    return found


def _card(card: dict[str, Any]) -> Iterator[str]:
    if extra := card.keys() - CARD_MEMBERS:
        yield f"C29: members {sorted(extra)} are not described"
    summary = card.get("summary", "")
    if not 0 < len(summary) <= 139 or "\n" in summary or not summary.isprintable():
        yield f"C2: summary {summary!r}"
    if card.get("indicator") not in ("info", "warning"):
        yield f"C4: indicator {card.get('indicator')!r}; critical is for a safety stop and patient-view has none"
    source = card.get("source", {})
    if not source.get("label"):
        yield "C5/C6: source.label"
    if "url" in source and not re.match(r"https?://[^\s]+$", source["url"]):
        yield "C7: source.url is not absolute"
    if "topic" in source and not _is_coding(source["topic"]):
        yield "C9: source.topic is one Coding"
    if ("suggestions" in card) != (card.get("selectionBehavior") == "at-most-one"):
        yield "C10/C11: suggestions and selectionBehavior go together"
    reasons = card.get("overrideReasons", [])
    if not reasons or not all(_is_coding(reason) and reason.get("display") for reason in reasons):
        yield "C12: override reasons are codings with a display"
    yield from _detail(card.get("detail") or "")
    yield from _links(card)


def _detail(detail: str) -> Iterator[str]:
    page = rendered(detail)
    if strange := set(page.tags) - MARKDOWN_TAGS:
        yield f"C3: detail renders {sorted(strange)}"
    if page.attributes:
        yield f"C3: detail renders attributes {page.attributes}"
    if detail.count("\n") + 1 > MOST_DETAIL_LINES:
        yield f"detail has {detail.count(chr(10)) + 1} lines"
    if LAST_WORD not in detail:
        yield "the last word is missing"


def _links(card: dict[str, Any]) -> Iterator[str]:
    for link in card.get("links", ()):
        if not link.get("label") or link.get("type") != "absolute" or not is_safe_url(link.get("url", "")):
            yield f"C23: link {link}"
        if "autolaunchable" in link or "appContext" in link:
            yield f"C24/C25: link {link}"


def _suggestions(card: dict[str, Any], patient_id: str) -> Iterator[str]:
    suggestions = card.get("suggestions", [])
    if len(suggestions) > 4:
        yield "more than four suggestions"
    if sum(bool(each.get("isRecommended")) for each in suggestions) > 1:
        yield "C16: more than one recommended"
    for suggestion in suggestions:
        if not suggestion.get("label") or "actionSelectionBehavior" in suggestion:
            yield f"C14/C18: {suggestion.get('label')!r}"
        for action in suggestion.get("actions", ()):
            if action.get("type") != "create" or not action.get("description") or "resourceId" in action:
                yield f"C19/C20/C22: {action}"
            yield from _proposal(action.get("resource", {}), patient_id)


def _proposal(resource: dict[str, Any], patient_id: str) -> Iterator[str]:
    try:
        check(resource)
    except InvalidResourceError as refused:
        yield f"C21: R4 refuses the resource: {refused}"
        return
    if (resource["resourceType"], resource["status"], resource["intent"]) != ("MedicationRequest", "draft", "proposal"):
        yield "C21: not a draft proposal"
    if resource["subject"] != {"reference": f"Patient/{patient_id}"} or "id" in resource:
        yield "C21: wrong subject, or an id on a new resource"
    if not resource["medicationCodeableConcept"].get("text") or not resource["dosageInstruction"][0].get("text"):
        yield "C21: drug or dosage without text"
    if any("doseAndRate" in dosage for dosage in resource["dosageInstruction"]):
        yield "C21: a structured dose"


def _empty(value: Any, place: str) -> Iterator[str]:
    if value is None or value in ("", [], {}):
        yield place
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _empty(each, f"{place}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _empty(each, f"{place}[{number}]")


def _is_coding(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("code")) and bool(value.get("system"))


def _is_uuid4(value: str) -> bool:
    try:
        return UUID(value).version == 4 and str(UUID(value)) == value
    except ValueError:
        return False
