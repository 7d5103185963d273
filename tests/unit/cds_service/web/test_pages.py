"""The addresses of the pages: where they are served, what they refuse, and what is sent along."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.hook_call import HookCall
from cds_service.settings import Profile, Settings
from cds_service.web.pages import _linking
from cds_service.web.samples import load_samples
from tests.support.tokens import BASE_URL, OWN_KEY, write_tenants

SAMPLES = Path(__file__).parents[4] / "samples"
FOUNDING = json.loads((SAMPLES / "founding-patient" / "request.json").read_text())
READ = ["/", "/reasoning/founding-patient", "/samples/founding-patient.json"]
PAGES = [*(("GET", path) for path in READ), ("POST", "/web/request")]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(as_of=date(2026, 11, 22), max_body_bytes=200_000)).test_client()


def bundle() -> dict:
    entries = [{"resource": FOUNDING["prefetch"]["patient"]}]
    entries += [entry for held in FOUNDING["prefetch"].values() for entry in held.get("entry", [])]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_every_page_lets_only_its_own_files_run(client: FlaskClient):
    for method, path in PAGES:
        answer = client.open(path, method=method, json=FOUNDING if method == "POST" else None)
        assert answer.status_code == 200, path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_no_page_has_an_inline_script_or_style(client: FlaskClient):
    for path in ("/", "/reasoning/founding-patient"):
        page = client.get(path).text
        assert "<script>" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page


@pytest.mark.parametrize(("method", "path"), [*PAGES, ("POST", "/reasoning"), ("GET", "/web/pages.css")])
def test_production_has_no_pages(tmp_path: Path, method: str, path: str):
    tenants = write_tenants(tmp_path, OWN_KEY)
    settings = Settings(profile=Profile.PRODUCTION, tenants=tenants, base_url=BASE_URL, state_dir=tmp_path)
    answer = create_app(settings).test_client().open(path, method=method, data={"chart": json.dumps(FOUNDING)})
    assert answer.status_code == 404
    assert "Content-Security-Policy" not in answer.headers


def test_a_bundle_becomes_the_request_it_stands_for(client: FlaskClient):
    made = client.post("/web/request", json=bundle()).json
    assert made["context"]["patientId"] == FOUNDING["context"]["patientId"]
    answer = client.post("/cds-services/rrmm-regimen", json=made)
    assert answer.json["extension"]["org.myeloma-cds.evaluation"]["switchClass"]["preferred"] == ["Rd"]


def test_the_reasoning_behind_a_chart_is_rendered_at_once(client: FlaskClient):
    for chart in (FOUNDING, bundle()):
        answer = client.post("/reasoning", data={"chart": json.dumps(chart)})
        assert answer.status_code == 200
        assert "First relapse of myeloma at 18 months" in answer.text


@pytest.mark.parametrize(
    ("chart", "status", "error"),
    [
        ("no json", 400, "CDS-0400"),
        ("{}", 400, "CDS-1400"),
        ('{"resourceType": "Bundle", "entry": []}', 400, "CDS-1400"),
        (json.dumps(FOUNDING | {"prefetch": {}}), 412, "CDS-0412"),
        (json.dumps(FOUNDING) + " " * 200_000, 413, "CDS-0413"),
    ],
)
def test_what_cannot_be_judged_says_why(client: FlaskClient, chart: str, status: int, error: str):
    answer = client.post("/reasoning", data={"chart": chart})
    assert (answer.status_code, error in answer.text) == (status, True)
    assert answer.content_type.startswith("text/html")


def test_only_the_very_chart_of_a_sample_gets_a_link():
    finish = _linking(load_samples(), "http://127.0.0.1:8000")
    answer = {"cards": [{"summary": "a", "links": [{"label": "Trial"}]}]}
    call = HookCall(patient_id=FOUNDING["context"]["patientId"], prefetch=FOUNDING["prefetch"])
    (card,) = finish(answer, call)["cards"]
    assert [link["label"] for link in card["links"]] == ["Show the reasoning", "Trial"]
    assert card["links"][0]["url"] == "http://127.0.0.1:8000/reasoning/founding-patient"
    other = HookCall(patient_id=call.patient_id, prefetch={**FOUNDING["prefetch"], "observations": None})
    assert finish(answer, other) == answer
    assert _linking(load_samples(), None)(answer, call) == answer


def test_without_samples_the_page_asks_for_a_chart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cds_service.web.pages.load_samples", dict)
    page = create_app(Settings()).test_client().get("/").text
    assert "bring a chart of your own" in page
    assert '<select id="sample"' not in page
