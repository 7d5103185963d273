"""The detail of a card, in Markdown: why this regimen, current practice, why not the others, then what it rests on.

Readable in ten seconds at the top, complete below, about forty lines. Nothing in it is written by the chart except resource
references, which stand in code spans.
"""

from __future__ import annotations

from cds_service.card_facts import conflict_section, history_section, relapse_text, unknown_section, values_section
from cds_service.knowledge.evaluation import CurrentPractice, Effect, Evaluation, Option, Outcome, RegimenReasons, Verdict
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.model import Knowledge
from cds_service.markdown import Section, bold, document, words
from cds_service.phrases import phrase
from cds_service.suggestions import MOST, component_name, named, reason, standing, teaching_only, to_check
from fhir_mappings.facts import DrugClass

MOST_LINES = 40
OPTIONS_WITH_FIGURES = 3
TIES_WITH_FIGURES = 4
HISTORY_INCOMPLETE = "history-incomplete"
SAID_ELSEWHERE = frozenset({"early-relapse", HISTORY_INCOMPLETE})  # with the relapse; at the top
LAST_WORD = "Decision support; a specialist decides."
NOT_REVIEWED = "The knowledge behind it has not been clinically reviewed."


def detail(evaluation: Evaluation, knowledge: Knowledge) -> str:
    """The Markdown of a card for any outcome that has one."""
    if evaluation.outcome in (Outcome.RECOMMENDATION, Outcome.NO_REGIMEN):
        opening = [
            why_section(evaluation, knowledge),
            practice_section(evaluation, knowledge),
            why_not_section(evaluation, knowledge),
        ]
    else:
        opening = [_state_section(evaluation)]
    contradictions = conflict_section(evaluation, knowledge)
    unknown = unknown_section(evaluation, knowledge)
    if evaluation.outcome is Outcome.CONFLICTING_DATA:
        opening.append(contradictions)
        contradictions = None
    elif evaluation.outcome is Outcome.INSUFFICIENT_DATA:
        opening.append(unknown)
        unknown = None
    sections = [
        *opening,
        history_section(evaluation.history, knowledge),
        values_section(evaluation),
        unknown,
        contradictions,
        _supportive_section(evaluation),
    ]
    return document([section for section in sections if section], footer(evaluation, knowledge), most_lines=MOST_LINES)


def footer(evaluation: Evaluation, knowledge: Knowledge) -> str:
    """Who decides, on which day and by which knowledge it was judged, and whether a clinician has reviewed that knowledge."""
    parts = [
        LAST_WORD,
        f"Judged on {evaluation.as_of} with knowledge {evaluation.knowledge_version}, {evaluation.jurisdiction.value} labels.",
    ]
    if not (knowledge.switch_class.review.reviewed_by and knowledge.current_practice.review.reviewed_by):
        parts.append(NOT_REVIEWED)
    if due := knowledge.overdue_since(evaluation.as_of):
        parts.append(f"Its review has been due since {due}: what it says may be out of date.")
    return words(" ".join(parts))


def why_section(evaluation: Evaluation, knowledge: Knowledge) -> Section:
    """The founding answer: its row and reason, what to check first, the relapse, the mechanism it switches to, notes."""
    answer = evaluation.switch_class
    items = []
    if HISTORY_INCOMPLETE in answer.notes:
        items.append(f"{bold('Careful')}: {words(_sentence(knowledge.explain(HISTORY_INCOMPLETE)))}")
    if answer.title:
        items.append(words(f"{answer.title}. {answer.rationale or ''}"))
    if not answer.preferred:
        items += [_removed(each, knowledge) for each in answer.suppressed]
    for regimen in answer.preferred:
        items += _before_giving(evaluation, regimen, knowledge)
    if evaluation.history.relapse:
        items.append(relapse_text(evaluation.history.relapse))
    mechanism = _mechanism(answer.preferred, knowledge)
    if mechanism:
        items.append(words(mechanism))
    for known in (knowledge.regimens[name] for name in answer.preferred if name in knowledge.regimens):
        items += [words(f"Known risks of {known.id}: {', '.join(known.cautions)}")] if known.cautions else []
    items += [words(_sentence(knowledge.explain(note))) for note in answer.notes if note not in SAID_ELSEWHERE]
    items = items or [words(phrase("reason", evaluation.reason))]
    return Section(heading=_why_heading(evaluation, knowledge), items=tuple(items))


def practice_section(evaluation: Evaluation, knowledge: Knowledge) -> Section | None:
    """Current practice: the best options with figures, why they differ, what to check first, what is off label, what to avoid."""
    practice = evaluation.current_practice
    if practice is None:
        return None
    suitable = _ranked(practice, Verdict.SUITABLE)
    shown = max(OPTIONS_WITH_FIGURES, min(TIES_WITH_FIGURES, sum(option.rank == suitable[0].rank for option in suitable)))
    items = [_with_figures(option, knowledge) for option in suitable[:shown]]
    if len(suitable) > shown:
        items.append(f"Also suitable: {_grouped(suitable[shown:], knowledge)}")
    if evaluation.comparison:
        label = "Both policies agree" if evaluation.comparison.agrees else "Why this differs"
        items.append(f"{bold(label)}: {words(evaluation.comparison.text)}")
    for verdict in (Verdict.CHECK_FIRST, Verdict.OFF_LABEL, Verdict.AVOID):
        group = _grouped(_ranked(practice, verdict), knowledge)
        if group:
            items.append(f"{words(phrase('verdict', verdict.value))}: {group}")
    items += [words(remark) for remark in practice.remarks]
    unread = [option.regimen for option in practice.options if _is_unverified(option, evaluation, knowledge)]
    if unread:
        items.append(words(f"{evaluation.jurisdiction.value} labels not verified by this service: {', '.join(unread)}"))
    heading = f"Current practice: {practice.title} ({practice.situation})"
    return Section(heading=heading, items=tuple(items) or (words("No option is known for this situation"),))


