from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service.knowledge.evaluation import (
    Comparison,
    Effect,
    Finding,
    RegimenReasons,
    SupportiveCheck,
    SwitchClass,
)
from cds_service.knowledge.logic import Truth
from fhir_mappings.facts import Conflict
from tests.support.card_rules import faults
from tests.support.cases_of_cards import CONFLICT, CROWDED, FOUNDING, INSUFFICIENT, NOTHING_LEFT, card_of
from tests.support.evaluations import a_history, a_line
from tests.support.rendering import rendered
from tests.support.small_knowledge import a_knowledge


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


def test_supportive_care_is_said_only_for_what_is_suggested():
    of_rd = SupportiveCheck(code="a", text="For Rd.", regimens=("Rd",))
    of_other = SupportiveCheck(code="b", text="For another.", regimens=("Tec",))
    detail = card_of(replace(FOUNDING, supportive=(of_rd, of_other)))["detail"]
    assert "- For Rd." in detail
    assert "For another." not in detail


@settings(deadline=None)
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


def test_the_card_says_whether_the_policies_agree():
    assert "**Why this differs**: Randomised trials used Rd as the losing arm." in card_of(FOUNDING)["detail"]
    agreeing = replace(FOUNDING, comparison=Comparison(agrees=True, text="Same regimen."))
    assert "**Both policies agree**: Same regimen." in card_of(agreeing)["detail"]
