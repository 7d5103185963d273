"""What the caller did not send, fetched: in parallel, under one deadline, and no more than the answer needs.

Only keys that are absent are fetched, and pages that are announced: `null` is an answer, and an OperationOutcome means that the
caller has tried already. Nothing is kept from one call to the next but connections and the breakers over them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cds_service.deadline import Deadline
from cds_service.fetched import Fetched, FhirSource, Outcome
from cds_service.medication_reads import with_medications
from cds_service.paging import MAX_BYTES, failure, is_page, next_link, whole_search
from cds_service.settings import Settings
from fhir_mappings.bundle import MEDICATION_KEYS

if TYPE_CHECKING:
    from cds_service.fhir_client import FhirClient

PATIENT_TOKEN = "{{context.patientId}}"  # noqa: S105  # a placeholder of CDS Hooks
PARALLEL = 8
# Fetching ends this much before the deadline of the call, so that what did come can still be judged by then.
MARGIN_SECONDS = 0.05
MAX_SERVERS = 64

Prefetch = Mapping[str, object]
Answer = tuple[object, Outcome]  # the value for one key, and `ok` or why it is not whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a service asks of a chart: a template per key, and the key that is looked at first and that no answer does without.

    `goes_on` says from a chart with that key whether any other data can matter.
    """

    templates: Mapping[str, str]
    first: str
    goes_on: Callable[[Prefetch], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The chart with what was fetched under its keys, and how fetching failed, by key. `settled`: the first key was enough."""

    prefetch: Prefetch
    failures: Mapping[str, Outcome] = field(default_factory=dict)
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One call's way to one server."""

    client: FhirClient
    source: FhirSource
    patient_id: str
    deadline: Deadline

    def fetch(self, template: str) -> Answer:
        """The value for one key, and `ok` or why it is not whole."""
        path = "/" + template.replace(PATIENT_TOKEN, self.patient_id)
        fetched = self.get(path, MAX_BYTES)
        if fetched.resource is None:
            return failure(fetched.outcome), fetched.outcome
        if "?" in path:
            return self.follow(template, fetched.resource, size=fetched.size)
        right = fetched.resource["resourceType"] == _type_of(template)
        return (fetched.resource, Outcome.OK) if right else (failure(Outcome.UNREADABLE), Outcome.UNREADABLE)

    def follow(self, template: str, first: Prefetch, *, size: int = 0) -> Answer:
        """The search whole that `first` is a page of."""
        if not is_page(first):
            return failure(Outcome.UNREADABLE), Outcome.UNREADABLE
        return whole_search(
            first,
            size=size,
            read_page=self.get,
            base=self.source.base,
            resource_type=_type_of(template),
            patient_id=self.patient_id,
        )

    def get(self, path: str, max_bytes: int) -> Fetched:
        """One resource, read by the deadline."""
        return self.client.get(
            path, token=self.source.token, traceparent=self.source.traceparent, deadline=self.deadline, max_bytes=max_bytes
        )


class Fetcher:
    """Completes charts. One per worker, shared between its threads; connections are opened when they are first needed."""

    def __init__(self, *, deadline_seconds: float, head_start_seconds: float, ca_file: Path | None = None) -> None:
        self._deadline_seconds = deadline_seconds
        self._head_start_seconds = head_start_seconds
        self._ca_file = ca_file
        self._clients: OrderedDict[tuple[str, str], FhirClient] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(
            deadline_seconds=settings.fetch_deadline_ms / 1000,
            head_start_seconds=settings.fetch_head_start_ms / 1000,
            ca_file=settings.ca_file,
        )

    def complete(
        self, prefetch: Prefetch, *, patient_id: str, wanted: Wanted, source: FhirSource | None, tenant: str
    ) -> Completed:
        """The chart as far as it can be had by the deadline. Without a source it stays as it was sent."""
        if source is None:
            return Completed(prefetch=prefetch)
        client = self._client(tenant, source.base)  # the first one takes a moment that is not the server's
        deadline = Deadline.after(self._deadline_seconds).earlier(MARGIN_SECONDS)
        errand = _Errand(client=client, source=source, patient_id=patient_id, deadline=deadline)
        pool = ThreadPoolExecutor(max_workers=PARALLEL, thread_name_prefix="fetch")
        try:
            return _Completion(errand, pool, prefetch).run(wanted, self._head_start_seconds)
        finally:
            # Threads that still wait for the server end by themselves, one idle time-out after the deadline at the latest.
            pool.shutdown(wait=False, cancel_futures=True)

    def open_breakers(self) -> int:
        """How many servers are left alone for a while."""
        with self._lock:
            return sum(client.breaker.is_open for client in self._clients.values())

    def _client(self, tenant: str, base: str) -> FhirClient:
        with self._lock:
            client = self._clients.get((tenant, base)) or self._new_client(base)
            self._clients[tenant, base] = client
            self._clients.move_to_end((tenant, base))
            if len(self._clients) > MAX_SERVERS:
                self._clients.popitem(last=False)
            return client

    def _new_client(self, base: str) -> FhirClient:
        from cds_service.fhir_client import FhirClient  # noqa: PLC0415  # slow to import, and who sends all data needs none

        return FhirClient(base, ca_file=self._ca_file)


class _Completion:
    """One chart while it is being completed."""

    def __init__(self, errand: _Errand, pool: ThreadPoolExecutor, prefetch: Prefetch) -> None:
        self._errand = errand
        self._pool = pool
        self._held: dict[str, object] = dict(prefetch)
        self._failures: dict[str, Outcome] = {}

    def run(self, wanted: Wanted, head_start: float) -> Completed:
        """Look at the first key, and go on with the rest if it can matter."""
        work = {key: task for key, template in wanted.templates.items() if (task := self._task(key, template))}
        running: dict[str, Future[Answer]] = {}
        if first := work.pop(wanted.first, None):
            started = self._pool.submit(first)
            # A quick server is asked nothing in vain; a slow one is not asked one thing after the other.
            if not wait([started], timeout=head_start).done:
                running, work = self._start(work), {}
            self._take({wanted.first: started})
            if self._failures.get(wanted.first) is not None and not is_page(self._held.get(wanted.first)):
                return self._completed()
        if not wanted.goes_on(self._held):
            return self._completed(settled=True)
        running |= self._start(work)
        # What the lists of medications refer to is read while other, slower searches are still under way.
        self._take({key: running.pop(key) for key in MEDICATION_KEYS if key in running})
        read, unread = with_medications(self._held, base=self._errand.source.base, read=self._read_all)
        self._held.update(read)
        self._failures = {**unread, **self._failures}
        self._take(running)
        return self._completed()

    def _completed(self, *, settled: bool = False) -> Completed:
        return Completed(prefetch=self._held, failures=self._failures, settled=settled)

    def _task(self, key: str, template: str) -> Callable[[], Answer] | None:
        """What there is to do for a key, if anything."""
        if key not in self._held:
            return partial(self._errand.fetch, template)
        value = self._held[key]
        if isinstance(value, Mapping) and next_link(value) is not None:
            return partial(self._errand.follow, template, value)
        return None

    def _start(self, work: Mapping[str, Callable[[], Answer]]) -> dict[str, Future[Answer]]:
        return {key: self._pool.submit(task) for key, task in work.items()}

    def _take(self, running: Mapping[str, Future[Answer]]) -> None:
        """Wait for what is running and keep what came in time. What comes later is never looked at."""
        in_time = wait(running.values(), timeout=self._errand.deadline.left()).done
        for key, future in running.items():
            value, outcome = future.result() if future in in_time else (failure(Outcome.LATE), Outcome.LATE)
            if future in in_time or key not in self._held:
                self._held[key] = value
            if outcome is not Outcome.OK:
                self._failures[key] = outcome

    def _read_all(self, paths: Iterable[str]) -> dict[str, Fetched]:
        """One read per path, in parallel."""
        running = {path: self._pool.submit(self._errand.get, path, MAX_BYTES) for path in paths}
        in_time = wait(running.values(), timeout=self._errand.deadline.left()).done
        return {path: future.result() if future in in_time else Fetched(outcome=Outcome.LATE) for path, future in running.items()}


def _type_of(template: str) -> str:
    return template.partition("?")[0].partition("/")[0]
