"""Settings: where they come from, and which combinations are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.settings import Profile, SettingsRefused, load_settings

SAFE = {"profile": "production", "base_url": "https://cds.example", "tenants": "tenants.toml"}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch):
    for name in ("PROFILE", "JURISDICTION", "AS_OF", "CORS_ORIGINS", "MAX_BODY_BYTES", "MAX_IN_FLIGHT", "BASE_URL", "TENANTS"):
        monkeypatch.delenv(f"MYELOMA_CDS_{name}", raising=False)


def test_the_demo_needs_nothing():
    settings = load_settings()
    assert (settings.profile, settings.jurisdiction, settings.as_of) == (Profile.DEMO, Jurisdiction.US, None)
    assert settings.max_body_bytes == 4 * 1024 * 1024


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MYELOMA_CDS_JURISDICTION", "EU")
    monkeypatch.setenv("MYELOMA_CDS_AS_OF", "2026-11-22")
    monkeypatch.setenv("MYELOMA_CDS_CORS_ORIGINS", "https://a.example, https://b.example:8443")
    monkeypatch.setenv("MYELOMA_CDS_TENANTS", "")
    monkeypatch.setenv("MYELOMA_CDS_UNHEARD_OF", "x")
    settings = load_settings()
    assert settings.jurisdiction is Jurisdiction.EU
    assert settings.as_of == date(2026, 11, 22)
    assert settings.cors_origins == ("https://a.example", "https://b.example:8443")
    assert settings.tenants is None


def test_what_is_given_stands_before_a_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MYELOMA_CDS_AS_OF", "2026-11-22")
    assert load_settings(as_of=date(2025, 1, 1), profile=None).as_of == date(2025, 1, 1)


def test_a_safe_production_is_taken():
    settings = load_settings(**SAFE)
    assert (settings.profile, settings.tenants) == (Profile.PRODUCTION, Path("tenants.toml"))


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": date(2026, 11, 22)},
        {"base_url": None},
        {"base_url": "http://cds.example"},
        {"tenants": None},
        {"cors_origins": ("*",)},
        {"cors_origins": ("https://*.example",)},
        {"cors_origins": ("ehr.example",)},
        {"cors_origins": ("https://ehr.example/",)},
        {"jurisdiction": "canary-UK"},
        {"max_body_bytes": 0},
        {"profile": "canary-test"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_in_one_line_without_its_value(change: dict[str, object]):
    with pytest.raises(SettingsRefused) as refused:
        load_settings(**(SAFE | change))
    assert "\n" not in str(refused.value)
    assert "canary" not in str(refused.value)
