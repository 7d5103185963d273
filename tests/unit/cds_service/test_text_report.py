from cds_service.cards import cards_for
from cds_service.knowledge.evaluation import Outcome
from cds_service.text_report import text_report
from tests.support.evaluations import an_evaluation
from tests.support.small_knowledge import a_knowledge


def report(evaluation):
    return text_report(cards_for(evaluation, a_knowledge(), patient_id="p1", base_url=None), evaluation)


def test_the_report_reads_like_the_card_without_its_marks():
    text = report(an_evaluation())
    assert text.startswith("[info] First relapse of myeloma at 18 months. Switch of class: Rd.")
    assert "Switch of class: Rd (lenalidomide + dexamethasone)\n- Proteasome inhibitor before" in text
    assert "2026-11-10 Observation/o1" in text
    assert "- Draft Rd: lenalidomide + dexamethasone\n    lenalidomide: 25 mg by mouth" in text
    assert "- Trial POLLUX: https://clinicaltrials.gov/study/NCT02076009" in text
    assert "Decision support; a specialist decides." in text
    assert "**" not in text
    assert "\\" not in text
    assert "`" not in text
    assert text.endswith("Source: Myeloma CDS knowledge 2026.11.1\n")


def test_no_line_runs_off_the_terminal():
    assert max(len(line) for line in report(an_evaluation()).split("\n")) <= 110


def test_without_a_card_the_report_says_why():
    evaluation = an_evaluation(outcome=Outcome.NOT_RELAPSED, reason="in-remission")
    assert report(evaluation) == (
        "No card (not-relapsed). The myeloma has been treated and is in remission: no progression is recorded.\n"
    )
