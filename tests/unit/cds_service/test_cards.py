import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.cards import cards_for
from cds_service.knowledge.evaluation import (
    Comparison,
    CurrentPractice,
    Effect,
    Finding,
    Option,
    Outcome,
    RegimenReasons,
    SupportiveCheck,
    SwitchClass,
    UnusableMeasurement,
    Verdict,
)
from cds_service.knowledge.logic import Truth
from fhir_mappings.facts import Accounting, Analyte, Conflict, Course, StopReason
from tests.support.card_rules import faults
from tests.support.evaluations import a_history, a_line, an_evaluation, day
from tests.support.rendering import rendered
from tests.support.small_knowledge import a_knowledge

HOSTILE = "Observation/<img src=x onerror=alert(1)>`` www.evil.example\n# x"


def option(regimen, verdict=Verdict.SUITABLE, rank=1, **more):
    return Option(regimen=regimen, verdict=verdict, rank=rank, **more)


def practice(*options):
    return CurrentPractice(situation="C1", title="First relapse", options=options)


def missing(regimen, verdict, *names):
    unknown = Finding(rule="r", effect=Effect.BLOCK, truth=Truth.UNKNOWN, because="b", unknown=names)
    return option(regimen, verdict, because=names, findings=(unknown,))


FOUNDING = an_evaluation()
REMOVED = an_evaluation(
    switch_class=SwitchClass(
        row="S-R1",
        title="Row",
        rationale="Reason.",
        suppressed=(RegimenReasons(regimen="Rd", because=("creatinine-clearance-below-30",)),),
    )
)
TO_CHECK = an_evaluation(
    switch_class=SwitchClass(
        row="S-R2",
        title="Row",
        preferred=("Vd", "Kd"),
        check_first=(
            RegimenReasons(regimen="Vd", because=("neuropathy-grade",)),
            RegimenReasons(regimen="Kd", because=("heart-function",)),
        ),
    ),
    current_practice=practice(missing("DKd", Verdict.CHECK_FIRST, "heart-function")),
    unknown=("neuropathy-grade", "heart-function"),
)
LATER = an_evaluation(
    reason="later-relapse",
    history=a_history(lines=(a_line(), a_line(2), a_line(3)), course=Course.LATER_RELAPSE),
    switch_class=SwitchClass(row="S-R3", title="Row", preferred=("Pd",), notes=("later-relapse-teaching-answer",)),
)
NOTHING_LEFT = an_evaluation(
    outcome=Outcome.NO_REGIMEN,
    reason="all-options-removed",
    switch_class=REMOVED.switch_class,
    current_practice=practice(option("DRd", Verdict.AVOID, because=("creatinine-clearance-below-30",))),
)
INSUFFICIENT = an_evaluation(
    outcome=Outcome.INSUFFICIENT_DATA,
    reason="dates-undecidable",
    switch_class=SwitchClass(),
    current_practice=None,
    unknown=("relapse-date",),
    history=a_history(unknown=("relapse-date", "therapy-history")),
)
CONFLICT = an_evaluation(
    outcome=Outcome.CONFLICTING_DATA,
    reason="records-contradict",
    switch_class=SwitchClass(),
    current_practice=None,
    conflicts=(
        Conflict(code="lvef-results-disagree", decides=False, sources=("Observation/o1",)),
        Conflict(code="relapse-before-therapy", decides=True, sources=("Condition/c1", "MedicationStatement/m1")),
    ),
)
CROWDED = an_evaluation(
    history=a_history(
        lines=tuple(
            a_line(number, inferred=("maintenance-planned",), sources=(HOSTILE,) * 5, end_reason=StopReason.PROGRESSION)
            for number in range(1, 12)
        ),
        refractory_to=("lenalidomide", "bortezomib"),
        intolerant_to=("thalidomide",),
        toxicities=(("thalidomide", "peripheral-neuropathy"),),
    ),
    measurements=FOUNDING.measurements * 3,
    unusable=(UnusableMeasurement(analyte=Analyte.LVEF, why="stale", value=60.0, unit="%", on=day("2024"), sources=(HOSTILE,)),),
    current_practice=practice(*(option(name, rank=rank) for rank, name in enumerate(("DRd", "KRd", "DKd", "IberDd", "Kd"), 1))),
    unknown=("neuropathy-grade", "heart-function", "pregnancy-status"),
    supportive=tuple(SupportiveCheck(code=f"s{n}", text=f"Supportive line {n}.", regimens=("Rd",)) for n in range(6)),
    accounting=Accounting(unreadable=1, not_recognised=2, foreign=3, incomplete=("procedures",)),
    conflicts=(Conflict(code="same-day-values", decides=False, sources=(HOSTILE,)),),
)
EVERY = {
    "founding": FOUNDING,
    "removed": REMOVED,
    "to-check": TO_CHECK,
    "later": LATER,
    "nothing-left": NOTHING_LEFT,
    "insufficient": INSUFFICIENT,
    "conflict": CONFLICT,
    "crowded": CROWDED,
}


