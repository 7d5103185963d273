"""What the answer says to a program: an `Evaluation` as the extension object that every response carries.

The shape is described in `docs/reference/evaluation.schema.json`. No member is null or empty: what has nothing to say is left
out. Members and lists stand in a fixed order, so that equal evaluations give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cds_service.knowledge.evaluation import CurrentPractice, Evaluation, RegimenReasons, SwitchClass, UsedMeasurement
from cds_service.numbers import shown
from fhir_mappings.facts import History, LineOfTherapy, PartialDate, Relapse, StopReason

EXTENSION_NAME = "org.myeloma-cds.evaluation"


def as_extension(evaluation: Evaluation) -> dict[str, Any]:
    """The value of `extension["org.myeloma-cds.evaluation"]`, ready for a JSON encoder."""
    accounting = evaluation.accounting
    return _filled(
        outcome=evaluation.outcome.value,
        reason=evaluation.reason,
        asOf=evaluation.as_of.isoformat(),
        jurisdiction=evaluation.jurisdiction.value,
        knowledge={"version": evaluation.knowledge_version, "digest": evaluation.knowledge_digest},
        history=_history(evaluation.history),
        measurements={
            _camel(used.analyte.value): _measurement(used, used.value)
            for used in evaluation.measurements
            if used.value is not None
        },
        switchClass=_switch_class(evaluation.switch_class),
        currentPractice=_current_practice(evaluation.current_practice),
        unknown=list(evaluation.unknown),
        conflicts=_distinct(conflict.code for conflict in evaluation.conflicts),
        unreadable=accounting.unreadable,
        notRecognised=accounting.not_recognised,
        ignored=accounting.ignored,
    )


def _history(history: History) -> dict[str, Any]:
    return _filled(
        linesOfTherapy=[_line(line) for line in history.lines],
        exposedTo=sorted(history.exposed_to),
        refractoryTo=sorted(history.refractory_to),
        intolerantTo=sorted(history.intolerant_to),
        relapse=_relapse(history.relapse),
    )


def _line(line: LineOfTherapy) -> dict[str, Any]:
    """A line that is still being given has no end and so no reason for one."""
    running = line.ongoing and line.end_reason is StopReason.UNKNOWN
    return _filled(
        line=line.number,
        drugs=list(line.drugs),
        start=_date(line.start),
        end=_date(line.end),
        transplant=_date(line.transplant),
        transplantUndated=True if line.had_transplant and line.transplant is None else None,
        endReason=None if running else line.end_reason.value,
        inferred=list(line.inferred),
        sources=list(line.sources),
    )


def _relapse(relapse: Relapse | None) -> dict[str, Any] | None:
    if relapse is None:
        return None
    given = _filled(
        date=_date(relapse.on),
        kind=relapse.kind.value,
        anchor=relapse.anchor,
        anchorDate=_date(relapse.anchor_date),
    )
    if relapse.months is not None:
        given["months"] = relapse.months  # 0 and False say something: they are not "empty"
    if relapse.early is not None:
        given["early"] = relapse.early
    if relapse.sources:
        given["sources"] = list(relapse.sources)
    return given


def _measurement(used: UsedMeasurement, value: float) -> dict[str, Any]:
    """A value that is a number. A comparator or a disputed result is none: the card tells of it, a program finds nothing."""
    given: dict[str, Any] = {"value": shown(value)}
    if used.with_pain is not None:
        given["withPain"] = used.with_pain
    return given | _filled(unit=used.unit, method=used.method, date=_date(used.on), sources=list(used.sources))


def _switch_class(answer: SwitchClass) -> dict[str, Any]:
    return _filled(
        row=answer.row,
        preferred=list(answer.preferred),
        suppressed=_reasons(answer.suppressed),
        notes=list(answer.notes),
        whyNot=_reasons(answer.why_not),
    )


def _current_practice(answer: CurrentPractice | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    options = [
        _filled(
            regimen=option.regimen,
            verdict=option.verdict.value,
            because=list(option.because),
            evidence=list(option.evidence),
        )
        for option in answer.options
    ]
    return _filled(situation=answer.situation, options=options)


def _reasons(named: Iterable[RegimenReasons]) -> list[dict[str, Any]]:
    return [_filled(regimen=each.regimen, because=list(each.because)) for each in named]


def _filled(**members: object) -> dict[str, Any]:
    """The members that say something: None, zero counts and empty texts, lists and objects are left out."""
    return {name: value for name, value in members.items() if value or value is False}


def _distinct(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _date(value: PartialDate | None) -> str | None:
    return None if value is None else str(value)


def _camel(code: str) -> str:
    first, *rest = code.split("-")
    return first + "".join(part.capitalize() for part in rest)
