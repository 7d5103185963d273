"""`myeloma-cds knowledge lint | show | diff | export`: what a reviewer or a maintainer asks of the knowledge base."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cds_service.cards import cards_for
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.evaluator import evaluate
from cds_service.knowledge.lint import faults
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.page import page
from cds_service.knowledge_export import bundle
from fhir_mappings.chart import read_chart
from fhir_mappings.terminology import drug_table
from fhir_mappings.therapy_history import reconstruct


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A named chart for `diff`: the body of a patient-view request, and the day and labels by which it is judged."""

    name: str
    request: dict[str, Any]
    as_of: date
    jurisdiction: Jurisdiction = Jurisdiction.US


def sample_charts(folder: Path) -> Iterator[Chart]:
    """The charts of a folder of samples: `NAME/request.json`, judged as `NAME/about.toml` says."""
    for request in sorted(folder.glob("*/request.json")):
        about = tomllib.loads((request.parent / "about.toml").read_text(encoding="utf-8"))
        yield Chart(
            name=request.parent.name,
            request=json.loads(request.read_bytes()),
            as_of=date.fromisoformat(about["as-of"]),
            jurisdiction=Jurisdiction(about.get("jurisdiction", "US")),
        )


def knowledge_at(folder: Path | None) -> Knowledge:
    """The knowledge in a folder, or the packaged one. Raises KnowledgeError."""
    return load_knowledge(drug_table(), folder)


def lint(folder: Path | None, *, as_of: date) -> tuple[str, ...]:
    """One line per fault; none means that the knowledge is sound. Raises KnowledgeError when it cannot be read."""
    return faults(knowledge_at(folder), as_of=as_of)


def show(folder: Path | None) -> str:
    """The whole knowledge as one page."""
    return page(knowledge_at(folder))


def export(folder: Path | None) -> str:
    """The knowledge as a FHIR Bundle in JSON."""
    return json.dumps(bundle(knowledge_at(folder)), indent=2, ensure_ascii=False) + "\n"


def diff(old: Path, new: Path | None, charts: Iterable[Chart]) -> Iterator[str]:
    """For every chart whose card the two versions say differently: its name, then the lines that changed."""
    before, after = knowledge_at(old), knowledge_at(new)
    for chart in charts:
        changes = list(difflib.unified_diff(_said(chart, before), _said(chart, after), lineterm="", n=0))[2:]
        if changes:
            yield chart.name
            yield from (f"  {line}" for line in changes if not line.startswith("@@"))


def _said(chart: Chart, knowledge: Knowledge) -> list[str]:
    """The words of the card without its version line: that changes with every version."""
    patient_id = str(chart.request["context"]["patientId"])
    facts = read_chart(chart.request["prefetch"], patient_id=patient_id, as_of=chart.as_of)
    history = reconstruct(facts, as_of=chart.as_of)
    evaluation = evaluate(facts, history, knowledge, as_of=chart.as_of, jurisdiction=chart.jurisdiction)
    cards = cards_for(evaluation, knowledge, patient_id=patient_id, base_url=None)
    said = [line for card in cards for line in (card["summary"], *card.get("detail", "").splitlines())]
    return [line for line in said if knowledge.version not in line]
