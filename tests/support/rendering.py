"""Markdown as the most permissive reader would show it: raw HTML let through, tables and strike-through on."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt


class Elements(HTMLParser):
    """The elements, attributes and text of rendered HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str) -> Elements:
    return Elements(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))
