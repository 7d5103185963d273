"""Small charts, each showing one rule of reading: what must be read from them, and what must be refused."""

from __future__ import annotations

import pytest

from tests.corpus.cases.bundles import REFUSED
from tests.corpus.cases.case import AS_OF, Case
from tests.corpus.cases.every import BY_SUBJECT, EVERY_CASE
from tests.support.dialects.page import Json
from tests.support.expectation import differences
from tests.support.service import answer, post


@pytest.mark.parametrize(
    "case", [case for _, case in EVERY_CASE], ids=[f"{subject}: {case.says}" for subject, case in EVERY_CASE]
)
def test_chart(case: Case) -> None:
    assert differences(answer(case.request, AS_OF, case.jurisdiction), case.expect) == []


@pytest.mark.parametrize("request_body", [body for _, body in REFUSED], ids=[name for name, _ in REFUSED])
def test_required_data_that_cannot_be_had_is_412(request_body: Json) -> None:
    status, body = post(request_body, AS_OF)
    assert (status, body["resourceType"]) == (412, "OperationOutcome")


def test_sentences_are_unique_within_their_subject() -> None:
    for subject, cases in BY_SUBJECT.items():
        said = [case.says for case in cases]
        assert len(said) == len(set(said)), subject
