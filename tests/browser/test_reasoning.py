"""The reasoning page on every sample: it fits, it can be used without a mouse, axe finds nothing, it prints on two pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NAMES, NARROW, WIDE, about, accessibility_faults, overflow


@pytest.mark.parametrize("sample", NAMES)
def test_every_sample_can_be_looked_through(
    page: Page, address_in: Callable[[str], str], sample: str, pictures: Path | None
):
    answer, jurisdiction = about(sample)
    said = answer["extension"]["org.myeloma-cds.evaluation"]
    page.goto(f"{address_in(jurisdiction)}/reasoning/{sample}")
    for each in said.get("currentPractice", {}).get("options", []):
        row = page.locator(f'.regimen[data-verdict="{each["verdict"]}"] strong', has_text=re.compile(f"^{each['regimen']}$"))
        expect(row).to_have_count(1)
    if row := said.get("switchClass", {}).get("row"):
        expect(page.locator(".tried", has=page.locator(".state.answers")).first).to_contain_text(row)
    for relapse in [said["history"]["relapse"]] if "months" in said.get("history", {}).get("relapse", {}) else []:
        expect(page.locator("svg:visible .months-label").first).to_have_text(f"{relapse['months']} months")
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    page.set_viewport_size({"width": NARROW, "height": 900})
    assert overflow(page) == 0
    for width in (WIDE, NARROW) if pictures and sample == "biochemical-relapse" else ():
        page.set_viewport_size({"width": width, "height": 1500})
        clip = {"x": 0, "y": 0, "width": width, "height": 1500}
        page.screenshot(path=f"{pictures}/reasoning-{width}.png", clip=clip, full_page=True)


@pytest.mark.parametrize("sample", ["founding-patient", "no-myeloma"])
def test_axe_finds_nothing_on_a_narrow_screen(page: Page, address: str, sample: str):
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.goto(f"{address}/reasoning/{sample}")
    assert accessibility_faults(page) == []


def test_pointing_and_arrow_keys_say_what_is_there(page: Page, address: str, pictures: Path | None):
    page.goto(f"{address}/reasoning/biochemical-relapse")
    marks = page.locator("svg:visible").first.locator(".mark")
    marks.nth(1).hover()
    expect(page.locator("#readout")).to_contain_text("bortezomib, 2024-")
    marks.first.focus()
    expect(page.locator("#readout")).to_contain_text("Line 1")
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#readout")).to_contain_text("18 complete months from the transplant")
    page.keyboard.press("Tab")
    expect(page.locator("#readout")).to_contain_text("Serum M-protein")
    if pictures:
        page.set_viewport_size({"width": WIDE, "height": 1500})
        page.reload()
        page.locator(".figures").screenshot(path=pictures / "timeline.png")


def test_regimens_can_be_filtered(page: Page, address: str):
    page.goto(f"{address}/reasoning/founding-patient")
    page.get_by_label("check first (3)").check()
    expect(page.locator(".regimen:visible strong")).to_have_text(["KRd", "DKd", "IsaKd"])
    page.get_by_label("Name or drug").fill("isatuximab")
    expect(page.locator(".regimen:visible strong")).to_have_text(["IsaKd"])
    expect(page.locator("#filtered")).to_have_text(re.compile("^1 of "))


def test_what_is_unknown_says_what_it_would_change(page: Page, address: str):
    page.goto(f"{address}/reasoning/kidneys-unknown")
    question = page.locator(".question", has_text="Creatinine clearance")
    expect(question.get_by_role("row").nth(1)).to_contain_text("29 mL/min")
    expect(question.get_by_role("row").nth(1)).to_contain_text("Rd: preferred, check first → removed for safety")


@pytest.mark.parametrize("sample", NAMES)
def test_it_prints_on_at_most_two_pages(page: Page, address: str, sample: str):
    page.goto(f"{address}/reasoning/{sample}")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 2


def test_without_scripts_everything_is_still_there(page: Page, address: str):
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{address}/reasoning/founding-patient")
    expect(page.locator(".regimen").first).to_be_visible()
    expect(page.locator("#filter")).to_be_hidden()
    page.complaints.clear()  # type: ignore[attr-defined]  # the script that did not come
