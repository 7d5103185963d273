"""Sees what the service answers, and keeps it in the store, the metrics and the log. None of these can cost anyone the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass

from cds_service.errors import MemoryOut
from cds_service.log_events import Event
from cds_service.metrics import Metrics
from cds_service.store.memory import Memory
from cds_service.store.records import Answered, Feedback
from cds_service.store.writer import StoreUnavailable
from cds_service.telemetry import happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One per application."""

    memory: Memory
    metrics: Metrics

    def answered(self, answered: Answered, *, unknown_systems: Sequence[str], overdue: bool) -> None:
        """A chart was judged. `unknown_systems` are the code systems of concepts that no table knows. `overdue`: the review of
        the knowledge was past due."""
        self.metrics.evaluations.labels(answered.outcome, answered.reason).inc()
        self.metrics.count_not_recognised(unknown_systems)
        for rule in answered.rules if answered.cards else ():
            self.metrics.cards.labels(rule, answered.outcome).inc()
        self.metrics.overdue_cards.inc(len(answered.cards) if overdue else 0)
        happened(
            Event.CHART_ANSWERED,
            service=answered.service,
            tenant=answered.tenant,
            outcome=answered.outcome,
            reason=answered.reason,
            rules=answered.rules,
            cards=len(answered.cards),
            fact_digest=answered.fact_digest,
            answer_digest=answered.answer_digest,
            knowledge_digest=answered.knowledge_digest,
        )
        here = copy_context()  # the trace of this call, wherever its loss is told
        self.memory.remember(answered, lost=lambda: here.run(self._store_failed, "answer"))

    def fetched(self, failures: Mapping[str, str], *, tenant: str, open_breakers: int) -> None:
        """Data was fetched; `failures` says by prefetch key how that ended where it did not come whole."""
        self.metrics.breakers.set(open_breakers)
        for key, outcome in failures.items():
            self.metrics.fetch_failures.labels(outcome).inc()
            happened(Event.FETCH_FAILED, tenant=tenant, key=key, outcome=outcome)

    def take_feedback(self, items: Sequence[Feedback], *, service: str, tenant: str) -> None:
        """Keep feedback. Raises MemoryOut when that cannot be done: the caller may then send it again."""
        try:
            new = self.memory.take(items, tenant=tenant)
        except StoreUnavailable:
            self._store_failed("feedback")
            raise MemoryOut from None
        self.metrics.feedback.labels("kept").inc(new)
        self.metrics.feedback.labels("not-kept").inc(len(items) - new)
        happened(Event.FEEDBACK_TAKEN, service=service, tenant=tenant, items=len(items), new=new)

    def _store_failed(self, operation: str) -> None:
        self.metrics.store_failures.labels(operation).inc()
        happened(Event.STORE_FAILED, operation=operation)
