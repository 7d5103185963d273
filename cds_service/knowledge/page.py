"""The whole knowledge as one readable page (Markdown) for reviewers: what is decided, on what, how well verified."""

from __future__ import annotations

from collections.abc import Iterator

from cds_service.knowledge.criteria import CRITERIA
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.policies import Review, Situation
from cds_service.knowledge.regimens import Label, Progression, Regimen
from cds_service.knowledge.rules import Condition, Rule

NOT_REVIEWED = "**not clinically reviewed**"
MARKS = {"V": "seen", "v": "seen in a secondary source", "B": "not verified", "D": "derived"}


def page(knowledge: Knowledge) -> str:
    """Everything in `data/`, in the order in which a reviewer would ask."""
    parts = (
        _head,
        _founding,
        _practice,
        _regimens,
        _rules,
        _doses,
        _windows,
        _trials,
        _classes,
        _criteria,
        _references,
    )
    return "\n".join(line for part in parts for line in part(knowledge)) + "\n"


def _head(knowledge: Knowledge) -> Iterator[str]:
    yield "# What the service knows"
    yield ""
    yield f"Knowledge version {knowledge.version} of {knowledge.released}, digest `{knowledge.digest}`."
    yield ""
    yield (
        "Marks: "
        + "; ".join(f"`{mark}` {meaning}" for mark, meaning in MARKS.items())
        + ". `S..` are the sources at the end."
    )
    yield "What is not verified never carries a dose, and never makes a regimen suitable by itself."
    yield ""


def cite(mark: str, source: str) -> str:
    """Mark and source as they stand beside a statement."""
    return f"`{mark}:{source}`"


def say(conditions: tuple[Condition, ...]) -> str:
    """Conditions in a line."""
    return " and ".join(_condition(condition) for condition in conditions) or "always"


def _condition(condition: Condition) -> str:
    shown = ", ".join(f"{name} {_value(value)}" for name, value in condition.params.items())
    return f"{'not ' if condition.negate else ''}{condition.criterion}{f' ({shown})' if shown else ''}"


def _value(value: object) -> str:
    return "/".join(str(member) for member in value) if isinstance(value, tuple) else str(value)


def _review(review: Review) -> Iterator[str]:
    yield f"Reviewed by: {review.reviewed_by or NOT_REVIEWED}. Next review: {review.next_review}."
    yield ""
    yield "| source attribute | |"
    yield "|---|---|"
    yield from (f"| {name.replace('-', ' ')} | {text} |" for name, text in review.attributes.items())
    yield ""


def _founding(knowledge: Knowledge) -> Iterator[str]:
    policy = knowledge.switch_class
    yield f"## {policy.review.title}"
    yield ""
    yield from _review(policy.review)
    yield "Rows are read from the top; the first that is met answers."
    yield ""
    for row in policy.rows:
        yield f"- **{row.id}** {row.title}: {', '.join(row.regimens)}, when {say(row.when)}. {cite(row.mark, row.source)}"
        yield f"  - Why: {row.rationale}"
        yield f"  - Today: {row.differs} {cite(row.differs_mark, row.differs_source)}"
    yield ""
    yield "| regimen | why not | rows | when |"
    yield "|---|---|---|---|"
    for remark in policy.why_not:
        rows = ", ".join(remark.rows) or "any"
        yield f"| {', '.join(remark.regimens)} | {knowledge.explain(remark.because)} | {rows} | {say(remark.when)} |"
    yield ""


def _practice(knowledge: Knowledge) -> Iterator[str]:
    policy = knowledge.current_practice
    yield f"## {policy.review.title}"
    yield ""
    yield from _review(policy.review)
    yield f"Options are ordered by verdict, then by {', '.join(policy.ranking)}; equal ones stand as equal."
    yield ""
    for situation in policy.situations:
        yield from _situation(situation, knowledge)


def _situation(situation: Situation, knowledge: Knowledge) -> Iterator[str]:
    yield f"### {situation.id}: {situation.title}"
    yield ""
    yield f"When {say(situation.when)}. {cite(situation.mark, situation.source)} {' '.join(situation.remarks)}".rstrip()
    yield ""
    offers = [(o.tier, r.id) for r in knowledge.regimens.values() for o in r.offered_in if o.situation == situation.id]
    yield (
        "Offers, in tiers: "
        + "; ".join(
            ", ".join(name for tier, name in offers if tier == step) for step in sorted({tier for tier, _ in offers})
        )
        + "."
    )
    yield ""


def _regimens(knowledge: Knowledge) -> Iterator[str]:
    yield "## Regimens"
    yield ""
    for regimen in knowledge.regimens.values():
        yield from _regimen(regimen)


