"""Sections of a card that show what the answer rests on: therapy history, values used, what is not known, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cds_service.knowledge.evaluation import Evaluation, UnusableMeasurement, UsedMeasurement
from cds_service.knowledge.model import Knowledge
from cds_service.markdown import Section, chart_text, words
from cds_service.numbers import shown
from cds_service.phrases import phrase, table
from cds_service.suggestions import drug_name
from fhir_mappings.facts import Analyte, Conflict, History, LineOfTherapy, Relapse

LINES_SHOWN = 8
SOURCES_SHOWN = 2
DISAGREE = "-results-disagree"  # the conflict code of an analyte ends so
INTERPRETED = {Analyte.HBSAG, Analyte.HBC_ANTIBODY, Analyte.PREGNANCY_TEST}  # 1 positive, 0 negative


def history_section(history: History, knowledge: Knowledge) -> Section | None:
    """One line per line of therapy, the latest eight when there are more, then what the drugs have shown."""
    if not history.lines and not history.exposed_to:
        return None
    shown_lines = history.lines[-LINES_SHOWN:]
    items = [_line(line, knowledge) for line in shown_lines]
    if len(history.lines) > len(shown_lines):
        items.insert(0, words(f"{len(history.lines) - len(shown_lines)} earlier lines are not shown here"))
    outside = [drug for drug in history.exposed_to if not any(drug in line.drugs for line in history.lines)]
    standing = [
        _named("Refractory to", history.refractory_to),
        _named("Intolerant to", history.intolerant_to, dict(history.toxicities)),
        _named("Refractory or not: undecided for", history.refractory_undecided),
        _named("Also given, outside these lines", outside),
    ]
    items += [text for text in standing if text]
    return Section(heading="Therapy history as reconstructed", items=tuple(items))


def relapse_text(relapse: Relapse) -> str:
    """When the relapse came, counted from what, and whether that is early; Markdown."""
    kind = phrase("relapse", relapse.kind.value)
    text = f"Relapse {relapse.on or 'at an unknown date'} ({kind})"
    if relapse.months is not None and relapse.anchor:
        anchored = f" of {relapse.anchor_date}" if relapse.anchor_date else ""
        text += f", {relapse.months} complete months after {phrase('anchor', relapse.anchor)}{anchored}"
    if relapse.early is not None:
        text += ": early, under 12 months" if relapse.early else ": not early, which would be under 12 months"
    return words(text) + "." + _references(relapse.sources)


def values_section(evaluation: Evaluation) -> Section | None:
    """The value used per analyte with its date, then the records that exist and were not used."""
    items = [_used(used) for used in evaluation.measurements] + [_unusable(each) for each in evaluation.unusable]
    return Section(heading="Values used", items=tuple(items), spare=2) if items else None


def unknown_section(evaluation: Evaluation, knowledge: Knowledge) -> Section | None:
    """What a rule asked for and the chart does not say, and what could not be read."""
    items = []
    for name in dict.fromkeys([*evaluation.unknown, *evaluation.history.unknown]):
        title, remedy = table("missing").get(name), table("remedy").get(name)
        items.append(words(f"{title}: {remedy}" if title and remedy else knowledge.explain(name)))
    accounting = evaluation.accounting
    if accounting.incomplete:
        parts = ", ".join(phrase("incomplete", key) for key in accounting.incomplete)
        items.append(words(f"The history may be incomplete; not fully received: {parts}"))
    elif "history-incomplete" in evaluation.switch_class.notes:
        items.append(words(knowledge.explain("history-incomplete")))
    counts = [
        f"{count} {what}"
        for count, what in (
            (accounting.unreadable, "could not be read"),
            (accounting.not_recognised, "not recognised"),
            (accounting.foreign, "of another patient, dropped"),
        )
        if count
    ]
    if counts:
        items.append(words(f"Resources: {', '.join(counts)}"))
    heading = "Not known: check first" if evaluation.unknown or evaluation.history.unknown else "What could not be read"
    return Section(heading=heading, items=tuple(items), spare=3) if items else None


def conflict_section(evaluation: Evaluation, knowledge: Knowledge) -> Section | None:
    """Records that contradict each other, the deciding ones first, each with its resources."""
    ordered = sorted(evaluation.conflicts, key=lambda conflict: not conflict.decides)
    items = [words(_contradiction(conflict, knowledge)) + _references(conflict.sources, most=6) for conflict in ordered]
    return Section(heading="Records that contradict each other", items=tuple(items)) if items else None


def _contradiction(conflict: Conflict, knowledge: Knowledge) -> str:
    code, known = conflict.code, table("conflict")
    if code in known:
        drugs = ", ".join(drug_name(drug) for drug in conflict.drugs)
        return f"{known[code]}: {drugs}" if drugs else known[code]
    analyte = code.removesuffix(DISAGREE)
    if code.endswith(DISAGREE) and analyte in table("analyte"):
        return f"{known[DISAGREE[1:]]}: {phrase('analyte', analyte)}"
    return knowledge.explain(code)


def _line(line: LineOfTherapy, knowledge: Knowledge) -> str:
    period = f"{line.start or 'start not recorded'} to {line.end or ('now' if line.ongoing else 'end not recorded')}"
    parts = [f"Line {line.number}: {' + '.join(drug_name(drug) for drug in line.drugs)}, {period}"]
    if line.transplant:
        parts.append(f"transplant {line.transplant}")
    elif line.had_transplant:
        parts.append("transplant, date not recorded")
    if not line.ongoing or line.end_reason != "unknown":
        parts.append(phrase("ending", line.end_reason.value))
    text = words("; ".join(parts))
    if line.inferred:
        text += f" *Inferred: {words('; '.join(_inferred(code, knowledge) for code in line.inferred))}.*"
    return text + _references(line.sources)


def _inferred(code: str, knowledge: Knowledge) -> str:
    return table("inferred").get(code) or knowledge.explain(code)


def _named(label: str, drugs: Sequence[str], toxicities: dict[str, str] | None = None) -> str:
    if not drugs:
        return ""
    reasons = toxicities or {}
    named = [drug_name(drug) + (f" ({reasons[drug].replace('-', ' ')})" if drug in reasons else "") for drug in drugs]
    return f"{words(label)}: {words(', '.join(named))}"


def _used(used: UsedMeasurement) -> str:
    text = f"{phrase('analyte', used.analyte.value)} {_amount(used)}"
    if used.with_pain is not None:
        text += ", with pain" if used.with_pain else ", without pain"
    if used.method:
        text += f" ({phrase('method', used.method)})"
    if not used.applies:
        text += ", which does not apply on dialysis"
    return words(f"{text}, {used.on or 'no date'}") + _references(used.sources)


def _amount(used: UsedMeasurement) -> str:
    unit = _unit(used.unit)
    if used.analyte in INTERPRETED and used.value in (0, 1):
        return "positive" if used.value else "negative"
    if used.value is not None:
        return f"{shown(used.value)}{unit}"
    if used.low is None and used.high is None:
        return "not a number"
    if used.low is None or (used.low == 0 and used.high is not None):
        return f"below {shown(used.high or 0)}{unit}"
    if used.high is None:
        return f"above {shown(used.low)}{unit}" if unit else f"at least {shown(used.low)}"
    return f"{shown(used.low)} to {shown(used.high)}{unit}"


def _unusable(record: UnusableMeasurement) -> str:
    value = "" if record.value is None else f" {shown(record.value)}{_unit(record.unit)}"
    why = phrase("unusable", record.why)
    return words(f"Not used: {phrase('analyte', record.analyte.value)}{value}, {record.on or 'no date'}: {why}") + _references(
        record.sources
    )


def _unit(ucum: str | None) -> str:
    """A unit as people write it, after a space; empty for a pure number."""
    return f" {table('unit').get(ucum, ucum)}" if ucum and not ucum.startswith("{") else ""


def _references(sources: Iterable[str], *, most: int = SOURCES_SHOWN) -> str:
    """Resource references in code spans: their ids come from the chart."""
    given = list(sources)
    if not given:
        return ""
    more = f" +{len(given) - most}" if len(given) > most else ""
    return " " + ", ".join(chart_text(source) for source in given[:most]) + more
