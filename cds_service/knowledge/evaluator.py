"""From facts and history to an evaluation: is there a question, what do the two policies answer, what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from cds_service.knowledge import current_practice, proposals, switch_class
from cds_service.knowledge.case import Case, open_case
from cds_service.knowledge.evaluation import (
    Comparison,
    CurrentPractice,
    Evaluation,
    Jurisdiction,
    Outcome,
    SwitchClass,
    Verdict,
)
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.model import Knowledge
from fhir_mappings.facts import Conflict, Course, History, PatientFacts

OUTCOMES: Mapping[Course, Outcome] = {
    Course.NO_MYELOMA: Outcome.NOT_APPLICABLE,
    Course.PRECURSOR: Outcome.NOT_APPLICABLE,
    Course.OTHER_DISORDER: Outcome.NOT_APPLICABLE,
    Course.DECEASED: Outcome.NOT_APPLICABLE,
    Course.NEWLY_DIAGNOSED: Outcome.NOT_APPLICABLE,
    Course.IN_REMISSION: Outcome.NOT_RELAPSED,
    Course.ON_TREATMENT: Outcome.NOT_RELAPSED,
    Course.FIRST_RELAPSE: Outcome.RECOMMENDATION,
    Course.LATER_RELAPSE: Outcome.RECOMMENDATION,
    Course.RELAPSE_NOT_ESTABLISHED: Outcome.INSUFFICIENT_DATA,
    Course.HISTORY_MISSING: Outcome.INSUFFICIENT_DATA,
    Course.DATES_UNDECIDABLE: Outcome.INSUFFICIENT_DATA,
    Course.CONTRADICTORY: Outcome.CONFLICTING_DATA,
}
ALL_OPTIONS_REMOVED = "all-options-removed"
HISTORY_INCOMPLETE = "history-incomplete"
# The order in which missing facts are listed; others follow by name.
UNKNOWN_ORDER = (
    "relapse-date", "stop-reason", "therapy-history", "creatinine-clearance", "weight", "neuropathy-grade", "heart-function",
    "pregnancy-status",
)  # fmt: skip


def evaluate(
    facts: PatientFacts, history: History, knowledge: Knowledge, *, as_of: date, jurisdiction: Jurisdiction
) -> Evaluation:
    """The whole answer for one chart on one day. Total: every chart has an answer; the same input gives the same object."""
    outcome = OUTCOMES[history.course]
    incomplete = HISTORY_INCOMPLETE in history.notes or bool(facts.accounting.incomplete)
    notes = tuple(dict.fromkeys([*history.notes, *((HISTORY_INCOMPLETE,) if incomplete else ())]))
    plain = Evaluation(
        outcome=outcome,
        reason=str(history.course),
        as_of=as_of,
        jurisdiction=jurisdiction,
        knowledge_version=knowledge.version,
        knowledge_digest=knowledge.digest,
        history=history,
        switch_class=SwitchClass(notes=notes),
        unknown=_in_order(set(history.unknown)),
        conflicts=_sorted(set(history.conflicts)),
        accounting=facts.accounting,
    )
    if outcome is not Outcome.RECOMMENDATION:
        return plain
    return _with_policies(plain, open_case(facts, history, knowledge, as_of=as_of), notes)


def _with_policies(plain: Evaluation, case: Case, notes: tuple[str, ...]) -> Evaluation:
    founding = switch_class.answer(case, plain.jurisdiction)
    row = next((row for row in case.knowledge.switch_class.rows if row.id == founding.row), None)
    # Later on the founding row is a teaching answer: it breaks no tie.
    first = case.history.course is Course.FIRST_RELAPSE
    practice = current_practice.answer(case, plain.jurisdiction, row.regimens if row and first else ())
    standing = _standing(founding, practice)
    possible = [o for o in practice.options if o.verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST)] if practice else []
    empty = not founding.preferred and not possible
    found = {*plain.conflicts, *case.readings.conflicts}
    return replace(
        plain,
        outcome=Outcome.NO_REGIMEN if empty else Outcome.RECOMMENDATION,
        reason=ALL_OPTIONS_REMOVED if empty else plain.reason,
        measurements=tuple(case.readings.used.values()),
        unusable=case.readings.unusable,
        switch_class=replace(founding, notes=tuple(dict.fromkeys([*founding.notes, *notes]))),
        current_practice=practice,
        comparison=_comparison(founding, practice, case),
        doses=proposals.doses(standing, case, held=tuple(note for note in notes if note == HISTORY_INCOMPLETE)),
        supportive=proposals.supportive_checks(standing, case),
        unknown=_in_order({*plain.unknown, *_missing(founding, practice)}),
        conflicts=_sorted(found),
    )


def _standing(founding: SwitchClass, practice: CurrentPractice | None) -> tuple[str, ...]:
    """The regimens that may be proposed: the founding answer, then the options by rank."""
    options = [o.regimen for o in practice.options if o.verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST)] if practice else []
    return tuple(dict.fromkeys([*founding.preferred, *options]))


def _comparison(founding: SwitchClass, practice: CurrentPractice | None, case: Case) -> Comparison | None:
    row = next((row for row in case.knowledge.switch_class.rows if row.id == founding.row), None)
    if row is None or practice is None:
        return None
    first = [o.regimen for o in practice.options if o.rank == 1 and o.verdict is Verdict.SUITABLE]
    agrees = bool(set(first) & set(founding.preferred))
    return Comparison(agrees=agrees, text=case.knowledge.current_practice.agrees if agrees else row.differs)


def _missing(founding: SwitchClass, practice: CurrentPractice | None) -> set[str]:
    findings = [finding for _, found in founding.findings for finding in found]
    findings += [finding for option in practice.options for finding in option.findings] if practice else []
    return {name for finding in findings if finding.truth is Truth.UNKNOWN for name in finding.unknown}


def _in_order(names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in UNKNOWN_ORDER if name in names) + tuple(sorted(names - set(UNKNOWN_ORDER)))


def _sorted(conflicts: set[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(conflicts, key=lambda c: (c.code, c.sources, c.decides)))
