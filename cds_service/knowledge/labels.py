"""Whether a regimen meets the label of a jurisdiction in this patient's situation. Labels hold as of the knowledge version."""

from __future__ import annotations

from cds_service.knowledge.case import Case
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.regimens import Label, LabelStatus, Progression, Regimen
from fhir_mappings.facts import DrugClass
from fhir_mappings.facts.frozen import frozen


@frozen()
class LabelFit:
    """`truth` MET: on label. `because` says which demands fail; `unknown` what the chart lacks to tell; `unclear` what the
    label, as far as it is known here, leaves open."""

    truth: Truth
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def fit(regimen: Regimen, jurisdiction: Jurisdiction, case: Case) -> LabelFit:
    """The label of the jurisdiction against the history. A label not known counts as not met, and says so."""
    label = regimen.labels.get(jurisdiction)
    if label is None or label.status is LabelStatus.UNKNOWN:
        return LabelFit(truth=Truth.NOT_MET, because=("label-status-unknown",))
    if label.status is LabelStatus.TERMS_NOT_SEEN:
        return LabelFit(truth=Truth.UNKNOWN, unclear=("label-terms-not-seen",))
    if label.status is not LabelStatus.APPROVED:
        return LabelFit(truth=Truth.NOT_MET, because=(str(label.status),))
    failed_refractory, undecided = _refractoriness(label, case)
    progression = _progression(label, case)
    failed = (*_lines(label, case), *_exposure(label, case), *failed_refractory, *progression.because)
    unknown = (*undecided, *progression.unknown)
    left = Truth.UNKNOWN if unknown or progression.unclear else Truth.MET
    return LabelFit(
        truth=Truth.NOT_MET if failed else left,
        because=tuple(dict.fromkeys(failed)),
        unknown=tuple(dict.fromkeys(unknown)),
        unclear=progression.unclear,
    )


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
    return failed, undecided


def _refractory_counts(case: Case, drug_class: DrugClass) -> tuple[int, int]:
    known = len(case.refractory((str(drug_class),)))
    return known, known + len(case.undecided((str(drug_class),)))


def _progression(label: Label, case: Case) -> LabelFit:
    """Progression on the last therapy. At every relapse the disease has progressed after it; a wording without a time limit
    leaves open whether that is enough."""
    if label.progressed_on_last is None:
        return LabelFit(truth=Truth.MET)
    relapse = case.history.relapse
    truth = Truth.of(relapse.on_therapy if relapse else None)
    if truth is Truth.MET:
        return LabelFit(truth=truth)
    if label.progressed_on_last is Progression.NO_LIMIT:
        return LabelFit(truth=Truth.UNKNOWN, unclear=("label-undecided",))
    if truth is Truth.UNKNOWN:
        return LabelFit(truth=truth, unknown=("stop-reason",))
    return LabelFit(truth=truth, because=("label-needs-progression-on-last-therapy",))