def card_of(evaluation, knowledge=None, base_url="https://cds.example"):
    (card,) = cards_for(evaluation, knowledge or a_knowledge(), patient_id="p1", base_url=base_url)
    return card


@pytest.mark.parametrize("name", EVERY)
def test_every_card_keeps_every_rule(name):
    assert faults({"cards": [card_of(EVERY[name])]}, patient_id="p1") == []


@pytest.mark.parametrize("name", EVERY)
def test_the_same_evaluation_gives_the_same_card_but_for_its_uuids(name):
    first, second = card_of(EVERY[name]), card_of(EVERY[name])
    assert first["uuid"] != second["uuid"]
    for card in (first, second):
        del card["uuid"]
        for suggestion in card.get("suggestions", ()):
            del suggestion["uuid"]
    assert first == second


@pytest.mark.parametrize("outcome", [Outcome.NOT_APPLICABLE, Outcome.NOT_RELAPSED])
def test_where_there_is_nothing_to_say_there_is_no_card(outcome):
    assert cards_for(replace(FOUNDING, outcome=outcome), a_knowledge(), patient_id="p1", base_url=None) == []


def test_the_summary_names_situation_founding_answer_and_strongest_option():
    assert card_of(FOUNDING)["summary"] == (
        "First relapse of myeloma at 18 months. Switch of class: Rd. Strongest current option: DRd."
    )


def test_a_tie_is_named_as_a_tie():
    tie = replace(FOUNDING, current_practice=practice(option("DRd"), option("KRd"), option("DKd", rank=2)))
    assert "Strongest current option: DRd, KRd." in card_of(tie)["summary"]


def test_a_tie_of_many_is_counted():
    tie = replace(FOUNDING, current_practice=practice(*(option(name) for name in ("DRd", "KRd", "DKd", "IberDd", "Kd"))))
    assert "Strongest current option: DRd, KRd, DKd and 2 more." in card_of(tie)["summary"]


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


def test_the_detail_keeps_its_order():
    detail = card_of(CROWDED)["detail"]
    order = [
        "**Switch of class", "**Current practice", "**Why not the others", "**Therapy history", "**Values used",
        "**Not known: check first", "**Records that contradict", "**Alongside treatment", "Decision support",
    ]  # fmt: skip
    places = [detail.index(heading) for heading in order]
    assert places == sorted(places)


def test_the_detail_says_why_with_mechanism_anchor_and_ambiguity():
    detail = card_of(FOUNDING)["detail"]
    assert "**Switch of class: Rd (lenalidomide + dexamethasone)**" in detail
    assert "- IMiD: Binds cereblon; IKZF1 \\& IKZF3 go." in detail
    assert "18 complete months after the transplant of 2024-07-01: not early" in detail
    assert "Thalidomide was given and is an IMiD, but does not move the row." in detail
    assert "- Pd: the disease has not progressed on lenalidomide" in detail
    assert "POLLUX, against Rd: PFS 45.8 vs 17.5 months, HR 0.44" in detail
    assert "Randomised trials used Rd as the losing arm." in detail


