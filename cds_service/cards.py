"""From an evaluation to CDS Hooks cards: none, or the one card of the chart.

A card on `patient-view` informs and never stops anything, so it is `info`, or `warning` where the reader should slow down;
`critical` is kept for orders about to be signed. Nothing happens without a person: no system action, no app that launches itself.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from cds_service.card_detail import detail
from cds_service.card_summary import summary
from cds_service.knowledge.evaluation import Evaluation, Outcome, Verdict
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.regimens import Trial
from cds_service.markdown import is_safe_url
from cds_service.suggestions import standing, suggestions_for, teaching_only

SOURCE_PATH = "/knowledge"
MOST_LINKS = 8
SILENT = frozenset({Outcome.NOT_APPLICABLE, Outcome.NOT_RELAPSED})

TOPIC = {"system": "http://snomed.info/sct", "code": "109989006", "display": "Multiple myeloma"}

OVERRIDE_SYSTEM = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
# The codes of the HL7 value set for clinicians that teach us something about a regimen; the words are ours.
OVERRIDE_REASONS = (
    ("patient-contraindication", "Contraindicated for this patient"),
    ("action-unsuccessful", "Already tried and failed"),
    ("service-not-available", "Drug or treatment not available here"),
    ("too-costly-uncovered", "Too costly or not covered"),
    ("does-not-align-preferences", "Against the patient's preferences"),
    ("patient-refuses", "Patient refuses"),
    ("recipient-disagrees-evidence", "I read the evidence differently"),
    ("cds-not-applicable", "Does not apply to this patient"),
    ("action-completed", "Already done"),
)


def cards_for(evaluation: Evaluation, knowledge: Knowledge, *, patient_id: str, base_url: str | None) -> list[dict[str, Any]]:
    """The cards of a response: empty when there is nothing to say, else one. `patient_id` must be a FHIR id."""
    if evaluation.outcome in SILENT:
        return []
    card: dict[str, Any] = {
        "uuid": str(uuid4()),
        "summary": summary(evaluation, knowledge),
        "detail": detail(evaluation, knowledge),
        "indicator": _indicator(evaluation),
        "source": _source(evaluation, base_url),
    }
    if evaluation.outcome is Outcome.RECOMMENDATION:
        suggestions = suggestions_for(evaluation, knowledge, patient_id=patient_id)
        if suggestions:
            card |= {"suggestions": suggestions, "selectionBehavior": "at-most-one"}
    card["overrideReasons"] = [{"system": OVERRIDE_SYSTEM, "code": code, "display": text} for code, text in OVERRIDE_REASONS]
    links = _links(evaluation, knowledge)
    if links:
        card["links"] = links
    return [card]


def _indicator(evaluation: Evaluation) -> str:
    """`warning` where records contradict, safety left nothing or no founding answer, or the history may be incomplete."""
    answer = evaluation.switch_class
    removed = bool(answer.suppressed) and not answer.preferred and not teaching_only(evaluation)
    slow_down = (
        evaluation.outcome in (Outcome.CONFLICTING_DATA, Outcome.NO_REGIMEN) or removed or "history-incomplete" in answer.notes
    )
    return "warning" if slow_down else "info"


def _source(evaluation: Evaluation, base_url: str | None) -> dict[str, Any]:
    source: dict[str, Any] = {"label": f"Myeloma CDS knowledge {evaluation.knowledge_version}"}
    if base_url:
        source["url"] = base_url.rstrip("/") + SOURCE_PATH
    return source | {"topic": TOPIC}


def _links(evaluation: Evaluation, knowledge: Knowledge) -> list[dict[str, str]]:
    """Trials, then where trials and labels were read, of the regimens put first; only addresses that the knowledge gives."""
    regimens = [knowledge.regimens[name] for name in _shown(evaluation) if name in knowledge.regimens]
    trials = [knowledge.trials[name] for known in regimens for name in known.evidence if name in knowledge.trials]
    labels = [known.labels[evaluation.jurisdiction] for known in regimens if evaluation.jurisdiction in known.labels]
    found = {_trial_address(trial): f"Trial {trial.id}" for trial in trials}
    for source in (*(trial.source for trial in trials), *(label.source for label in labels)):
        reference = knowledge.references.get(source)
        if reference and reference.url:
            found.setdefault(reference.url, reference.text.rstrip("."))
    safe = [{"label": text, "url": url, "type": "absolute"} for url, text in found.items() if is_safe_url(url)]
    return safe[:MOST_LINKS]


def _shown(evaluation: Evaluation) -> list[str]:
    """The regimens that a reader meets first: the founding answer, what still stands, then what is only off label."""
    options = evaluation.current_practice.options if evaluation.current_practice else ()
    off_label = [option.regimen for option in options if option.verdict is Verdict.OFF_LABEL]
    return list(dict.fromkeys([*evaluation.switch_class.preferred, *standing(evaluation), *off_label]))


def _trial_address(trial: Trial) -> str:
    """Empty when the knowledge gives none."""
    return trial.url or (f"https://clinicaltrials.gov/study/{trial.nct}" if trial.nct else "")
