"""T5, as far as tokens go: nothing of them reaches a log, an answer or the disk."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.tokens import SERVICE, Signer, bearer, private_key

CANARY = "canary-5b1e"
MARKED: dict[str, dict[str, Any]] = {
    "issuer": {"iss": CANARY},
    "audience": {"aud": [SERVICE, CANARY]},
    "time": {"exp": 1, "sub": CANARY},
    "subject": {"sub": CANARY},
    "key": {"header": {"kid": CANARY}},
    "address": {"header": {"jku": f"https://{CANARY}.example"}},
    "algorithm": {"header": {"alg": CANARY}},
    "type": {"header": {"typ": CANARY}},
    "id": {"jti": CANARY},
    "signature": {"jti": CANARY, "stranger": True},
}


@pytest.mark.parametrize("marks", MARKED.values(), ids=MARKED.keys())
def test_a_refusal_names_a_reason_and_repeats_nothing(
    production: Production, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: Any, marks: dict[str, Any]
):
    client = production(subject="cds-client")
    key = private_key("P-384", "stranger" if marks.get("stranger") else "own")
    claims = {"sub": "cds-client", **{name: value for name, value in marks.items() if name not in ("header", "aud", "stranger")}}
    token = Signer(key=key).token(marks.get("aud", SERVICE), header=marks.get("header"), **claims)
    with caplog.at_level(logging.DEBUG):
        answers = [client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token)) for _ in range(2)]
    assert answers[1].status_code == 401
    told = caplog.text + "".join(capfd.readouterr()) + "".join(str(answer.headers) + answer.text for answer in answers)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "state").iterdir())
    assert "CDS-0401" in caplog.text
    for secret in (CANARY, *token.split(".")):
        assert secret not in told
        assert secret.encode() not in kept
