"""The founding policy: at first relapse change the drug class. Thin: rows, reasons and notes are read from its data file."""

from __future__ import annotations

from collections.abc import Mapping

from cds_service.knowledge import labels
from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria import judge_all
from cds_service.knowledge.evaluation import Jurisdiction, RegimenReasons, SwitchClass
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.policies import Remark, Row
from cds_service.knowledge.rules import Policy
from cds_service.knowledge.safety import Safety, assess, unique
from fhir_mappings.facts import Course


def answer(case: Case, jurisdiction: Jurisdiction) -> SwitchClass:
    """The row that applies, what safety leaves of it, and why not the others."""
    policy = case.knowledge.switch_class
    row = next((row for row in policy.rows if judge_all(row.when, case).truth is Truth.MET), None)
    safety = {name: assess(case.knowledge.regimens[name], Policy.SWITCH_CLASS, case) for name in policy.regimens}
    offered = row.regimens if row else ()
    preferred = tuple(name for name in offered if not safety[name].blocks)
    return SwitchClass(
        row=row.id if row else None,
        title=row.title if row else None,
        rationale=row.rationale if row else None,
        preferred=preferred,
        check_first=tuple(RegimenReasons(regimen=n, because=safety[n].checks) for n in preferred if safety[n].checks),
        suppressed=tuple(RegimenReasons(regimen=n, because=safety[n].blocks) for n in offered if safety[n].blocks),
        why_not=_why_not(case, row, safety),
        notes=_notes(case, row, preferred, jurisdiction),
        findings=tuple((name, safety[name].findings) for name in offered),
        sources=(row.source,) if row else (),
    )


def _why_not(case: Case, row: Row | None, safety: Mapping[str, Safety]) -> tuple[RegimenReasons, ...]:
    policy = case.knowledge.switch_class
    reasons = []
    for name in policy.regimens:
        if row and name in row.regimens:
            continue
        said = [r.because for r in policy.why_not if name in r.regimens and _applies(r, row, case)]
        because = unique([*said, *safety[name].blocks]) or ("not-the-row-of-this-history",)
        reasons.append(RegimenReasons(regimen=name, because=because))
    return tuple(reasons)


def _applies(remark: Remark, row: Row | None, case: Case) -> bool:
    """A remark without rows belongs to every row, and to none."""
    if remark.rows and (row is None or row.id not in remark.rows):
        return False
    return judge_all(remark.when, case).truth is Truth.MET


def _notes(case: Case, row: Row | None, preferred: tuple[str, ...], jurisdiction: Jurisdiction) -> tuple[str, ...]:
    policy, regimens = case.knowledge.switch_class, case.knowledge.regimens
    notes = [
        remark.because
        for remark in policy.notes
        if _applies(remark, row, case) and (not remark.regimens or set(remark.regimens) & set(preferred))
    ]
    if row and case.history.course is Course.LATER_RELAPSE:
        notes.append("later-relapse-teaching-answer")
    if any(labels.fit(regimens[name], jurisdiction, case).truth is Truth.NOT_MET for name in preferred):
        notes.append("off-label")
    return unique(notes)
