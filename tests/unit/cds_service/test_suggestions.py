from dataclasses import replace

import pytest

from cds_service.knowledge.evaluation import CurrentPractice, Dose, Effect, Finding, Option, RegimenReasons, SwitchClass, Verdict
from cds_service.knowledge.logic import Truth
from cds_service.suggestions import standing, suggestions_for
from tests.support.evaluations import an_evaluation
from tests.support.small_knowledge import a_knowledge


def with_options(*options, **answer):
    practice = CurrentPractice(situation="C1", title="First relapse", options=options)
    return an_evaluation(current_practice=practice, switch_class=SwitchClass(row="S-R1", preferred=("Rd",), **answer))


def option(regimen, verdict=Verdict.SUITABLE, rank=1, unknown=()):
    finding = Finding(rule="r", effect=Effect.BLOCK, truth=Truth.UNKNOWN, because="b", unknown=unknown)
    return Option(regimen=regimen, verdict=verdict, rank=rank, because=unknown, findings=(finding,) if unknown else ())


def suggestions(evaluation):
    return suggestions_for(evaluation, a_knowledge(), patient_id="p1")


def doses(suggestion):
    return {
        action["resource"]["medicationCodeableConcept"]["text"]: action["resource"]["dosageInstruction"][0]["text"]
        for action in suggestion["actions"]
    }


def test_the_founding_answer_comes_first_then_suitable_by_rank_then_what_to_check():
    evaluation = with_options(
        option("IberDd", Verdict.OFF_LABEL, 1),
        option("DKd", Verdict.CHECK_FIRST, 1, ("heart-function",)),
        option("KRd", rank=2),
        option("Kd", Verdict.AVOID),
        option("DRd", rank=1),
    )
    assert standing(evaluation) == ["Rd", "DRd", "KRd", "DKd"]


def test_there_are_at_most_four_and_none_twice():
    evaluation = with_options(option("Rd"), option("DRd"), option("KRd"), option("DKd"), option("Kd"))
    assert [each["label"].split(":")[0] for each in suggestions(evaluation)] == [
        "Draft Rd",
        "Draft DRd",
        "Draft KRd",
        "Draft DKd",
    ]


def test_a_suppressed_or_avoided_regimen_is_never_suggested():
    answer = SwitchClass(row="S-R1", suppressed=(RegimenReasons(regimen="Rd", because=("x",)),))
    evaluation = replace(with_options(option("DRd", Verdict.AVOID)), switch_class=answer)
    assert suggestions(evaluation) == []


def test_what_must_be_checked_stands_on_the_button():
    evaluation = with_options(option("DKd", Verdict.CHECK_FIRST, 1, ("heart-function",)))
    assert suggestions(evaluation)[1]["label"] == (
        "Draft DKd: daratumumab + carfilzomib + dexamethasone – check first: heart function"
    )


def test_an_off_label_founding_answer_says_so_on_the_button():
    assert suggestions(with_options(notes=("off-label",)))[0]["label"].endswith("(off label, US)")


def test_a_verified_dose_is_printed_and_nothing_else_is():
    evaluation = an_evaluation(
        doses=(
            Dose(regimen="Rd", drug="lenalidomide", text="25 mg by mouth on days 1 to 21 of 28"),
            Dose(regimen="Rd", drug="dexamethasone", because=("dose-not-verified",)),
            Dose(regimen="DRd", drug="daratumumab", text="16 mg/kg"),
        )
    )
    assert doses(suggestions(evaluation)[0]) == {
        "lenalidomide": "25 mg by mouth on days 1 to 21 of 28. Check against label and local protocol.",
        "dexamethasone": "Dose and schedule by label and local protocol.",
    }
    assert doses(suggestions(evaluation)[1])["lenalidomide"] == "Dose and schedule by label and local protocol."


@pytest.mark.parametrize(
    ("drug", "codes"), [("lenalidomide", ["342369", "L04AX04"]), ("pomalidomide", ["L04AX06"]), ("iberdomide", None)]
)
def test_a_drug_carries_the_codes_that_the_drug_table_has(drug, codes):
    regimen = {"lenalidomide": "Rd", "pomalidomide": "Pd", "iberdomide": "IberDd"}[drug]
    evaluation = replace(with_options(), switch_class=SwitchClass(preferred=(regimen,)))
    concept = suggestions(evaluation)[0]["actions"][0]["resource"]["medicationCodeableConcept"]
    assert concept["text"] == drug
    assert ([coding["code"] for coding in concept["coding"]] if "coding" in concept else None) == codes


def test_a_regimen_that_the_knowledge_does_not_hold_is_left_out():
    assert [each["label"][:9] for each in suggestions(with_options(option("Unheard-of")))] == ["Draft Rd:"]


def test_nothing_is_marked_as_recommended():
    assert all("isRecommended" not in each for each in suggestions(with_options(option("DRd"))))


def test_a_dose_that_was_changed_or_withheld_says_why():
    evaluation = an_evaluation(
        doses=(
            Dose(regimen="Rd", drug="lenalidomide", because=("creatinine-clearance",)),
            Dose(regimen="Rd", drug="dexamethasone", text="20 mg by mouth once weekly", because=("age-above-75",)),
        )
    )
    assert doses(suggestions(evaluation)[0]) == {
        "lenalidomide": "Not known: creatinine clearance. Dose and schedule by label and local protocol.",
        "dexamethasone": "20 mg by mouth once weekly (age above 75). Check against label and local protocol.",
    }