def _is_unverified(option: Option, evaluation: Evaluation, knowledge: Knowledge) -> bool:
    """Whether an option that stands does so by a label that was not seen."""
    known = knowledge.regimens.get(option.regimen)
    label = known.labels.get(evaluation.jurisdiction) if known else None
    return option.verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST) and label is not None and label.mark == "B"


def why_not_section(evaluation: Evaluation, knowledge: Knowledge) -> Section | None:
    """The other founding regimens, those removed for safety first."""
    answer = evaluation.switch_class
    removed = [_removed(each, knowledge) for each in answer.suppressed] if answer.preferred else []
    others = [f"{words(each.regimen)}: {_because(each.because, knowledge)}" for each in answer.why_not]
    return Section(heading="Why not the others", items=(*removed, *others)) if removed or others else None


def _state_section(evaluation: Evaluation) -> Section:
    return Section(heading="No regimen is named", items=(words(phrase("reason", evaluation.reason)),))


def _supportive_section(evaluation: Evaluation) -> Section | None:
    """Supportive care for the regimens that are suggested; the rest of the list would only add lines."""
    suggested = set(standing(evaluation)[:MOST])
    lines = tuple(words(check.text) for check in evaluation.supportive if suggested.intersection(check.regimens))
    return Section(heading="Alongside treatment", items=lines, spare=1) if lines else None


def _why_heading(evaluation: Evaluation, knowledge: Knowledge) -> str:
    answer = evaluation.switch_class
    label = "Teaching answer of the switch-class policy" if teaching_only(evaluation) else "Switch of class"
    if answer.preferred:
        offered = " or ".join(f"{regimen} ({composition(knowledge, regimen)})" for regimen in answer.preferred)
        return f"{label}: {offered}"
    if answer.suppressed:
        return f"{label}: {', '.join(each.regimen for each in answer.suppressed)} removed for safety, nothing is left"
    return f"{label}: none for this history"


def composition(knowledge: Knowledge, regimen: str) -> str:
    """The drugs of a regimen, joined; the id itself when the knowledge does not hold it."""
    known = knowledge.regimens.get(regimen)
    return " + ".join(component_name(each) for each in known.components) if known else regimen


def _mechanism(preferred: tuple[str, ...], knowledge: Knowledge) -> str | None:
    """One line on the class that the first preferred regimen rests on; the corticosteroid in each explains nothing."""
    for regimen in preferred[:1]:
        for drug in knowledge.regimens[regimen].drugs if regimen in knowledge.regimens else ():
            drug_class = knowledge.drug_class(drug)
            if drug_class and drug_class is not DrugClass.CORTICOSTEROID and drug_class in knowledge.classes:
                note = knowledge.classes[drug_class]
                return f"{note.title}: {note.mechanism}"
    return None


def _before_giving(evaluation: Evaluation, regimen: str, knowledge: Knowledge) -> list[str]:
    """What must be settled before a founding regimen, and the cautions that rules found met for it."""
    findings = dict(evaluation.switch_class.findings).get(regimen, ())
    cautions = tuple(
        dict.fromkeys(each.because for each in findings if each.effect is Effect.CAUTION and each.truth is Truth.MET)
    )
    said = {
        f"Check first for {regimen}": words(named(to_check(evaluation, regimen), knowledge)),
        f"Caution with {regimen}": _because(cautions, knowledge),
    }
    return [f"{bold(label)}: {text}" for label, text in said.items() if text]


def _removed(each: RegimenReasons, knowledge: Knowledge) -> str:
    return f"{bold(f'{each.regimen} removed for safety')}: {_because(each.because, knowledge)}"


def _sentence(text: str) -> str:
    """A note as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _because(codes: tuple[str, ...], knowledge: Knowledge) -> str:
    return words("; ".join(reason(code, knowledge) for code in codes))


def _ranked(practice: CurrentPractice, verdict: Verdict) -> list[Option]:
    return sorted((option for option in practice.options if option.verdict is verdict), key=lambda option: option.rank)


def _with_figures(option: Option, knowledge: Knowledge) -> str:
    trial = next((knowledge.trials[name] for name in option.evidence if name in knowledge.trials), None)
    figures = f" {trial.id}, against {trial.comparator}: {trial.figures}" if trial else ""
    if trial and option.outside_trials:
        figures += "; few or no such patients in it"
    known = knowledge.regimens.get(option.regimen)
    risks = f". Known risks: {', '.join(known.cautions)}" if known and known.cautions else ""
    cautions = f". Caution: {_because(option.cautions, knowledge)}." if option.cautions else ""
    return f"{bold(option.regimen)} {words(f'({composition(knowledge, option.regimen)}).{figures}{risks}')}{cautions}"


def _grouped(options: list[Option], knowledge: Knowledge) -> str:
    """Options of one verdict in one line; those with the same reasons and cautions share them."""
    groups: dict[str, list[str]] = {}
    for option in options:
        if option.verdict is Verdict.SUITABLE:
            why = ""
        elif option.verdict is Verdict.CHECK_FIRST:
            why = words(named(option.because, knowledge))
        else:
            why = _because(option.because, knowledge)
        cautions = tuple(code for code in option.cautions if code not in option.because)
        if cautions and option.verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST):
            why = "; ".join(part for part in (why, f"caution: {_because(cautions, knowledge)}") if part)
        groups.setdefault(why, []).append(option.regimen)
    return "; ".join(f"{words(', '.join(names))}{f' ({why})' if why else ''}" for why, names in groups.items())
