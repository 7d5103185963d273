"""Which answer would change if something unknown were known: the chart is judged again with the fact supposed, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cds_service.knowledge.evaluation import Evaluation
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.model import Knowledge
from cds_service.phrases import phrase, table
from cds_service.web.suppositions import SUPPOSITIONS, Asked, Supposition
from fhir_mappings.facts import PatientFacts
from fhir_mappings.therapy_history import reconstruct

# Needed only for the clearance: supposing that answers for them too.
PARTS_OF_CLEARANCE = frozenset({"weight", "creatinine", "age", "sex"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One or more suppositions that lead to the same answer. `changes` is empty when the answer stays."""

    says: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """Something unknown: its name in words, what would settle it, and what each answer would change. Without `consequences` no
    single value settles it."""

    name: str
    title: str
    remedy: str
    consequences: tuple[Consequence, ...] = ()


def open_questions(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> tuple[OpenQuestion, ...]:
    """Every unknown of the evaluation, in its order."""
    names = list(dict.fromkeys([*evaluation.unknown, *evaluation.history.unknown]))
    if "creatinine-clearance" in names:
        names = [name for name in names if name not in PARTS_OF_CLEARANCE]
    asked = Asked(facts=facts, knowledge=knowledge, as_of=evaluation.as_of)
    return tuple(
        OpenQuestion(
            name=name,
            title=name_of(name, knowledge),
            remedy=table("remedy").get(name, ""),
            consequences=tuple(_consequences(name, asked, evaluation)),
        )
        for name in names
    )


def name_of(unknown: str, knowledge: Knowledge) -> str:
    """Something that is missing, in words."""
    return table("missing").get(unknown) or table("analyte").get(unknown) or knowledge.explain(unknown)


def _consequences(name: str, asked: Asked, evaluation: Evaluation) -> Iterator[Consequence]:
    suppose = SUPPOSITIONS.get(name)
    if suppose is None:
        return
    grouped: dict[tuple[str, ...], list[str]] = {}
    for supposition in suppose(asked):
        changes = tuple(_changes(evaluation, _judged(supposition, asked, evaluation)))
        grouped.setdefault(changes, []).append(supposition.says)
    for changes, says in grouped.items():
        yield Consequence(says=tuple(says), changes=changes)


def _judged(supposition: Supposition, asked: Asked, evaluation: Evaluation) -> Evaluation:
    history = reconstruct(supposition.facts, as_of=asked.as_of)
    return evaluate(
        supposition.facts, history, asked.knowledge, as_of=asked.as_of, jurisdiction=evaluation.jurisdiction
    )


def _changes(before: Evaluation, after: Evaluation) -> Iterator[str]:
    if before.outcome is not after.outcome or before.reason != after.reason:
        yield phrase("reason", after.reason)
    if before.switch_class.row != after.switch_class.row:
        yield f"founding policy: row {after.switch_class.row or 'none'} instead of {before.switch_class.row or 'none'}"
    yield from _moves(_founding(before), _founding(after), "founding policy: ")
    yield from _moves(_practice(before), _practice(after), "")


def _moves(before: Mapping[str, str], after: Mapping[str, str], where: str) -> Iterator[str]:
    """Regimens that change their state, those with the same change in one sentence."""
    moved: dict[tuple[str, str], list[str]] = {}
    for regimen in dict.fromkeys([*before, *after]):
        was, becomes = before.get(regimen, "not offered"), after.get(regimen, "not offered")
        if was != becomes:
            moved.setdefault((was, becomes), []).append(regimen)
    for (was, becomes), regimens in moved.items():
        yield f"{where}{', '.join(regimens)}: {was} → {becomes}"


def _founding(evaluation: Evaluation) -> dict[str, str]:
    answer = evaluation.switch_class
    checked = {each.regimen for each in answer.check_first}
    states = {name: "preferred, check first" if name in checked else "preferred" for name in answer.preferred}
    return states | {each.regimen: "removed for safety" for each in answer.suppressed}


def _practice(evaluation: Evaluation) -> dict[str, str]:
    options = evaluation.current_practice.options if evaluation.current_practice else ()
    return {option.regimen: phrase("verdict", option.verdict.value).lower() for option in options}
