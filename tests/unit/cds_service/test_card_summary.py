from dataclasses import replace

from cds_service.knowledge.evaluation import (
    RegimenReasons,
    SwitchClass,
    Verdict,
)
from tests.support.cases_of_cards import FOUNDING, LATER, REMOVED, TO_CHECK, card_of, missing, option, practice
from tests.support.evaluations import a_history


def test_the_summary_names_situation_founding_answer_and_strongest_option():
    assert card_of(FOUNDING)["summary"] == (
        "First relapse of myeloma at 18 months. Switch of class: Rd. Strongest current option: DRd."
    )


def test_a_tie_is_named_as_a_tie():
    tie = replace(FOUNDING, current_practice=practice(option("DRd"), option("KRd"), option("DKd", rank=2)))
    assert "Strongest current option: DRd, KRd." in card_of(tie)["summary"]


def test_a_tie_of_many_is_counted():
    tie = replace(FOUNDING, current_practice=practice(*(option(name) for name in ("DRd", "KRd", "DKd", "IberDd", "Kd"))))
    assert "Strongest current option: DRd, KRd, DKd, IberDd and 1 more." in card_of(tie)["summary"]


def test_what_safety_removed_is_not_preferred_in_the_summary():
    summary = card_of(REMOVED)["summary"]
    assert "Rd removed for safety." in summary
    assert "Switch of class: Rd" not in summary


def test_what_must_be_checked_stands_in_the_summary():
    assert card_of(TO_CHECK)["summary"] == (
        "First relapse of myeloma at 18 months. Switch of class: Vd or Kd, check first: neuropathy grade, heart function. "
        "Current: DKd."
    )


def test_a_later_relapse_says_how_many_lines_and_calls_the_founding_answer_a_teaching_answer():
    summary = card_of(LATER)["summary"]
    assert summary.startswith("Relapse of myeloma after 3 lines")
    assert "teaching answer: Pd" in summary
    assert all("Pd" not in suggestion["label"] for suggestion in card_of(LATER)["suggestions"])


def test_no_summary_is_longer_than_a_line_whatever_is_unknown():
    names = ("creatinine-clearance", "neuropathy-grade", "heart-function", "pregnancy-status", "therapy-history", "stop-reason")
    answer = replace(TO_CHECK.switch_class, check_first=(RegimenReasons(regimen="Vd", because=names),))
    summary = card_of(replace(TO_CHECK, switch_class=answer))["summary"]
    assert summary.startswith("First relapse of myeloma at 18 months. Switch of class: Vd or Kd, check first: 6 points.")
    assert len(summary) <= 139


def test_the_longest_thing_there_is_to_say_still_fits():
    names = tuple(f"unknown-{number}" for number in range(12))
    answer = SwitchClass(
        row="S-R4",
        title="Row",
        preferred=("Vd", "Kd"),
        check_first=(RegimenReasons(regimen="Vd", because=names),),
        notes=("off-label",),
    )
    early = replace(a_history().relapse, months=11, early=True)
    options = (missing(name, Verdict.CHECK_FIRST, *names) for name in ("cilta-cel", "Tec-Dara", "IsaKd", *map(str, range(12))))
    evaluation = replace(FOUNDING, switch_class=answer, history=a_history(relapse=early), current_practice=practice(*options))
    assert len(card_of(evaluation)["summary"]) <= 139
