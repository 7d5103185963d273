"""The top of a card, under 140 characters: situation, founding answer, strongest current option. No text from the chart."""

from __future__ import annotations

from itertools import product

from cds_service.knowledge.evaluation import Evaluation, Outcome
from cds_service.knowledge.model import Knowledge
from cds_service.phrases import phrase
from cds_service.suggestions import named, strongest, teaching_only, to_check

MOST_CHARACTERS = 139
TIES_NAMED = 4


def summary(evaluation: Evaluation, knowledge: Knowledge) -> str:
    """The first wording that fits: current practice is said shorter first, then the situation, then what to check."""
    if evaluation.outcome is not Outcome.RECOMMENDATION:
        return f"{phrase('situation', evaluation.reason)}."
    wordings = product(_founding(evaluation, knowledge), _situation(evaluation), _current(evaluation))
    sentences = [" ".join(part for part in (situation, founding, current) if part) for founding, situation, current in wordings]
    return next((sentence for sentence in sentences if len(sentence) <= MOST_CHARACTERS), sentences[-1])


def _situation(evaluation: Evaluation) -> list[str]:
    start = phrase("situation", evaluation.reason)
    lines, relapse = evaluation.history.prior_lines, evaluation.history.relapse
    if evaluation.reason == "later-relapse" and lines > 1:
        start = f"{start} after {lines} lines"
    gap = " History may be incomplete." if "history-incomplete" in evaluation.switch_class.notes else ""
    if relapse is None or relapse.months is None:
        return [f"{start}.{gap}"]
    early = " (early)" if relapse.early else ""
    return [f"{start} at {relapse.months} months{early}.{gap}", f"{start}{', early' if relapse.early else ''}.{gap}"]


def _founding(evaluation: Evaluation, knowledge: Knowledge) -> list[str]:
    answer = evaluation.switch_class
    if teaching_only(evaluation):
        return [f"Switch-class teaching answer: {_either(answer.preferred)}.", ""] if answer.preferred else [""]
    if answer.preferred:
        regimens = _either(answer.preferred)
        off_label = " (off label)" if "off-label" in answer.notes else ""
        missing = list(dict.fromkeys(code for regimen in answer.preferred for code in to_check(evaluation, regimen)))
        if not missing:
            return [f"Switch of class: {regimens}{off_label}."]
        points = (named(missing, knowledge), f"{len(missing)} points")
        return [f"Switch of class: {regimens}{off_label}, check first: {each}." for each in points]
    if answer.suppressed:
        return [f"{_either(tuple(each.regimen for each in answer.suppressed))} removed for safety."]
    return ["Switch of class gives no answer."]


def _current(evaluation: Evaluation) -> list[str]:
    best = strongest(evaluation)
    if not best:
        return [""]
    to_settle = all(to_check(evaluation, regimen) for regimen in best)
    label = "Current practice, once checked" if to_settle else "Strongest current option"
    wordings = []
    for names in range(min(TIES_NAMED, len(best)), 0, -1):
        more = f" and {len(best) - names} more" if len(best) > names else ""
        wordings.append(f"{label}: {', '.join(best[:names])}{more}.")
    return [*wordings, wordings[-1].replace(label, "Current")]


def _either(regimens: tuple[str, ...]) -> str:
    return " or ".join(regimens)
