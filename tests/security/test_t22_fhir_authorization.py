"""T22: an access token is used only for the call it was meant for, and is gone when the call is over."""

from __future__ import annotations

import gc
import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds_service.fhir_source import source_for
from cds_service.hook_call import HookCall
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.service_definition import Caller
from cds_service.trust.fhir_authorization import MAX_TOKEN, AuthorizationMisused, Misuse, access_token
from tests.security.conftest import REQUEST, SERVICE_PATH
from tests.support.tokens import Signer, bearer

GOOD = {
    "access_token": "abc.DEF-1_2~3+/==",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "user/*.read",
    "subject": "myeloma",
}
FHIR = "https://ehr.example/fhir"


def test_a_token_for_this_call_is_used():
    assert access_token(GOOD, patient_id="p1", client_id="myeloma") == GOOD["access_token"]
    assert access_token(GOOD | {"patient": "p1"}, patient_id="p1", client_id=None) == GOOD["access_token"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *(
            ({"access_token": each}, Misuse.NOT_A_TOKEN)
            for each in (None, 1, "", "a b", "a\r\nX: 1", "ä", "=", "a=b", "a" * (MAX_TOKEN + 1))
        ),
        *(({"token_type": each}, Misuse.OTHER_TYPE) for each in (None, 1, "", "DPoP", "Basic", "Bearer x")),
        *(({"expires_in": each}, Misuse.EXPIRED) for each in (None, 0, -1, True, "300", [300])),
        *(({"subject": each}, Misuse.OTHER_CLIENT) for each in (None, "", "Myeloma", "other", ["myeloma"])),
        *(({"patient": each}, Misuse.OTHER_PATIENT) for each in (None, "", "p2", "P1", "Patient/p1", ["p1"])),
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_call_is_not(change: dict[str, Any], reason: Misuse):
    with pytest.raises(AuthorizationMisused) as misused:
        access_token(GOOD | change, patient_id="p1", client_id="myeloma")
    assert misused.value.reason is reason
    assert str(misused.value) == reason


@pytest.mark.parametrize(
    ("server", "authorization", "asked"),
    [
        (FHIR, GOOD, True),
        (FHIR + "/", GOOD, True),
        ("https://other.example/fhir", GOOD, False),
        (FHIR, None, False),
        (FHIR, GOOD | {"subject": "other"}, False),
        (FHIR, GOOD | {"patient": "p2"}, False),
        (FHIR, GOOD | {"expires_in": 0}, False),
        (None, GOOD, False),
    ],
    ids=str,
)
def test_without_a_good_token_for_the_tenants_server_no_one_is_asked(server: str | None, authorization: Any, asked: bool):
    caller = Caller(tenant="a", jurisdiction=Jurisdiction.US, fhir_base_urls=(FHIR,), client_id="myeloma")
    call = HookCall(patient_id="p1", prefetch={}, fhir_server=server, fhir_authorization=authorization)
    source = source_for(call, caller)
    assert (source is not None) == asked
    assert GOOD["access_token"] not in repr(source) + repr(call)


def holders_of(text: str) -> int:
    """How many objects that the collector knows hold the text."""
    gc.collect()
    found = 0
    for each in gc.get_objects():
        if isinstance(each, dict):
            found += any(isinstance(value, str | bytes) and text in str(value) for value in each.values())
        elif isinstance(each, list | tuple):
            found += any(isinstance(value, str | bytes) and text in str(value) for value in each)
    return found


def test_after_the_call_nothing_holds_the_token(client: FlaskClient, ehr: Signer):
    half, other_half = uuid4().hex, uuid4().hex  # never whole in this function

    def call() -> int:
        authorization = GOOD | {"access_token": half + other_half}
        body = json.dumps(json.loads(REQUEST) | {"fhirServer": FHIR, "fhirAuthorization": authorization}).encode()
        with client.post(SERVICE_PATH, data=body, headers=bearer(ehr.token())) as answer:
            return answer.status_code

    assert call() == 200
    assert holders_of(half + other_half) == 0
