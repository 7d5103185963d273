"""All charts of the corpus, by subject."""

from __future__ import annotations

from tests.corpus.cases import bundles, conditions, dates, drugs, lines, organs, progression, refractory, text, units, uses
from tests.corpus.cases.case import Case

BY_SUBJECT: dict[str, tuple[Case, ...]] = {
    "drugs": drugs.CASES,
    "text": text.CASES,
    "uses": uses.CASES,
    "dates": dates.CASES,
    "units": units.CASES,
    "organs": organs.CASES,
    "conditions": conditions.CASES,
    "progression": progression.CASES,
    "bundles": bundles.CASES,
    "lines": lines.CASES,
    "refractory": refractory.CASES,
}
EVERY_CASE: tuple[tuple[str, Case], ...] = tuple((subject, case) for subject, cases in BY_SUBJECT.items() for case in cases)
