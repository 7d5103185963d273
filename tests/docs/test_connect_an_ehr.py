"""The page on connecting an EHR names every key of the tenants file and every reason for a refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cds_service.settings import Profile
from cds_service.tenants import Tenant, load_tenants
from cds_service.trust.refusal import Refusal

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "connect-an-ehr.md").read_text(encoding="utf-8")


def in_tables() -> set[str]:
    first_cells = re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_key_and_every_reason_is_explained_and_no_other():
    assert in_tables() == set(Tenant.model_fields) | {reason.value for reason in Refusal}


@pytest.mark.parametrize("name", ["algorithms", "max_token_seconds", "may_reuse_tokens"])
def test_the_defaults_are_those_of_the_code(name: str):
    (said,) = re.findall(rf"^\| `{name}` \| `([^`]+)` \|", PAGE, re.MULTILINE)
    default = Tenant.model_fields[name].default
    assert said == (str(list(default)).replace("'", '"') if isinstance(default, tuple) else str(default).lower())


def test_the_file_that_is_shown_is_taken_in_production(tmp_path: Path):
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "tenants.toml"
    file.write_text(shown)
    assert [tenant.id for tenant in load_tenants(file, Profile.PRODUCTION)] == ["general-hospital"]
