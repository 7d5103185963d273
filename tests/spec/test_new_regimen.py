"""A new regimen takes one file: offered, judged by every rule, ranked and on label, with no other change."""

from __future__ import annotations

from pathlib import Path

from cds_service.knowledge.evaluation import Verdict
from cds_service.knowledge.evaluator import evaluate
from tests.spec.language import AS_OF, read_chart
from tests.support.knowledge_copies import KnowledgeCopy

NEW = """
id = "IsaRd"
title = "Isatuximab, lenalidomide and dexamethasone (invented for a test)"
also = []
evidence_level = 2
evidence = []
cautions = []
mark = "B"
source = "background"
next_review = "2027-05-22"
offered_in = [{ situation = "C1", tier = 2 }]
components = [{ drug = "isatuximab" }, { drug = "lenalidomide" }, { drug = "dexamethasone" }]

[labels.US]
status = "approved"
min_lines = 1
mark = "B"
source = "background"

[labels.EU]
status = "not-approved"
mark = "B"
source = "background"
"""
FIT = "man, age 60, creatinine 1.0, weight 80, neutrophils 3, platelets 200, given bortezomib"


def test_one_file_is_enough(tmp_path: Path) -> None:
    copy = KnowledgeCopy.at(tmp_path / "data")
    copy.add("regimens/IsaRd.toml", NEW)
    assert copy.faults() == ()
    for more, verdict, because in [
        ("—", Verdict.SUITABLE, ("on-label", "changes-class-as-founding-policy")),
        ("in the EU", Verdict.OFF_LABEL, ("not-approved",)),
        ("no creatinine", Verdict.CHECK_FIRST, ("creatinine-clearance",)),
        ("platelets 40", Verdict.AVOID, ("platelets-below-start-limit",)),
        ("intolerant of daratumumab", Verdict.AVOID, ("anti-cd38-intolerant",)),
    ]:
        chart = read_chart(FIT, more)
        answer = evaluate(chart.facts(), chart.history(), copy.load(), as_of=AS_OF, jurisdiction=chart.jurisdiction)
        assert answer.current_practice is not None
        option = next(o for o in answer.current_practice.options if o.regimen == "IsaRd")
        assert (option.verdict, option.because) == (verdict, because)
