"""Reading a JWK set from a file or from a configured URL, whole and small, or not at all."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from queue import Empty, Queue

import requests
import urllib3

MAX_BYTES = 64 * 1024
DEADLINE_SECONDS = 1.0
_CONNECT_SECONDS = 0.5
_IDLE_SECONDS = 0.5
_PIECE = 16 * 1024


class KeysUnavailable(Exception):
    """No keys were had; the message is a constant and repeats nothing that was received."""


def read_key_file(file: Path) -> bytes:
    """The content of a JWK set file."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError:
        raise KeysUnavailable("the file cannot be read") from None
    if len(content) > MAX_BYTES:
        raise KeysUnavailable("it is too large")
    return content


def read_key_url(url: str, *, ca_file: Path | None = None) -> bytes:
    """The body of a 200 answer within DEADLINE_SECONDS, however the server behaves: no redirect, no proxy of the environment.
    `ca_file`: the authorities to trust in place of the public ones."""
    answer: Queue[bytes | KeysUnavailable] = Queue(1)

    def fetch() -> None:
        try:
            answer.put(_fetch(url, ca_file, until=time.monotonic() + DEADLINE_SECONDS))
        except KeysUnavailable as failed:
            answer.put(failed)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            answer.put(KeysUnavailable("the server cannot be reached"))

    # Looking up a name has no time limit of its own; so the call waits for a thread, and leaves it behind when time is up.
    threading.Thread(target=fetch, daemon=True).start()
    try:
        content = answer.get(timeout=DEADLINE_SECONDS)
    except Empty:
        raise KeysUnavailable("the server is too slow") from None
    if isinstance(content, KeysUnavailable):
        raise content
    return content


def _fetch(url: str, ca_file: Path | None, *, until: float) -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = True if ca_file is None else str(ca_file)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        with session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=(_CONNECT_SECONDS, _IDLE_SECONDS)
        ) as response:
            if response.status_code != requests.codes.ok:
                raise KeysUnavailable("the server did not answer 200")
            content = bytearray()
            while piece := response.raw.read1(_PIECE, decode_content=True):
                content += piece
                if len(content) > MAX_BYTES:
                    raise KeysUnavailable("it is too large")
                if time.monotonic() > until:
                    raise KeysUnavailable("the server is too slow")
            return bytes(content)
