"""What only a real server shows: bodies in chunks, requests that are none, and stopping while calls are in hand."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Running

PATH = "/cds-services/rrmm-regimen"
LIMIT = 100_000
POST = f"POST {PATH} HTTP/1.1\r\nHost: a\r\n".encode()
REQUEST = (Path(__file__).parents[2] / "samples" / "founding-patient" / "request.json").read_bytes()


def padded(size: int) -> bytes:
    return REQUEST + b" " * (size - len(REQUEST))


def in_pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 8192):
        yield body[start : start + 8192]


def post(server: Running, body: bytes | Iterator[bytes]) -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"}
    with server.connect() as link:
        link.request("POST", PATH, body=body, headers=headers, encode_chunked=not isinstance(body, bytes))
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())


def id_of(outcome: dict) -> str:
    return outcome["issue"][0]["details"]["coding"][0]["code"]


@pytest.mark.parametrize("size", [len(REQUEST), LIMIT - 1, LIMIT])
@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_a_body_up_to_the_limit_is_read_whole(server: Running, size: int, chunked: bool):
    body = padded(size)
    status, answer = post(server, in_pieces(body) if chunked else body)
    assert status == 200
    assert answer["extension"]["org.myeloma-cds.evaluation"]["switchClass"]["preferred"] == ["Rd"]


@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT, 40 * LIMIT])
@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_a_body_beyond_the_limit_is_refused_and_never_cut(server: Running, size: int, chunked: bool):
    body = padded(size)
    status, answer = post(server, in_pieces(body) if chunked else body)
    assert (status, id_of(answer)) == (413, "CDS-0413")


@pytest.mark.parametrize(
    "said",
    [
        b"GET /canary a b HTTP/1.1\r\n\r\n",
        b"canary\r\n\r\n",
        b"GET / HTTP/canary\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\ncanary canary: 1\r\n\r\n",
        b"GET /" + b"canary" * 2000 + b" HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: canary\r\n\r\n",
        POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n{}\r\n0\r\n\r\n",
    ],
    ids=["line", "no-request", "version", "header", "long-line", "length", "chunk"],
)
def test_a_request_that_is_none_is_400_and_not_repeated(server: Running, said: bytes):
    head, _, body = server.talk(said).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert id_of(json.loads(body)) == "CDS-3400"
    assert b"canary" not in head + body
    assert "canary" not in server.log.read_text()


def test_a_body_that_ends_early_is_400(server: Running):
    head = POST + f"Content-Length: {len(REQUEST)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        link.sendall(head + REQUEST[:1000])
        link.shutdown(socket.SHUT_WR)
        assert link.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_normal_day_leaves_nothing_in_the_log(serve: Callable[..., Running]):
    server = serve()
    assert post(server, REQUEST)[0] == 200
    assert post(server, b"{")[0] == 400
    server.process.terminate()
    server.process.wait(10)
    assert server.log.read_text().splitlines()[0].startswith("myeloma-cds listens on http://127.0.0.1:")
    assert len(server.log.read_text().splitlines()) == 1


def test_a_stop_finishes_what_is_in_hand(serve: Callable[..., Running]):
    server = serve()
    answers: list[bytes] = []
    half = len(REQUEST) // 2
    head = POST + f"Connection: close\r\nContent-Length: {len(REQUEST)}\r\n\r\n".encode()

    def call_slowly() -> None:
        answers.append(server.talk(head + REQUEST[:half], REQUEST[half:], pause=1))

    calls = [threading.Thread(target=call_slowly) for _ in range(6)]
    for call in calls:
        call.start()
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    for call in calls:
        call.join(10)
    assert server.process.wait(10) == 0
    assert len(answers) == 6
    assert all(answer.startswith(b"HTTP/1.1 200 ") and b'"cards":[{' in answer for answer in answers)
    with pytest.raises(OSError, match="refused"), server.connect() as link:
        link.request("GET", "/ready")


def test_calls_beyond_those_in_hand_are_turned_away_at_once(serve: Callable[..., Running]):
    server = serve(MAX_IN_FLIGHT="2")
    head = POST + f"Content-Length: {len(REQUEST)}\r\n\r\n".encode()
    held = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(2)]
    try:
        for link in held:
            link.sendall(head + REQUEST[:100])
        time.sleep(0.3)
        start = time.monotonic()
        assert post(server, REQUEST)[0] == 503
        assert time.monotonic() - start < 0.5
        for link in held:
            link.sendall(REQUEST[100:])
            assert link.recv(65536).startswith(b"HTTP/1.1 200 ")
    finally:
        for link in held:
            link.close()
    assert post(server, REQUEST)[0] == 200
