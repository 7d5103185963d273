"""What is counted. Every label has a closed set of values: ids that this service and its knowledge define, never a path.

Names begin with `myeloma_cds_`. With several workers each writes to its own file in the directory that
`PROMETHEUS_MULTIPROC_DIR` names, and any of them answers for all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from tempfile import mkdtemp

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.values import MultiProcessValue

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
OTHER = "other"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = self._counter("calls", "Calls answered.", "service", "status")
        self.seconds = Histogram(
            "myeloma_cds_call_seconds", "Time to answer.", ["service"], buckets=_SECONDS, registry=self.registry
        )
        self.evaluations = self._counter("evaluations", "Charts judged.", "outcome", "reason")
        self.cards = self._counter("cards", "Cards shown, by every rule of the knowledge that decided.", "rule", "outcome")
        self.overdue_cards = self._counter("overdue_cards", "Cards shown when the review of the knowledge was past due.")
        self.not_recognised = self._counter("not_recognised", "Concepts in charts that no table knows.", "system")
        self.fetch_failures = self._counter("fetch_failures", "Data that could not be fetched whole, by how it ended.", "outcome")
        self.breakers = Gauge(
            "myeloma_cds_breakers_open",
            "FHIR servers left alone for a while.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.feedback = self._counter(
            "feedback", "Items of feedback: kept, or not (known before, or no card of theirs).", "outcome"
        )
        self.callers_refused = self._counter("callers_refused", "Tokens that were not admitted.", "reason")
        self.in_flight = Gauge("myeloma_cds_in_flight", "Calls in hand.", registry=self.registry, multiprocess_mode="livesum")
        self.store_failures = self._counter("store_failures", "What the store did not keep, or not in time.", "operation")
        self.log_lines_dropped = self._counter("log_lines_dropped", "Log lines that no one took.")

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"myeloma_cds_{name}", says, labels, registry=self.registry)

    def in_hand(self) -> AbstractContextManager[None]:
        """Count a call as in hand while the block runs."""
        return self.in_flight.track_inprogress()

    def count_not_recognised(self, systems: Iterable[str]) -> None:
        """One for each concept, by its code system."""
        for system in systems:
            self.not_recognised.labels(system).inc()

    def page(self) -> bytes:
        """All of it, in Prometheus' text format."""
        if DIRECTORY_VARIABLE not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
        return generate_latest(together)


@contextmanager
def shared_between_workers() -> Iterator[Callable[[int], None]]:
    """Keep the counts of Metrics made meanwhile in files that all workers share. Gives what to call when a worker has ended."""
    alone, owner = values.ValueClass, os.getpid()
    directory = os.environ[DIRECTORY_VARIABLE] = mkdtemp(prefix="myeloma-cds-metrics-")
    values.ValueClass = MultiProcessValue()  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    try:
        yield mark_process_dead
    finally:
        values.ValueClass = alone
        del os.environ[DIRECTORY_VARIABLE]
        if os.getpid() == owner:  # workers pass here too when they end
            shutil.rmtree(directory, ignore_errors=True)
