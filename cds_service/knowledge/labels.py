"""Whether a regimen meets the label of a jurisdiction in this patient's situation. Labels hold as of the knowledge version."""

from __future__ import annotations

from dataclasses import dataclass

from cds_service.knowledge.case import Case, of_class
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.logic import Truth, all_of
from cds_service.knowledge.model import Label, LabelStatus, Regimen
from fhir_mappings.facts import DrugClass


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFit:
    """`truth` MET: on label. `because` says which demands fail; `unknown` what would be needed to tell."""

    truth: Truth
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def fit(regimen: Regimen, jurisdiction: Jurisdiction, case: Case) -> LabelFit:
    """The label of the jurisdiction against the history. A label not known counts as not met, and says so."""
    label = regimen.labels.get(jurisdiction)
    if label is None or label.status is LabelStatus.UNKNOWN:
        return LabelFit(truth=Truth.NOT_MET, because=("label-status-unknown",))
    if label.status is not LabelStatus.APPROVED:
        return LabelFit(truth=Truth.NOT_MET, because=(str(label.status),))
    failed = [*_lines(label, case), *_exposure(label, case)]
    failed_refractory, undecided = _refractoriness(label, case)
    failed += failed_refractory
    truth = all_of([Truth.NOT_MET] if failed else [Truth.UNKNOWN] if undecided else [])
    return LabelFit(truth=truth, because=tuple(dict.fromkeys(failed)), unknown=tuple(dict.fromkeys(undecided)))


def _lines(label: Label, case: Case) -> list[str]:
    lines = case.history.prior_lines
    if lines < label.min_lines:
        return [f"label-needs-{label.min_lines}-prior-lines" if label.min_lines > 1 else "label-needs-1-prior-line"]
    if label.max_lines is not None and lines > label.max_lines:
        return [f"label-allows-at-most-{label.max_lines}-prior-lines"]
    return []


def _exposure(label: Label, case: Case) -> list[str]:
    classes = [f"label-needs-prior-{c}" for c in label.prior_classes if not case.exposed((str(c),))]
    return classes + [f"label-needs-prior-{drug}" for drug in label.prior_drugs if drug not in case.history.exposed_to]


def _refractoriness(label: Label, case: Case) -> tuple[list[str], list[str]]:
    failed: list[str] = []
    undecided: list[str] = []
    history = case.history
    needed = label.refractory_drugs + (label.refractory_after_one_line if history.prior_lines == 1 else ())
    for drug in needed:
        if drug in history.refractory_undecided:
            undecided.append(f"{drug}-refractoriness")
        elif drug not in history.refractory_to:
            failed.append(f"label-needs-{drug}-refractory")
    for drug_class, number in label.refractory_classes:
        known, possible = _refractory_counts(case, drug_class)
        if known < number:
            (undecided if possible >= number else failed).append(
                f"{drug_class}-refractoriness" if possible >= number else f"label-needs-{number}-{drug_class}-refractory"
            )
    if label.progressed_on_last:
        truth = _progressed_on_last(case)
        if truth is Truth.NOT_MET:
            failed.append("label-needs-progression-on-last-therapy")
        elif truth is Truth.UNKNOWN:
            undecided.append("stop-reason")
    return failed, undecided


def _refractory_counts(case: Case, drug_class: DrugClass) -> tuple[int, int]:
    known = len(case.refractory((str(drug_class),)))
    return known, known + len(case.undecided((str(drug_class),)))


def _progressed_on_last(case: Case) -> Truth:
    """Progression on or within 60 days of the last therapy: a drug of the last line is refractory."""
    if not case.history.lines:
        return Truth.NOT_MET
    last = case.history.lines[-1].drugs
    steroids = of_class((DrugClass.CORTICOSTEROID,))
    drugs = [d for d in last if not case.counts_as(d, steroids)]
    if any(d in case.history.refractory_to for d in drugs):
        return Truth.MET
    return Truth.UNKNOWN if any(d in case.history.refractory_undecided for d in drugs) else Truth.NOT_MET
