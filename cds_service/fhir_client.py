"""One GET from one FHIR server, bounded in time and bytes, with a closed list of outcomes. Nothing else ever comes back.

No redirect is followed, no proxy, `.netrc` or cookie is used, and no exception text is kept: it would quote the address, and with
it the patient's id.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from cds_service import strict_json
from cds_service.breaker import Breaker
from cds_service.clocked_transport import IDLE_SECONDS, ClockedAdapter, reading_until
from cds_service.deadline import Deadline
from cds_service.errors import NotJson
from cds_service.fetched import Fetched, Outcome

CONNECT_SECONDS = 0.3
RETRY_NEEDS_SECONDS = 0.3
RETRY_PAUSE_SECONDS = 0.05
CONNECTIONS = 16  # kept open per server
_PIECE = 64 * 1024
_HEADERS = {"Accept": "application/fhir+json", "Accept-Encoding": "gzip", "User-Agent": "myeloma-cds"}
_GONE = frozenset({404, 410})
_RETRIED = frozenset({502, 503, 504})
# What speaks against the server itself rather than against one question.
_SERVER_FAILURES = frozenset({Outcome.NOT_REACHABLE, Outcome.FAILED, Outcome.THROTTLED, Outcome.LATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    fetched: Fetched
    retry_after: float | None = None  # seconds; None: not to be tried again


class FhirClient:
    """The connections to one base URL, and the breaker over them. Shared between threads; holds no token and no answer.
    `ca_file`: the authorities to trust in place of the public ones."""

    def __init__(self, base: str, *, ca_file: Path | None = None) -> None:
        self.base = base
        self.breaker = Breaker()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = True if ca_file is None else str(ca_file)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        self._session.headers.update(_HEADERS)
        adapter = ClockedAdapter(pool_connections=1, pool_maxsize=CONNECTIONS)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(
        self, path: str, *, token: str | None, deadline: Deadline, max_bytes: int, traceparent: str | None = None
    ) -> Fetched:
        """The resource at `path`, which begins with `/` or `?` and is a search when it has a query.

        At most one more attempt, and only when the budget has room for it.
        """
        granted = deadline.left()
        if granted <= 0:
            return Fetched(outcome=Outcome.LATE)
        if not self.breaker.admits():
            return Fetched(outcome=Outcome.NOT_REACHABLE)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if traceparent:
            headers["traceparent"] = traceparent
        attempt = self._attempt(path, headers, deadline, max_bytes)
        pause = attempt.retry_after
        if pause is not None and deadline.left() >= pause + RETRY_NEEDS_SECONDS:
            time.sleep(pause)
            attempt = self._attempt(path, headers, deadline, max_bytes)
        outcome = attempt.fetched.outcome
        if outcome is Outcome.LATE and granted < IDLE_SECONDS:
            self.breaker.undecided()  # the time was short, which is no fault of the server's
        elif outcome in _SERVER_FAILURES:
            self.breaker.failed()
        else:
            self.breaker.succeeded()
        return attempt.fetched

    def _attempt(self, path: str, headers: Mapping[str, str], deadline: Deadline, max_bytes: int) -> _Try:
        try:
            timeout = (deadline.at_most(CONNECT_SECONDS), deadline.at_most(IDLE_SECONDS))
            with (
                reading_until(deadline),
                self._session.get(
                    self.base + path, headers=headers, timeout=timeout, stream=True, allow_redirects=False
                ) as response,
            ):
                refusal = _refusal(response, is_search="?" in path)
                return refusal or _Try(fetched=_read(response, deadline, max_bytes))
        except requests.ConnectTimeout:
            return _Try(fetched=Fetched(outcome=Outcome.NOT_REACHABLE))
        except (requests.Timeout, ReadTimeoutError, TimeoutError):
            return _Try(fetched=Fetched(outcome=Outcome.LATE))
        except requests.ConnectionError:
            return _Try(fetched=Fetched(outcome=Outcome.NOT_REACHABLE), retry_after=0)
        except (requests.RequestException, HTTPError, OSError, ValueError):
            return _Try(fetched=Fetched(outcome=Outcome.UNREADABLE))


def _refusal(response: requests.Response, *, is_search: bool) -> _Try | None:
    """What a status other than 200 means. Not to find the address of a search says nothing about the patient."""
    status = response.status_code
    if status == 200:
        return None
    if status in (401, 403):
        outcome = Outcome.REFUSED
    elif status in _GONE and not is_search:
        outcome = Outcome.NOT_FOUND
    elif status == 429:
        outcome = Outcome.THROTTLED
    else:
        outcome = Outcome.FAILED if status >= 500 and status != 501 else Outcome.UNSUPPORTED
    named = response.headers.get("Retry-After")
    pause = None
    if status in _RETRIED or (status == 429 and named is not None):
        pause = RETRY_PAUSE_SECONDS if named is None else _seconds(named)
    return _Try(fetched=Fetched(outcome=outcome), retry_after=pause)


def _seconds(retry_after: str) -> float | None:
    """The pause that a Retry-After header asks for, as seconds or as a date; None when it says nothing we can read."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _read(response: requests.Response, deadline: Deadline, max_bytes: int) -> Fetched:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type and not media_type.endswith("json"):
        return Fetched(outcome=Outcome.UNREADABLE)
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            size += len(piece)
            if size > max_bytes:
                return Fetched(outcome=Outcome.TOO_LARGE, size=size)
            pieces.append(piece)
            deadline.at_most(IDLE_SECONDS)
        value = strict_json.load(b"".join(pieces))
    except (DecodeError, NotJson):
        return Fetched(outcome=Outcome.UNREADABLE, size=size)
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return Fetched(outcome=Outcome.UNREADABLE, size=size)
    if value["resourceType"] == "OperationOutcome":
        return Fetched(outcome=Outcome.UNSUPPORTED, size=size)
    return Fetched(outcome=Outcome.OK, resource=value, size=size)