def test_each_line_of_therapy_is_one_line_with_what_was_inferred_marked():
    evaluation = replace(FOUNDING, history=a_history(lines=(a_line(inferred=("maintenance-planned",)),)))
    assert (
        "- Line 1: bortezomib + thalidomide + dexamethasone, 2024-01-05 to 2024-05-20; transplant 2024-07-01; completed "
        "*Inferred: maintenance counted as planned, so the same line.* `MedicationStatement/m1`, `Procedure/p1`"
    ) in card_of(evaluation)["detail"]


def test_values_stand_with_unit_method_date_and_source():
    assert (
        "- Creatinine clearance 71.9 mL/min (Cockcroft–Gault with actual weight), 2026-11-10 `Observation/o1`"
        in card_of(FOUNDING)["detail"]
    )


def test_a_stale_value_is_shown_with_its_date_and_not_as_used():
    assert "Not used: LVEF 60 %, 2024: too old" in card_of(CROWDED)["detail"]


def test_a_chart_that_may_be_incomplete_says_which_part():
    assert "not fully received: procedures" in card_of(CROWDED)["detail"]


def test_a_caution_of_the_founding_regimen_is_said():
    caution = Finding(rule="r", effect=Effect.CAUTION, truth=Truth.MET, because="bortezomib-already-used")
    silent = Finding(rule="r", effect=Effect.CAUTION, truth=Truth.NOT_MET, because="relapse-not-early")
    answer = replace(FOUNDING.switch_class, findings=(("Rd", (caution, silent)),), why_not=())
    detail = card_of(replace(FOUNDING, switch_class=answer))["detail"]
    assert "**Caution with Rd**: bortezomib was given before" in detail
    assert "12 months or later" not in detail


def test_nothing_left_says_what_was_removed_and_why():
    card = card_of(NOTHING_LEFT)
    assert card["indicator"] == "warning"
    assert "suggestions" not in card
    assert "**Rd removed for safety**: creatinine clearance is below 30 mL/min" in card["detail"]
    assert "Avoid: DRd (creatinine clearance is below 30 mL/min)" in card["detail"]


def test_insufficient_data_lists_what_is_missing_before_anything_else():
    card = card_of(INSUFFICIENT)
    assert card["summary"] == "Relapsed myeloma: no regimen named, the dates leave the decision open."
    assert "suggestions" not in card
    assert card["detail"].index("date of the relapse: record the date") < card["detail"].index("Therapy history")
    assert "drugs given before" in card["detail"]


def test_a_conflict_names_both_records_the_deciding_one_first():
    detail = card_of(CONFLICT)["detail"]
    assert "relapse before therapy `Condition/c1`, `MedicationStatement/m1`" in detail
    assert detail.index("relapse before therapy") < detail.index("Results of the same day disagree: LVEF `Observation/o1`")


def test_an_unreviewed_knowledge_says_so():
    assert "not been clinically reviewed" in card_of(FOUNDING)["detail"]
    assert "not been clinically reviewed" not in card_of(FOUNDING, a_knowledge(reviewed_by="A. Haematologist"))["detail"]


def test_the_source_names_knowledge_and_version_and_its_page():
    assert card_of(FOUNDING)["source"]["label"] == "Myeloma CDS knowledge 2026.11.1"
    assert card_of(FOUNDING, base_url="https://cds.example/")["source"]["url"] == "https://cds.example/knowledge"
    assert "url" not in card_of(FOUNDING, base_url=None)["source"]


def test_links_lead_to_trials_and_labels_and_only_by_plain_https():
    assert card_of(FOUNDING)["links"] == [
        {"label": "Trial POLLUX", "url": "https://clinicaltrials.gov/study/NCT02076009", "type": "absolute"},
        {"label": "A label", "url": "https://example.org/label", "type": "absolute"},
    ]


@pytest.mark.parametrize(
    ("evaluation", "indicator"), [(FOUNDING, "info"), (REMOVED, "warning"), (INSUFFICIENT, "info"), (CONFLICT, "warning")]
)
def test_the_indicator_slows_the_reader_down_where_it_should(evaluation, indicator):
    assert card_of(evaluation)["indicator"] == indicator


