"""T3 and T1 on a real service process, with a real server of keys."""

from __future__ import annotations

import json
import time
from pathlib import Path
from uuid import uuid4

import requests

from tests.faults.conftest import Running, start
from tests.security.conftest import REQUEST, SERVICE_PATH
from tests.support.key_server import serving_keys
from tests.support.tokens import OWN_KEY, Signer, bearer, jwk, private_key, write_tenants


def post(server: Running, headers: dict[str, str]) -> tuple[int, dict]:
    with server.connect() as link:
        link.request("POST", SERVICE_PATH, body=REQUEST, headers={"Content-Type": "application/json", **headers})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())


def test_keys_are_fetched_once_rotated_at_once_and_not_at_will(tmp_path: Path, ehr: Signer):
    with serving_keys(OWN_KEY) as key_server:
        tenants = write_tenants(tmp_path, OWN_KEY, jwks_url=key_server.url, jwks_file=None)
        server = start(tmp_path / "server.log", TENANTS=str(tenants), STATE_DIR=str(tmp_path / "state"))
        audience = f"http://127.0.0.1:{server.port}{SERVICE_PATH}"
        new = Signer(key=private_key("P-384", "new"), kid="key-2")
        try:
            for _ in range(3):
                assert post(server, bearer(ehr.token(audience, header={"jku": key_server.url})))[0] == 200
            assert len(key_server.asked) == 1
            key_server.keys = [jwk(new.key, new.kid)]
            assert post(server, bearer(new.token(audience)))[0] == 200
            assert len(key_server.asked) == 2
            refused = [post(server, bearer(ehr.token(audience, header={"kid": str(uuid4())}))) for _ in range(100)]
            assert {status for status, _ in refused} == {401}
            assert len({json.dumps(body) for _, body in refused}) == 1
            assert len(key_server.asked) == 3
            begin = time.monotonic()
            # The answer does not wait for the body, and reaches a client that is still sending it.
            url = f"http://127.0.0.1:{server.port}{SERVICE_PATH}"
            assert requests.post(url, data=b" " * 4_000_000, headers={"Connection": "close"}, timeout=5).status_code == 401
            assert time.monotonic() - begin < 1
        finally:
            server.process.kill()
            server.process.wait()
