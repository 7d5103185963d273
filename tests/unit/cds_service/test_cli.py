"""The command: what it prints, and that a refusal is one line and status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cds_service.cli import main

SAMPLES = Path(__file__).parents[3] / "samples"
FOUNDING = SAMPLES / "founding-patient" / "request.json"


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.startswith("myeloma-cds: ")
    assert said.err.count("\n") == 1
    return said.err


def bundle_of(request: dict) -> dict:
    resources = [request["prefetch"].pop("patient")]
    for value in request["prefetch"].values():
        resources += [entry["resource"] for entry in value.get("entry", [])]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def test_a_request_is_judged_and_printed_as_text(capsys: pytest.CaptureFixture[str]):
    main(["evaluate", str(FOUNDING), "--as-of", "2026-11-22"])
    said = capsys.readouterr()
    assert "Rd" in said.out
    assert said.err == ""


def test_the_body_of_the_answer_is_printed_as_json(capsys: pytest.CaptureFixture[str]):
    main(["evaluate", "--json", "--as-of", "2026-11-22", str(FOUNDING)])
    body = json.loads(capsys.readouterr().out)
    assert body["extension"]["org.myeloma-cds.evaluation"]["switchClass"]["preferred"] == ["Rd"]
    assert body["extension"]["org.myeloma-cds.evaluation"]["asOf"] == "2026-11-22"


def test_a_bundle_is_judged_like_the_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    main(["evaluate", "--json", "--as-of", "2026-11-22", str(FOUNDING)])
    by_request = json.loads(capsys.readouterr().out)["extension"]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle_of(json.loads(FOUNDING.read_text()))))
    main(["evaluate", "--json", "--as-of", "2026-11-22", str(file)])
    assert json.loads(capsys.readouterr().out)["extension"] == by_request


def test_a_chart_without_myeloma_says_so(capsys: pytest.CaptureFixture[str]):
    main(["evaluate", str(SAMPLES / "no-myeloma" / "request.json"), "--as-of", "2026-11-22"])
    assert "not-applicable" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"resourceType":"Patient","id":"a"}', '{"resourceType":"Bundle"}', '{"hook":"patient-view"}'],
)
def test_a_file_that_cannot_be_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str):
    file = tmp_path / "chart.json"
    file.write_text(content)
    refused(["evaluate", str(file)], capsys)


def test_a_request_without_its_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    request = json.loads(FOUNDING.read_text())
    del request["prefetch"]["conditions"]
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request))
    assert "CDS-0412" in refused(["evaluate", str(file)], capsys)


@pytest.mark.parametrize("path", ["no-such-file.json", "."])
def test_a_file_that_cannot_be_read(capsys: pytest.CaptureFixture[str], path: str):
    refused(["evaluate", path], capsys)


@pytest.mark.parametrize("day", ["2026-02-30", "20261122", "2026-W47-7", "tomorrow", "2026-11-22T00:00:00"])
def test_a_day_that_is_none(capsys: pytest.CaptureFixture[str], day: str):
    refused(["evaluate", str(FOUNDING), "--as-of", day], capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["serve", "--profile", "test"],
        ["serve", "--profile", "production"],
        ["serve", "--host", "0.0.0.0"],  # noqa: S104  # this is what must be refused
        ["serve", "--host", "192.0.2.1"],
        ["serve", "--host", "ehr.example"],
        ["serve", "--workers", "0"],
        ["serve", "--port", "http"],
        ["serve", "--port", "99999"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_served(capsys: pytest.CaptureFixture[str], arguments: list[str]):
    refused(arguments, capsys)


def test_another_day_is_refused_outside_the_demo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MYELOMA_CDS_BASE_URL", "https://cds.example")
    monkeypatch.setenv("MYELOMA_CDS_TENANTS", "tenants.toml")
    assert "demo" in refused(["serve", "--profile", "production", "--as-of", "2026-11-22"], capsys)
