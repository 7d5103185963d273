"""GitHub-flavoured Markdown for card details, safe whatever the text is.

Two kinds of text: *words* are ours (reviewed data, enum values, numbers) and are escaped so that they show as written; *chart
text* comes from the request (also a resource id is chart text) and only ever appears inside a code span, cleaned and capped.
Escaping alone does not hold for chart text: renderers with GFM autolinks still make `www.x` and `a@x` into links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from fhir_mappings.facts.frozen import frozen

CHART_TEXT_LIMIT = 120
ELLIPSIS = "…"
NOTHING = "(empty)"

# Cc control, Cf format (holds the bidi marks and zero-width characters), Cs surrogate, Co private use, Zl/Zp line separators
_DROPPED_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Cn"})
_SPACE_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Zs"})
_SIGNS = "\\`*_{}[]<>|~#&"
_MARKUP = re.compile(f"[{re.escape(_SIGNS)}]")
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in _SIGNS})
_MARKERS = frozenset("-+=0123456789")
_LEADING_MARKER = re.compile(r"^(?:([-+])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|(=+\s*$))")
_BACKTICKS = re.compile(r"`+")
# A code span, an escaped sign, or emphasis; the span comes first because nothing inside it is markup.
_TOKEN = re.compile(
    r"(?P<fence>(?<!`)`+(?!`)) ?(?P<code>.*?) ?(?<!`)(?P=fence)(?!`)|\\(?P<literal>[\\`*_{}\[\]<>|~#&+.)=-])|\*\*|\*"
)
_PLAIN_URL = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+")


def clean(text: str, *, limit: int = CHART_TEXT_LIMIT) -> str:
    """One line of printable text, at most `limit` characters: controls become spaces, invisible and direction marks go."""
    if text.isascii() and text.isprintable() and "  " not in text and len(text) <= limit:
        return text.strip()  # a plain reference, as nearly all are
    kept = []
    for character in text[: limit * 4]:
        category = unicodedata.category(character)
        if category in _SPACE_CATEGORIES:
            kept.append(" ")
        elif category not in _DROPPED_CATEGORIES:
            kept.append(character)
    line = " ".join("".join(kept).split())
    if len(line) > limit or len(text) > limit * 4:
        line = line[: limit - 1].rstrip() + ELLIPSIS
    return line


def chart_text(text: str, *, limit: int = CHART_TEXT_LIMIT) -> str:
    """A code span that shows `text`, cleaned; its fence is longer than any run of backticks inside."""
    line = clean(text, limit=limit) or NOTHING
    if "`" not in line:
        return f"`{line}`"
    longest = max(len(run) for run in _BACKTICKS.findall(line))
    fence = "`" * (longest + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def words(text: str) -> str:
    """Our own text on one line, with everything that Markdown or HTML would read as markup escaped."""
    line = " ".join(text.split())
    escaped = line.translate(_ESCAPED) if _MARKUP.search(line) else line
    return _LEADING_MARKER.sub(_escape_marker, escaped) if escaped[:1] in _MARKERS else escaped


def _escape_marker(match: re.Match[str]) -> str:
    bullet, number, point, rule = match.groups()
    if number:
        return f"{number}\\{point}"
    return f"\\{bullet or rule}"


def bold(text: str) -> str:
    """Our own text in bold."""
    return f"**{words(text)}**"


@frozen()
class Section:
    """A heading in plain words, then items that are Markdown already. With `spare` set it may become one paragraph to save lines:
    1 gives way before 2, 2 before 3."""

    heading: str
    items: tuple[str, ...]
    spare: int = 0


def document(sections: Sequence[Section], footer: str, *, most_lines: int) -> str:
    """The sections one after the other. While that is longer than `most_lines`, spare sections become paragraphs."""
    text = ""
    for given_up in range(max((section.spare for section in sections), default=0) + 1):
        text = _laid_out(sections, footer, given_up)
        if text.count("\n") < most_lines:
            break
    return text


def _laid_out(sections: Sequence[Section], footer: str, given_up: int) -> str:
    blocks = []
    for section in sections:
        if 0 < section.spare <= given_up:
            blocks.append(f"{bold(section.heading)}: {'; '.join(text.rstrip('.') for text in section.items)}")
        else:
            blocks.append("\n".join([bold(section.heading), *(f"- {text}" for text in section.items)]))
    return "\n\n".join([*blocks, footer])


def plain(markdown: str) -> str:
    """What a reader sees of Markdown written by this module, without the marks."""
    return _TOKEN.sub(lambda found: found["code"] or found["literal"] or "", markdown)


def is_safe_url(url: str) -> bool:
    """Whether a link may carry this address: absolute https with a host, no user part, nothing that Markdown would read."""
    if not _PLAIN_URL.fullmatch(url):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and "@" not in parts.netloc
