"""T6: a token admits one call, whichever worker it meets and whatever was restarted; in doubt it admits none."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.trust.client_token import LEEWAY_SECONDS
from cds_service.trust.replay import SWEEP_SECONDS, MemoryUnavailable, UsedTokens
from tests.faults.conftest import Running, start
from tests.security.conftest import REQUEST, SERVICE_PATH, Production
from tests.support.tokens import BASE_URL, DISCOVERY, ISSUER, OWN_KEY, Signer, bearer, write_tenants


def serve(folder: Path, name: str) -> Running:
    return start(
        folder / f"{name}.log",
        workers=2,
        as_of=None,
        PROFILE="production",
        BASE_URL=BASE_URL,
        TENANTS=str(folder / "tenants.toml"),
        STATE_DIR=str(folder / "state"),
    )


def post(server: Running, token: str) -> int:
    with server.connect() as link:
        link.request("POST", SERVICE_PATH, body=REQUEST, headers={"Content-Type": "application/json", **bearer(token)})
        answer = link.getresponse()
        body = json.loads(answer.read())
        assert ("cards" in body) == (answer.status == 200)
        return answer.status


def test_fifty_uses_at_once_over_two_workers_give_one_answer_and_a_restart_gives_none(tmp_path: Path, ehr: Signer):
    write_tenants(tmp_path, OWN_KEY)
    token = ehr.token()
    statuses: list[int] = []
    server = serve(tmp_path, "first")
    try:
        together = threading.Barrier(50)

        def use() -> None:
            together.wait()
            statuses.append(post(server, token))

        threads = [threading.Thread(target=use) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert Counter(statuses) == {200: 1, 401: 49}
        assert post(server, ehr.token()) == 200
    finally:
        server.process.kill()
        server.process.wait()
    again = serve(tmp_path, "second")
    try:
        assert post(again, token) == 401
        assert post(again, ehr.token()) == 200
    finally:
        again.process.kill()
        again.process.wait()
    log = (tmp_path / "first.log").read_text() + (tmp_path / "second.log").read_text()
    assert "used-before" in log
    assert not any(part in log for part in token.split("."))


def test_memories_that_see_the_same_tokens_share_them_out(tmp_path: Path):
    admitted: list[int] = []

    def use_all() -> None:
        used = UsedTokens(tmp_path / "used.sqlite")
        admitted.append(sum(used.is_first_use(ISSUER, str(number), expires=300, now=0) for number in range(300)))

    threads = [threading.Thread(target=use_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(admitted) == 4
    assert sum(admitted) == 300


def test_a_token_is_used_up_on_every_address_alike(production: Production, ehr: Signer):
    client = production()
    token = ehr.token(DISCOVERY)
    assert client.get("/cds-services", headers=bearer(token)).status_code == 200
    assert client.get("/cds-services", headers=bearer(token)).status_code == 401


def test_the_same_id_from_another_issuer_is_another_token(tmp_path: Path):
    used = UsedTokens(tmp_path / "used.sqlite")
    assert used.is_first_use("https://a", "bc", expires=300, now=0)
    assert used.is_first_use("https://ab", "c", expires=300, now=0)
    assert not used.is_first_use("https://a", "bc", expires=300, now=0)


def test_a_token_that_is_refused_is_not_remembered(production: Production, ehr: Signer):
    client = production()
    claims = ehr.claims()
    forged = ehr.sign(ehr.header(), claims)[:-4] + "AAAA"
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(forged)).status_code == 401
    assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(ehr.sign(ehr.header(), claims))).status_code == 200


def test_a_tenant_may_be_let_reuse_its_tokens(production: Production, ehr: Signer):
    client = production(may_reuse_tokens=True)
    token = ehr.token()
    assert [client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token)).status_code for _ in range(3)] == [200] * 3


def test_only_what_has_expired_is_forgotten_and_nothing_readable_is_kept(tmp_path: Path):
    file = tmp_path / "used.sqlite"
    used = UsedTokens(file)
    assert used.is_first_use(ISSUER, "canary-1", expires=1000, now=900)
    later = 1000 + 2 * LEEWAY_SECONDS + SWEEP_SECONDS
    assert used.is_first_use(ISSUER, "canary-2", expires=2000, now=later)
    assert used.is_first_use(ISSUER, "canary-1", expires=1000, now=later)
    assert not used.is_first_use(ISSUER, "canary-2", expires=2000, now=later + SWEEP_SECONDS + 1)
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"canary" not in kept
    assert b"ehr.example" not in kept


def locked(file: Path) -> Callable[[], None]:
    link = sqlite3.connect(file, isolation_level=None)
    link.execute("BEGIN EXCLUSIVE")
    return link.close


def spoiled(file: Path) -> Callable[[], None]:
    good = {each: each.read_bytes() for each in file.parent.iterdir()}
    for each in good:
        each.write_bytes(b"canary" * 4096)
    return lambda: [each.write_bytes(content) for each, content in good.items()] and None


@pytest.mark.parametrize("spoil", [locked, spoiled])
def test_a_memory_that_fails_admits_no_one_and_says_so_at_once(
    production: Production,
    ehr: Signer,
    tmp_path: Path,
    spoil: Callable[[Path], Callable[[], None]],
    caplog: pytest.LogCaptureFixture,
):
    client = production()
    token = ehr.token()
    mend = spoil(tmp_path / "state" / "used-tokens.sqlite")
    begin = time.monotonic()
    answer = client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token))
    assert time.monotonic() - begin < 0.6
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json["issue"][0]["details"]["coding"][0]["code"] == "CDS-1503"
    assert "canary" not in caplog.text + answer.text
    mend()
    if spoil is locked:
        assert client.post(SERVICE_PATH, data=REQUEST, headers=bearer(token)).status_code == 200


def test_a_memory_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MemoryUnavailable):
        UsedTokens(tmp_path / "file" / "used.sqlite")
