"""Everything that the page on one evaluation shows, made from the evaluation and the facts it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from cds_service.card_facts import conflict_section, values_section
from cds_service.card_summary import summary
from cds_service.knowledge.evaluation import Evaluation
from cds_service.knowledge.model import Knowledge
from cds_service.markdown import Section, clean, plain
from cds_service.phrases import phrase
from cds_service.web.decision import Decision, decision_of
from cds_service.web.panel_picture import draw_panel
from cds_service.web.panels import Panel, panels_of
from cds_service.web.shapes import NARROW, WIDE, Picture
from cds_service.web.timeline import Timeline, timeline_of
from cds_service.web.timeline_picture import axis_for, draw_timeline
from cds_service.web.what_if import OpenQuestion, open_questions
from fhir_mappings.facts import PatientFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One picture for wide and one for narrow screens; the style sheet shows the one that fits."""

    wide: Picture
    narrow: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasoningView:
    """What the template prints. `decision` is None where no policy was asked."""

    title: str
    reason: str
    patient: str
    evaluation: Evaluation
    timeline: Timeline
    figures: tuple[Figure, ...]
    panels: tuple[Panel, ...]
    decision: Decision | None
    comparison: str
    notes: tuple[str, ...]
    questions: tuple[OpenQuestion, ...]
    values: tuple[str, ...]
    conflicts: tuple[str, ...]
    incomplete: tuple[str, ...]


def reasoning_view(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> ReasoningView:
    """The view of one evaluation of these facts."""
    timeline = timeline_of(facts, evaluation, knowledge)
    panels = panels_of(facts, evaluation, knowledge)
    return ReasoningView(
        title=summary(evaluation, knowledge) if evaluation.reason in _WITH_CARD else phrase("reason", evaluation.reason),
        reason=phrase("reason", evaluation.reason),
        patient=clean(facts.patient.id, limit=64),
        evaluation=evaluation,
        timeline=timeline,
        figures=tuple(_figures(timeline, panels)),
        panels=panels,
        decision=decision_of(facts, evaluation, knowledge),
        comparison=evaluation.comparison.text if evaluation.comparison else "",
        notes=tuple(knowledge.explain(code) for code in evaluation.switch_class.notes),
        questions=open_questions(facts, evaluation, knowledge),
        values=_sentences(values_section(evaluation)),
        conflicts=_sentences(conflict_section(evaluation, knowledge)),
        incomplete=tuple(phrase("incomplete", key) for key in evaluation.accounting.incomplete),
    )


_WITH_CARD = frozenset({"first-relapse", "later-relapse"})


def _figures(timeline: Timeline, panels: tuple[Panel, ...]) -> list[Figure]:
    figures = []
    if timeline.lanes:
        figures.append(Figure(wide=draw_timeline(timeline, WIDE), narrow=draw_timeline(timeline, NARROW)))
    wide, narrow = axis_for(timeline, WIDE), axis_for(timeline, NARROW)
    figures += [
        Figure(wide=draw_panel(panel, wide, number), narrow=draw_panel(panel, narrow, number))
        for number, panel in enumerate(panels)
    ]
    return figures


def _sentences(section: Section | None) -> tuple[str, ...]:
    return tuple(plain(item) for item in section.items) if section else ()