def test_no_summary_is_longer_than_a_line_whatever_is_unknown():
    names = ("creatinine-clearance", "neuropathy-grade", "heart-function", "pregnancy-status", "therapy-history", "stop-reason")
    answer = replace(TO_CHECK.switch_class, check_first=(RegimenReasons(regimen="Vd", because=names),))
    summary = card_of(replace(TO_CHECK, switch_class=answer))["summary"]
    assert summary.startswith("First relapse of myeloma at 18 months. Switch of class: Vd or Kd, check first: 6 points.")
    assert len(summary) <= 139


@pytest.mark.parametrize(
    "spoil",
    [
        lambda card: card.update(summary="x" * 140),
        lambda card: card.update(detail=None),
        lambda card: card.update(detail="<b>x</b> Decision support; a specialist decides."),
        lambda card: card.update(detail="[x](https://evil.example) Decision support; a specialist decides."),
        lambda card: card.update(indicator="critical"),
        lambda card: card.update(uuid="1"),
        lambda card: card["source"].pop("label"),
        lambda card: card.pop("selectionBehavior"),
        lambda card: card.update(links=[{"label": "x", "url": "http://x.example", "type": "absolute"}]),
        lambda card: card["overrideReasons"][0].pop("display"),
        lambda card: card["suggestions"][0].update(uuid=card["uuid"]),
        lambda card: card["suggestions"][0]["actions"][0].update(type="update"),
        lambda card: card["suggestions"][0]["actions"][0]["resource"].update(status="active"),
        lambda card: card["suggestions"][0]["actions"][0]["resource"].update(subject={"reference": "Patient/other"}),
        lambda card: card["suggestions"].extend(card["suggestions"] * 4),
    ],
)
def test_the_rules_see_a_broken_card(spoil):
    card = copy.deepcopy(card_of(FOUNDING))
    spoil(card)
    assert faults({"cards": [card]}, patient_id="p1")


def test_supportive_care_is_said_only_for_what_is_suggested():
    of_rd = SupportiveCheck(code="a", text="For Rd.", regimens=("Rd",))
    of_other = SupportiveCheck(code="b", text="For another.", regimens=("Tec",))
    detail = card_of(replace(FOUNDING, supportive=(of_rd, of_other)))["detail"]
    assert "- For Rd." in detail
    assert "For another." not in detail


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_reference_of_a_chart_can_break_out_of_its_code_span(first, second):
    history = a_history(lines=(a_line(sources=(first, second)),), relapse=replace(a_history().relapse, sources=(second,)))
    used = tuple(replace(each, sources=(first,)) for each in FOUNDING.measurements)
    conflicts = (Conflict(code="lvef-results-disagree", decides=False, sources=(second, first)),)
    card = card_of(replace(FOUNDING, history=history, measurements=used, conflicts=conflicts))
    assert faults({"cards": [card]}, patient_id="p1") == []
    page = rendered(card["detail"])
    assert page.tags.count("code") == 7
    assert page.tags == rendered(card_of(replace(
        FOUNDING,
        history=a_history(lines=(a_line(sources=("a", "b")),)),
        measurements=tuple(replace(each, sources=("a",)) for each in FOUNDING.measurements),
        conflicts=(replace(conflicts[0], sources=("a", "b")),),
    ))["detail"]).tags  # fmt: skip


def test_a_regimen_that_safety_removed_is_named_beside_the_one_that_is_left():
    answer = SwitchClass(
        row="S-R2",
        title="Row",
        preferred=("Vd",),
        suppressed=(RegimenReasons(regimen="Kd", because=("heart-failure-nyha-3",)),),
    )
    card = card_of(replace(FOUNDING, switch_class=answer))
    assert "**Why not the others**\n- **Kd removed for safety**: heart failure nyha 3" in card["detail"]
    assert card["indicator"] == "info"


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


def test_the_card_says_whether_the_policies_agree():
    assert "**Why this differs**: Randomised trials used Rd as the losing arm." in card_of(FOUNDING)["detail"]
    agreeing = replace(FOUNDING, comparison=Comparison(agrees=True, text="Same regimen."))
    assert "**Both policies agree**: Same regimen." in card_of(agreeing)["detail"]
