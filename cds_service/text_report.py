"""The answer as plain text for a terminal: what a card says, without its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

from cds_service.knowledge.evaluation import Evaluation
from cds_service.markdown import plain
from cds_service.phrases import phrase

WIDTH = 110


def text_report(cards: Sequence[Mapping[str, Any]], evaluation: Evaluation) -> str:
    """The cards one after the other; without cards, why there is nothing to say. Ends with a line break."""
    if not cards:
        return f"No card ({evaluation.outcome.value}). {phrase('reason', evaluation.reason)}\n"
    return "\n".join(_card(card) for card in cards)


def _card(card: Mapping[str, Any]) -> str:
    blocks = [
        f"[{card['indicator']}] {card['summary']}",
        "\n".join(_wrapped(line) for line in card["detail"].split("\n")),
    ]
    suggestions = card.get("suggestions", ())
    if suggestions:
        blocks.append("\n".join(["Suggestions (drafts, at most one):", *(_suggestion(each) for each in suggestions)]))
    links = card.get("links", ())
    if links:
        blocks.append("\n".join(["Links:", *(f"- {link['label']}: {link['url']}" for link in links)]))
    source = card["source"]
    blocks.append(f"Source: {source['label']}" + (f", {source['url']}" if "url" in source else ""))
    return "\n\n".join(blocks) + "\n"


def _wrapped(line: str) -> str:
    indent = "  " if line.startswith("- ") else ""
    return fill(plain(line), WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _suggestion(suggestion: Mapping[str, Any]) -> str:
    lines = [f"- {suggestion['label']}"]
    for action in suggestion["actions"]:
        order = action["resource"]
        dose = order["dosageInstruction"][0]["text"]
        lines.append(_indented(f"{order['medicationCodeableConcept']['text']}: {dose}"))
    return "\n".join(lines)


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)
