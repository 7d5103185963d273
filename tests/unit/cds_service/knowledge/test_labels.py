"""Each demand of a label, met, failed and undecided."""

from __future__ import annotations

import pytest

from cds_service.knowledge.case import open_case
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.labels import fit
from cds_service.knowledge.logic import Truth
from tests.spec.language import AS_OF, read_chart
from tests.spec.specification import knowledge

TWO_LINES = "given bortezomib + lenalidomide, then carfilzomib"
FIVE = "given bortezomib + lenalidomide, then daratumumab + pomalidomide, then carfilzomib, then ixazomib"


@pytest.mark.parametrize(
    ("regimen", "chart", "truth", "codes"),
    [
        ("DKd", "given bortezomib", "met", ()),
        ("DKd", "given bortezomib, then lenalidomide, then pomalidomide", "met", ()),
        ("DKd", FIVE, "not-met", ("label-allows-at-most-3-prior-lines",)),
        ("DRd", "course first-relapse", "not-met", ("label-needs-1-prior-line",)),
        ("IsaPd", "given lenalidomide, then pomalidomide", "not-met", ("label-needs-prior-proteasome-inhibitor",)),
        ("IsaPd", "given bortezomib, then thalidomide", "not-met", ("label-needs-prior-lenalidomide",)),
        ("cilta-cel", "given bortezomib + lenalidomide, refractory to lenalidomide", "met", ()),
        ("cilta-cel", "given bortezomib + lenalidomide", "not-met", ("label-needs-lenalidomide-refractory",)),
        ("cilta-cel", "given bortezomib + lenalidomide, perhaps refractory to lenalidomide", "unknown",
         ("lenalidomide-refractoriness",)),
        ("Pd", f"{TWO_LINES}, progression on the last therapy", "met", ()),
        ("Pd", f"{TWO_LINES}, refractory to lenalidomide + carfilzomib, progression after the last therapy", "not-met",
         ("label-needs-progression-on-last-therapy",)),
        ("Pd", TWO_LINES, "unknown", ("stop-reason",)),
        ("Pd", f"{TWO_LINES}, progression on the last therapy, in the EU", "met", ()),
        ("Pd", f"{TWO_LINES}, progression after the last therapy, in the EU", "unknown", ("label-undecided",)),
        ("Pd", f"{TWO_LINES}, in the EU", "unknown", ("label-undecided",)),
        ("IberDd", "given bortezomib", "unknown", ("label-terms-not-seen",)),
        ("Xd", f"{FIVE}, refractory to bortezomib + carfilzomib + lenalidomide + pomalidomide + daratumumab", "met", ()),
        ("Xd", f"{FIVE}, refractory to bortezomib + lenalidomide + pomalidomide + daratumumab", "not-met",
         ("label-needs-2-proteasome-inhibitor-refractory",)),
        ("Xd", f"{FIVE}, refractory to bortezomib + lenalidomide + pomalidomide + daratumumab, perhaps refractory to carfilzomib",
         "unknown", ("proteasome-inhibitor-refractoriness",)),
        ("DPd", "given bortezomib + lenalidomide, in the EU", "not-met", ("label-needs-lenalidomide-refractory",)),
        ("DPd", f"{TWO_LINES}, in the EU", "met", ()),
        ("IberDd", "given bortezomib, in the EU", "not-met", ("label-status-unknown",)),
        ("BPd", "given bortezomib + lenalidomide", "not-met", ("not-approved",)),
    ],
)  # fmt: skip
def test_label(regimen: str, chart: str, truth: str, codes: tuple[str, ...]) -> None:
    said = read_chart(chart)
    case = open_case(said.facts(), said.history(), knowledge(), as_of=AS_OF)
    found = fit(knowledge().regimens[regimen], Jurisdiction(said.jurisdiction), case)
    assert (found.truth, found.because or found.unknown or found.unclear) == (Truth(truth), codes)
