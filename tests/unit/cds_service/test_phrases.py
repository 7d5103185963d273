import pytest

from cds_service.knowledge.evaluation import Verdict
from cds_service.phrases import phrase, table
from fhir_mappings.facts import Analyte, Course, Problem, RelapseKind, StopReason

SILENT_COURSES = {
    Course.NO_MYELOMA, Course.PRECURSOR, Course.OTHER_DISORDER, Course.DECEASED, Course.NEWLY_DIAGNOSED, Course.IN_REMISSION,
    Course.ON_TREATMENT,
}  # fmt: skip
UNKNOWN_NAMES = (
    "creatinine-clearance", "weight", "neuropathy-grade", "heart-function", "relapse-date", "stop-reason", "pregnancy-status",
    "therapy-history",
)  # fmt: skip
PREFETCH_KEYS = (
    "patient", "conditions", "medicationStatements", "medicationRequests", "medicationAdministrations", "procedures",
    "observations",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("reason", [*Course, "all-options-removed"]),
        ("situation", [*(course for course in Course if course not in SILENT_COURSES), "all-options-removed"]),
        ("missing", UNKNOWN_NAMES),
        ("remedy", UNKNOWN_NAMES),
        ("analyte", Analyte),
        ("unusable", [*Problem, "stale", "disagree"]),
        ("ending", StopReason),
        ("relapse", RelapseKind),
        ("anchor", ("transplant", "line-start")),
        ("method", ("cockcroft-gault", "measured")),
        ("incomplete", PREFETCH_KEYS),
        ("verdict", Verdict),
    ],
)
def test_every_code_has_its_words(name, codes):
    assert sorted(str(code) for code in codes if str(code) not in table(name)) == []


def test_a_code_without_a_row_is_shown_in_plain_words():
    assert phrase("missing", "liver-function") == "liver function"


def test_the_start_of_a_summary_leaves_room():
    assert max(len(text) for text in table("situation").values()) < 130
