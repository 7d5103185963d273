"""Charts and cards that try to become part of the page. Nothing of them runs, loads or leads anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SAMPLES
from tests.browser.test_try_it import open_chart, wait_for_chart

ATTACKS = (
    "<img src=x onerror=window.broken=1>",
    "<script>window.broken=1</script>",
    '"><svg onload=window.broken=1>',
    "[x](javascript:window.broken=1)",
    "![x](http://127.0.0.1:9/pixel.png)",
    "{{ 7*7 }}{% raw %}",
    "</title></svg><iframe src=//127.0.0.1:9></iframe>",
)


def spoiled(value: Any, attacks: Iterator[str], name: str = "") -> Any:
    """The chart with an attack behind every text that a person may have typed, and behind the id of every resource of it."""
    if isinstance(value, dict):
        held = {member: spoiled(each, attacks, member) for member, each in value.items()}
        if held.get("resourceType") not in (None, "Patient", "Bundle") and "id" in held:
            held["id"] = f"{held['id']}{next(attacks)}"
        return held
    if isinstance(value, list):
        return [spoiled(each, attacks, name) for each in value]
    if isinstance(value, str) and name in ("text", "display", "family", "value"):
        return f"{value} {next(attacks)}"
    return value


def hostile_request(sample: str) -> dict[str, Any]:
    request = json.loads((SAMPLES / sample / "request.json").read_text())
    return request | {"prefetch": spoiled(request["prefetch"], cycle(ATTACKS))}


def is_whole(page: Page) -> bool:
    strange = "iframe, main img, main script, [onerror], [onload]"
    return page.evaluate("strange => window.broken === undefined && !document.querySelector(strange)", strange)


@pytest.mark.parametrize("sample", ["second-relapse", "conflicting-dates"])
def test_a_hostile_chart_changes_neither_page(page: Page, address: str, sample: str):
    page.goto(address)
    wait_for_chart(page)
    page.get_by_text("See or edit what will be sent").click()
    page.locator("#chart").fill(json.dumps(hostile_request(sample)))
    page.get_by_role("button", name="Open the chart").click()
    expect(page.locator("article.card")).to_have_count(1)
    assert is_whole(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Show the reasoning").click()
    reasoning = opened.value
    expect(reasoning.get_by_role("heading", name="What happened")).to_be_visible()
    shown = reasoning.locator("main").inner_text()
    assert any(attack[:12] in shown for attack in ATTACKS), "an attack is to be seen as text, or this test proves nothing"
    assert is_whole(reasoning)
    reasoning.close()


def test_a_hostile_card_is_drawn_as_text(page: Page, address: str):
    """As if the service itself had been turned: the page trusts no card."""
    attack = " ".join(ATTACKS)
    card = {
        "uuid": "8a4a5f9e-9f0f-4b4f-8d9c-2a1f0a6f6b11",
        "summary": attack,
        "detail": f"# {attack}\n\n<b>raw</b> <img src=x onerror=window.broken=1> [link](http://127.0.0.1:9/) [ok](https://ehr.example/)",
        "indicator": "info",
        "source": {"label": attack, "url": "javascript:window.broken=1"},
        "links": [{"label": attack, "url": "javascript:window.broken=1", "type": "absolute"}],
        "overrideReasons": [{"code": attack, "system": attack, "display": attack}],
    }
    page.route("**/cds-services/rrmm-regimen", lambda route: route.fulfill(json={"cards": [card]}))
    open_chart(page, address)
    expect(page.locator("article.card h3").first).to_have_text(attack)
    assert is_whole(page)
    hrefs = page.eval_on_selector_all("article.card a[href]", "all => all.map(each => each.getAttribute('href'))")
    assert hrefs == ["https://ehr.example/"]


def test_the_policy_of_the_page_stops_what_gets_in(page: Page, address: str):
    """Markup that reached the page all the same would find scripts, styles, frames and other hosts closed."""
    page.goto(f"{address}/reasoning/founding-patient")
    refused = page.evaluate(
        """async () => {
          const seen = [];
          document.addEventListener('securitypolicyviolation', event => seen.push(event.effectiveDirective));
          const script = document.createElement('script');
          try { script.textContent = 'window.broken=1'; } catch { seen.push('trusted-types'); }
          document.body.append(script);
          try { document.body.insertAdjacentHTML('beforeend', '<p>'); } catch { seen.push('trusted-types'); }
          const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image);
          const frame = document.createElement('iframe'); frame.src = 'http://127.0.0.1:9/'; document.body.append(frame);
          const styled = document.createElement('p'); styled.setAttribute('style', 'color:red'); document.body.append(styled);
          try { await fetch('http://127.0.0.1:9/'); } catch { seen.push('fetch failed'); }
          await new Promise(done => setTimeout(done, 200));
          return [seen, window.broken === undefined];
        }"""
    )
    assert refused[1] is True
    assert {"trusted-types", "img-src", "frame-src", "style-src-attr", "connect-src", "fetch failed"} <= set(refused[0])
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser reports each of them
