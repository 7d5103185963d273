"""The OpenAPI document says what the code serves, and the service holds to it whatever is sent (`make fuzz` for long)."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as examples
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from cds_service.app import create_app
from cds_service.feedback import LONGEST_COMMENT, MOST_ITEMS, MOST_SUGGESTIONS
from cds_service.services import SERVICES
from cds_service.settings import Profile, Settings
from tests.support.tokens import BASE_URL, OWN_KEY, write_tenants

PAGE = Path(__file__).parents[2] / "docs" / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PAGE.read_text(encoding="utf-8"))
# A chart that does not fit is read as far as it can be; and half of a surrogate pair fits any schema, but is no JSON to us.
NOT_OURS = [negative_data_rejection, positive_data_acceptance]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_it_names_the_addresses_and_methods_that_there_are(tmp_path: Path):
    """In production: the pages of the demo are for people."""
    settings = Settings(
        profile=Profile.PRODUCTION,
        base_url=BASE_URL,
        tenants=write_tenants(tmp_path, OWN_KEY),
        state_dir=tmp_path,
        metrics=True,
    )
    served = create_app(settings)
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in served.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if "//" not in rule.rule
    }
    written = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item if method in ("get", "post")}
    assert written == routes


def test_its_bounds_and_names_are_those_of_the_code():
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Feedback"]["properties"]["feedback"]["maxItems"] == MOST_ITEMS
    item = schemas["FeedbackItem"]["properties"]
    assert item["acceptedSuggestions"]["maxItems"] == MOST_SUGGESTIONS
    assert item["overrideReason"]["properties"]["userComment"]["maxLength"] == LONGEST_COMMENT
    assert DOCUMENT["components"]["parameters"]["ServiceId"]["schema"]["enum"] == [service.id for service in SERVICES]
    keys = {key for service in SERVICES for key in service.prefetch}
    assert schemas["Call"]["properties"]["prefetch"]["properties"].keys() == keys


@pytest.fixture(scope="module")
def served() -> Flask:
    return create_app(Settings(as_of=date(2026, 11, 22)))


schema = schemathesis.openapi.from_dict(DOCUMENT)


@schema.parametrize()
@examples(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_is_as_the_document_says(case: schemathesis.Case, served: Flask):
    case.operation.schema.app = served
    case.validate_response(case.call(app=served), excluded_checks=NOT_OURS)