def _regimen(regimen: Regimen) -> Iterator[str]:
    names = f" ({', '.join(regimen.also)})" if regimen.also else ""
    yield f"### {regimen.id}: {regimen.title}{names}"
    yield ""
    reviewer = regimen.reviewed_by or NOT_REVIEWED
    state = "Investigational; no situation offers it. " if regimen.investigational else ""
    cycle = f"Cycle of {regimen.cycle_days} days. " if regimen.cycle_days else ""
    yield f"{state}{cycle}Evidence level {regimen.evidence_level}. {cite(regimen.mark, regimen.source)} Reviewed by: {reviewer}."
    yield ""
    for component in regimen.components:
        schedule = (
            f"{component.schedule} {cite(component.mark, component.source)}"
            if component.schedule
            else "dose not verified"
        )
        yield f"- {component.form or component.drug}: {schedule}"
    yield from (f"- label {where}: {_label(label)}" for where, label in regimen.labels.items())
    if regimen.evidence:
        yield f"- trials: {', '.join(regimen.evidence)}"
    if regimen.cautions:
        yield f"- cautions: {'; '.join(regimen.cautions)}"
    yield ""


def _label(label: Label) -> str:
    demands = [
        f"{label.min_lines} or more prior lines"
        if label.max_lines is None
        else f"{label.min_lines}–{label.max_lines} prior lines"
    ]
    if label.prior_classes or label.prior_drugs:
        demands.append("prior " + ", ".join([*label.prior_classes, *label.prior_drugs]))
    demands += [f"refractory to {drug}" for drug in label.refractory_drugs]
    demands += [f"refractory to {drug} after one line" for drug in label.refractory_after_one_line]
    demands += [f"refractory to {number} {drug_class}" for drug_class, number in label.refractory_classes]
    if label.progressed_on_last:
        limit = label.progressed_on_last is Progression.WITHIN_60_DAYS
        demands.append(f"progression on {'or within 60 days of ' if limit else ''}the last therapy")
    since = f" since {label.approved_since}" if label.approved_since else ""
    said = f"{label.status}{since}" + (f", {'; '.join(demands)}" if label.min_lines else "")
    return f"{said}{f' ({label.remark})' if label.remark else ''} {cite(label.mark, label.source)}"


def _rules(knowledge: Knowledge) -> Iterator[str]:
    yield "## Safety rules"
    yield ""
    yield "| rule | concerns | when | effect | if unknown | |"
    yield "|---|---|---|---|---|---|"
    for rule in knowledge.rules:
        unknown, cited = rule.if_unknown or "nothing", cite(rule.mark, rule.source)
        yield f"| {rule.sentence} | {_concerns(rule)} | {say(rule.when)} | {rule.effect} | {unknown} | {cited} |"
    yield ""


def _concerns(rule: Rule) -> str:
    who = ", ".join([*rule.drugs, *rule.classes]) or "every regimen"
    return who if len(rule.policies) > 1 else f"{who} ({rule.policies[0]} only)"


def _doses(knowledge: Knowledge) -> Iterator[str]:
    yield "## When a printed dose changes"
    yield ""
    for rule in knowledge.dose_rules:
        instead = rule.schedule or "no dose is printed"
        yield f"- {rule.drug or 'every drug'}, when {say(rule.when)}: {instead}. {cite(rule.mark, rule.source)}"
    yield ""
    yield "## Supportive care"
    yield ""
    for check in knowledge.supportive:
        yield f"- {check.text} ({', '.join([*check.drugs, *check.classes])}; {say(check.when)}) {cite(check.mark, check.source)}"
    yield ""


def _windows(knowledge: Knowledge) -> Iterator[str]:
    yield "## How old a value may be"
    yield ""
    yield "| value | days | unit | |"
    yield "|---|---|---|---|"
    for window in knowledge.windows.values():
        yield f"| {window.analyte} | {window.days} | {window.unit or ''} | {cite(window.mark, window.source)} |"
    yield ""


def _trials(knowledge: Knowledge) -> Iterator[str]:
    yield "## Trials"
    yield ""
    yield "| trial | population | compared with | patients | result | |"
    yield "|---|---|---|---|---|---|"
    for trial in knowledge.trials.values():
        size, cited = trial.patients or "", cite(trial.mark, trial.source)
        name = f"{trial.id} ({trial.nct})" if trial.nct else trial.id
        yield f"| {name} | {trial.population} | {trial.comparator} | {size} | {trial.figures} | {cited} |"
    yield ""


def _classes(knowledge: Knowledge) -> Iterator[str]:
    yield "## Drug classes"
    yield ""
    for note in knowledge.classes.values():
        drugs = ", ".join(drug.name for drug in knowledge.drugs.values() if drug.drug_class is note.drug_class)
        yield f"- **{note.title}** ({drugs}): {note.mechanism} {cite(note.mark, note.source)}"
    yield ""


def _criteria(_knowledge: Knowledge) -> Iterator[str]:
    yield "## Criteria"
    yield ""
    yield from (f"- `{name}`: {criterion.sentence}" for name, criterion in CRITERIA.items())
    yield ""


def _references(knowledge: Knowledge) -> Iterator[str]:
    yield "## Sources"
    yield ""
    for reference in knowledge.references.values():
        yield f"- **{reference.id}** {reference.text}{f' <{reference.url}>' if reference.url else ''}"
