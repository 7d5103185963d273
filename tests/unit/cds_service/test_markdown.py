import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.markdown import CHART_TEXT_LIMIT, Section, bold, chart_text, clean, document, is_safe_url, plain, words
from tests.support.rendering import rendered

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></p><iframe src=javascript:alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "https://evil.example",
    "www.evil.example",
    "someone@evil.example",
    "<https://evil.example>",
    "[a]: https://evil.example",
    "`",
    "``",
    "` </code><b>x</b> `",
    "```\nfence\n```",
    "a`b``c```d",
    "# heading",
    "- [ ] task",
    "1. list",
    "> quote",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "***bold***",
    "~~gone~~",
    "line\n\nparagraph",
    "trailing\\",
    "&lt;b&gt; &amp; &#x3C;",
    "\u202egnirts desrever\u202c",
    "zero\u200bwidth\ufeff",
    "nul\x00 bell\x07 escape\x1b[31m",
    "===",
    "---",
    "",
    "   ",
    "\u2028\u2029",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_chart_text_is_one_code_span_and_nothing_else(text):
    page = rendered(chart_text(text))
    assert page.tags == ["p", "code"]
    assert page.attributes == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["- {}", "Before {} after", "1. {}, {}", "**Bold** ({})"])
def test_chart_text_never_changes_the_text_around_it(text, frame):
    safe, hostile = rendered(frame.replace("{}", chart_text("safe"))), rendered(frame.replace("{}", chart_text(text)))
    assert hostile.tags == safe.tags


@given(st.text(max_size=400))
def test_any_chart_text_is_one_code_span_that_shows_it(text):
    page = rendered(chart_text(text))
    assert page.tags == ["p", "code"]
    assert page.text.strip() == (clean(text) or "(empty)")


@given(st.text(max_size=200))
def test_our_words_show_as_written_and_are_never_markup(text):
    line = " ".join(clean(text, limit=1000).split())
    page = rendered(words(line))
    assert set(page.tags) <= {"p"}
    assert page.text.strip() == line


@given(st.text(max_size=600))
def test_cleaned_text_is_one_short_printable_line(text):
    line = clean(text)
    assert len(line) <= CHART_TEXT_LIMIT
    assert line.isprintable()


def test_a_cut_is_seen():
    assert clean("x" * 500).endswith("…")
    assert clean("x" * CHART_TEXT_LIMIT) == "x" * CHART_TEXT_LIMIT


def test_bold_keeps_signs_of_our_own_data():
    page = rendered(bold("CrCl < 30 & t(11;14) *"))
    assert page.tags == ["p", "strong"]
    assert page.text.strip() == "CrCl < 30 & t(11;14) *"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://clinicaltrials.gov/study/NCT02076009", True),
        ("https://doi.org/10.1056/NEJMoa1607751", True),
        ("http://clinicaltrials.gov", False),
        ("javascript:alert(1)", False),
        ("https://user@evil.example/", False),
        ("https://", False),
        ("https:///path", False),
        ("//evil.example", False),
        ("https://a.example/<b>", False),
        ("https://a.example/x y", False),
        ("https://a.example/x\n", False),
        ("data:text/html,x", False),
    ],
)
def test_only_plain_https_addresses_are_linked(url, safe):
    assert is_safe_url(url) is safe


@given(st.text(max_size=200), st.text(max_size=200))
def test_plain_text_is_what_a_reader_sees(chart, ours):
    line = " ".join(clean(ours, limit=1000).split())
    text = f"- {bold('Heading')}: {words(line)} *Inferred* {chart_text(chart)}"
    assert plain(text) == f"- Heading: {line} Inferred {clean(chart) or '(empty)'}"


def test_a_long_document_sets_its_spare_sections_in_a_paragraph():
    kept = Section(heading="Kept", items=("a", "b", "c"))
    spare = Section(heading="Spare", items=("d", "e", "f"), spare=1)
    assert document([kept, spare], "End", most_lines=20).count("\n- ") == 6
    short = document([kept, spare], "End", most_lines=8)
    assert "**Spare**: d; e; f" in short
    assert short.count("\n- ") == 3
