"""Reads the chapters, asks the knowledge, and renders the chapters as one page for reviewers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cds_service.knowledge.case import open_case
from cds_service.knowledge.criteria import judge
from cds_service.knowledge.evaluation import Evaluation, RegimenReasons, Verdict
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.logic import Truth
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.rules import Condition
from fhir_mappings.terminology import drug_table
from tests.spec.language import AS_OF, read_chart
from tests.spec.records import answered

CHAPTERS = Path(__file__).parent / "chapters"
NOTHING = "—"
PREFACE = """# Clinical specification

What the service decides, as charts and answers. Every table is a test. The charts are judged on 22 November 2026; what a chart
does not mention is not recorded. "Given A + B, then C" are lines of therapy. Values were taken a week ago unless the chart says
otherwise.
"""


@dataclass
class Section:
    """One table with what is said above it. `criterion` is set where the table asks one criterion."""

    title: str
    place: str
    criterion: str | None = None
    params: str = ""
    base: str = ""
    never_unknown: bool = False
    records: bool = False  # the charts are dated records, the answers the history reconstructed from them
    rows: list[dict[str, str]] = field(default_factory=list)


@cache
def knowledge() -> Knowledge:
    """The packaged knowledge."""
    return load_knowledge(drug_table())


def sections() -> Iterator[Section]:
    """Every section of every chapter, in the order of the files."""
    for path in sorted(CHAPTERS.glob("*.md")):
        current: Section | None = None
        header: list[str] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.startswith("#"):
                if current and current.rows:
                    yield current
                current, header = Section(title=line.lstrip("# "), place=f"{path.name}:{number}"), []
            elif current and _told(current, line):
                continue
            elif current and line.startswith("|"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if not header:
                    header = cells
                elif set(line) - set("|-"):
                    current.rows.append(dict(zip(header, cells, strict=True)))
        if current and current.rows:
            yield current


def _told(section: Section, line: str) -> bool:
    """Whether the line says how the table below it is to be read."""
    if said := re.match(r"Criterion: `([a-z-]+)`(?: with (.+))?$", line):
        section.criterion, section.params = said[1], said[2] or ""
    elif line.startswith("Every chart: "):
        section.base = line.removeprefix("Every chart: ").rstrip(".")
    elif line.startswith("Charts are records"):
        section.records = True
    elif line.startswith("Never unknown"):
        section.never_unknown = True
    else:
        return False
    return True


def answer(section: Section, row: dict[str, str]) -> dict[str, str]:
    """What the knowledge says to the row, in the row's own columns."""
    if section.records:
        return answered(row)
    chart = read_chart(section.base, row["chart"])
    if section.criterion:
        condition = Condition(criterion=section.criterion, params=_params(section.params))
        regimen = knowledge().regimens[row["regimen"]] if "regimen" in row else None
        said = judge(condition, open_case(chart.facts(), chart.history(), knowledge(), as_of=AS_OF), regimen)
        detail = ", ".join(said.unknown) if said.truth is Truth.UNKNOWN else said.because or ""
        plain = said.truth.value.replace("-", " ")
        return {**row, "answer": f"{plain}: {detail}" if detail else plain}
    evaluation = evaluate(chart.facts(), chart.history(), knowledge(), as_of=AS_OF, jurisdiction=chart.jurisdiction)
    return {name: row["chart"] if name == "chart" else _column(name, evaluation) for name in row}


def _params(text: str) -> dict[str, str | int | float | bool | tuple[str, ...]]:
    table = tomllib.loads(text.replace("; ", "\n"))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def _column(name: str, evaluation: Evaluation) -> str:
    founding, practice = evaluation.switch_class, evaluation.current_practice
    if name in knowledge().regimens:
        option = next((o for o in practice.options if o.regimen == name), None) if practice else None
        if option is None:
            return NOTHING
        return option.verdict if option.verdict is Verdict.SUITABLE else f"{option.verdict}: {', '.join(option.because)}"
    if name.startswith("cautions of "):
        options = practice.options if practice else ()
        return _list(tuple(code for o in options if name.endswith(f" {o.regimen}") for code in o.cautions))
    plain = {
        "outcome": evaluation.outcome,
        "reason": evaluation.reason,
        "row": founding.row or NOTHING,
        "preferred": _list(founding.preferred),
        "check first": _reasons(founding.check_first),
        "removed": _reasons(founding.suppressed),
        "why not": _reasons(founding.why_not),
        "notes": _list(founding.notes),
        "situation": practice.situation if practice else NOTHING,
        "unknown": _list(evaluation.unknown),
        "conflicts": _list(tuple(conflict.code for conflict in evaluation.conflicts)),
        "doses": _list(tuple(f"{d.drug} {d.text}" for d in evaluation.doses if d.regimen in founding.preferred and d.text)),
        "supportive": _list(tuple(check.code for check in evaluation.supportive)),
    }
    if name == "best":
        return _list(tuple(o.regimen for o in practice.options if o.rank == 1)) if practice else NOTHING
    if name == "offered":
        return _list(tuple(o.regimen for o in practice.options)) if practice else NOTHING
    return plain[name]


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or NOTHING


def _reasons(reasons: tuple[RegimenReasons, ...]) -> str:
    return "; ".join(f"{each.regimen}: {', '.join(each.because)}" for each in reasons) or NOTHING


def page() -> str:
    """All chapters as one page."""
    texts = [path.read_text(encoding="utf-8").strip() for path in sorted(CHAPTERS.glob("*.md"))]
    body = "\n\n".join(re.sub(r"^#", "##", text, flags=re.MULTILINE) for text in texts)
    return f"{PREFACE}\n{body}\n"
