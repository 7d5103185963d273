"""The try-it page: a sample, a file, an error; suggestion and override send feedback that the service takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import NAMES, NARROW, SAMPLES, WIDE, about, accessibility_faults, overflow


def wait_for_chart(page: Page, text: str = '"hook"') -> None:
    """Until what will be sent has come and holds the text."""
    expect(page.locator("#chart")).to_have_value(re.compile(re.escape(text)))


def open_chart(page: Page, address: str, sample: str | None = None) -> None:
    page.goto(address)
    wait_for_chart(page)
    if sample:
        with page.expect_response(f"**/samples/{sample}.json"):
            page.get_by_label("Sample").select_option(sample)
        wait_for_chart(page, patient_of(sample))
    page.get_by_role("button", name="Open the chart").click()
    expect(page.locator("#http-status")).not_to_have_text("–")


def until(page: Page, selector: str, text: str) -> FloatRect:
    """The upper part of an element, down to where a text begins."""
    whole, end = page.locator(selector).bounding_box(), page.locator(selector).get_by_text(text).first.bounding_box()
    assert whole is not None
    assert end is not None
    return {"x": whole["x"], "y": whole["y"], "width": whole["width"], "height": end["y"] - whole["y"]}


def patient_of(sample: str) -> str:
    return json.loads((SAMPLES / sample / "request.json").read_text())["context"]["patientId"]


@pytest.mark.parametrize("sample", NAMES)
def test_every_sample_is_drawn_as_it_is_answered(page: Page, address_in: Callable[[str], str], sample: str):
    kept, jurisdiction = about(sample)
    open_chart(page, address_in(jurisdiction), sample)
    expect(page.locator("article.card")).to_have_count(len(kept["cards"]))
    for card in kept["cards"]:
        expect(page.locator("article.card h3")).to_have_text(card["summary"])
        word = {"info": "For your information", "warning": "Warning"}[card["indicator"]]
        expect(page.locator("article.card .indicator")).to_have_text(word)
        expect(page.locator(".suggestions button")).to_have_count(len(card.get("suggestions", [])))
    if not kept["cards"]:
        expect(page.locator("#cards .empty")).to_contain_text("No card")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_fits_and_axe_finds_nothing(page: Page, address: str, width: int, pictures: Path | None):
    page.set_viewport_size({"width": width, "height": 900})
    open_chart(page, address)
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    page.get_by_text("Override", exact=True).click()
    page.get_by_text("See or edit what will be sent").click()
    page.locator("#wire summary").first.click()
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    if pictures:
        page.reload()
        open_chart(page, address)
        clip = {"x": 0, "y": 0, "width": width, "height": 1100}
        page.screenshot(path=pictures / f"try-it-{width}.png", clip=clip, full_page=True)
        if width == WIDE:
            page.screenshot(path=pictures / "card.png", clip=until(page, "article.card", "Why not the others"), full_page=True)


def test_a_suggestion_sends_feedback_once(page: Page, address: str):
    open_chart(page, address)
    with page.expect_request("**/feedback") as sent:
        page.locator(".suggestions button").first.click()
    item = sent.value.post_data_json["feedback"][0]
    answered = json.loads(page.locator("#response").text_content() or "")
    assert item["outcome"] == "accepted"
    assert item["card"] == answered["cards"][0]["uuid"]
    assert item["acceptedSuggestions"] == [{"id": answered["cards"][0]["suggestions"][0]["uuid"]}]
    expect(page.locator(".sent")).to_contain_text("answered 200")
    expect(page.locator("article.card li", has_text="lenalidomide:").first).to_be_visible()
    expect(page.locator(".suggestions button").nth(1)).to_be_disabled()


def test_an_override_sends_its_reason_and_comment(page: Page, address: str):
    open_chart(page, address)
    page.get_by_text("Override", exact=True).click()
    page.get_by_label("Reason").select_option(label="Patient refuses")
    page.get_by_label("Comment").fill("prefers tablets at home")
    with page.expect_request("**/feedback") as sent:
        page.get_by_role("button", name="Dismiss the card").click()
    item = sent.value.post_data_json["feedback"][0]
    assert item["outcome"] == "overridden"
    assert item["overrideReason"]["reason"]["code"] == "patient-refuses"
    assert item["overrideReason"]["userComment"] == "prefers tablets at home"
    expect(page.locator(".sent")).to_contain_text("answered 200")


def test_a_bundle_from_a_file_is_judged(page: Page, address: str, tmp_path: Path):
    prefetch = json.loads((SAMPLES / "founding-patient" / "request.json").read_text())["prefetch"]
    entries = [{"resource": prefetch["patient"]}]
    entries += [entry for held in prefetch.values() for entry in held.get("entry", [])]
    file = tmp_path / "chart.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    page.goto(address)
    wait_for_chart(page)
    page.locator("#file").set_input_files(file)
    wait_for_chart(page, '"collection"')
    page.get_by_role("button", name="Open the chart").click()
    expect(page.locator("article.card h3")).to_contain_text("First relapse of myeloma at 18 months")


@pytest.mark.parametrize(
    ("text", "error"),
    [("this is no JSON", "CDS-0400"), ('{"hook": "patient-view"}', "CDS-1400"), ('{"resourceType": "Bundle"}', "CDS-1400")],
)
def test_errors_are_shown_as_what_they_are(page: Page, address: str, text: str, error: str):
    page.goto(address)
    wait_for_chart(page)
    page.get_by_text("See or edit what will be sent").click()
    page.locator("#chart").fill(text)
    page.get_by_role("button", name="Open the chart").click()
    expect(page.locator("#cards .outcome")).to_contain_text(error)
    expect(page.locator("#http-status")).to_have_text("400")
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser notes every 400


def test_it_works_by_keyboard_alone(page: Page, address: str):
    page.goto(address)
    wait_for_chart(page)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "fire":
            break
    page.keyboard.press("Enter")
    expect(page.locator("article.card")).to_have_count(1)


def test_the_discovery_document_is_shown(page: Page, address: str):
    page.goto(address)
    expect(page.locator("#discovery")).to_contain_text("rrmm-regimen")


def test_the_card_leads_to_its_reasoning(page: Page, address: str):
    open_chart(page, address)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Show the reasoning").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("First relapse of myeloma at 18 months")
    opened.value.close()
    with page.expect_popup() as posted:
        page.get_by_role("button", name="Show the reasoning").click()
    expect(posted.value.get_by_role("heading", name="What happened")).to_be_visible()
    posted.value.close()
