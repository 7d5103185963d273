"""What a card warns of and what a draft holds back, with the real knowledge and charts in the words of the specification."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cds_service.cards import cards_for
from cds_service.knowledge.evaluator import evaluate
from cds_service.markdown import plain
from tests.spec.language import AS_OF, read_chart
from tests.spec.specification import knowledge

FIT = (
    "man, age 60, creatinine 1.0, weight 80, neuropathy grade 0, lvef 60, neutrophils 3, platelets 200, "
    "systolic pressure 130, diastolic pressure 80"
)
REFRACTORY = "given bortezomib + lenalidomide, refractory to lenalidomide, progression on the last therapy"


def card(*said: str, incomplete: bool = False) -> dict[str, Any]:
    chart = read_chart(FIT, *said)
    history = replace(chart.history(), notes=("history-incomplete",) if incomplete else ())
    evaluation = evaluate(chart.facts(), history, knowledge(), as_of=AS_OF, jurisdiction=chart.jurisdiction)
    (only,) = cards_for(evaluation, knowledge(), patient_id="p1", base_url=None)
    return only | {"detail": plain(only["detail"])}


def labels(said: dict[str, Any]) -> list[str]:
    return [suggestion["label"] for suggestion in said["suggestions"]]


def drafts(said: dict[str, Any], regimen: str) -> dict[str, str]:
    """Drug to dosage text in the draft of a regimen."""
    chosen = next(s for s in said["suggestions"] if s["label"].startswith(f"Draft {regimen}:"))
    resources = [action["resource"] for action in chosen["actions"]]
    return {r["medicationCodeableConcept"]["text"]: r["dosageInstruction"][0]["text"] for r in resources}


def test_an_incomplete_history_is_said_first_and_carries_no_dose() -> None:
    complete, gap = card("given bortezomib"), card("given bortezomib", incomplete=True)
    assert "25 mg" in drafts(complete, "Rd")["lenalidomide"]
    assert not any("mg" in text for text in drafts(gap, "Rd").values())
    assert "History may be incomplete." in gap["summary"]
    assert "may be incomplete" in gap["detail"].splitlines()[1]
    assert "incomplete" not in complete["summary"] + complete["detail"]


@pytest.mark.parametrize(
    ("more", "regimen", "drug"),
    [
        ("given bortezomib, creatinine 1.75", "Rd", "lenalidomide"),
        ("given bortezomib + lenalidomide, dialysis", "Pd", "pomalidomide"),
        ("given bortezomib + lenalidomide, hepatic impairment", "Pd", "pomalidomide"),
    ],
)
def test_a_dose_that_must_be_reduced_is_named_on_the_button_and_not_printed(more: str, regimen: str, drug: str) -> None:
    said = card(more)
    assert any(label.startswith(f"Draft {regimen}") and f"reduced dose of {drug}" in label for label in labels(said))
    assert "on days 1–21" not in drafts(said, regimen)[drug]
    assert not any("reduced dose" in label for label in labels(card(more.partition(", ")[0])))


def test_an_off_label_founding_draft_crowds_out_nothing_on_label() -> None:
    assert [label.partition(":")[0] for label in labels(card(REFRACTORY))] == [
        "Draft cilta-cel", "Draft DKd", "Draft IsaKd", "Draft Tec-Dara"
    ]  # fmt: skip
    assert labels(card("given bortezomib + lenalidomide"))[1].startswith("Draft Pd: pomalidomide + dexamethasone (off label, US)")


def test_a_label_of_the_subcutaneous_form_gives_a_draft_of_it() -> None:
    said = card(REFRACTORY)
    draft = next(s for s in said["suggestions"] if s["label"].startswith("Draft Tec-Dara"))["actions"][1]["resource"]
    concept = draft["medicationCodeableConcept"]
    assert concept["text"] == "daratumumab and hyaluronidase, subcutaneous"
    assert [coding["code"] for coding in concept["coding"]] == ["2372199"]
    assert "teclistamab + daratumumab and hyaluronidase, subcutaneous" in said["detail"]


def test_figures_of_a_trial_without_such_patients_say_so() -> None:
    later = "given bortezomib + lenalidomide, then daratumumab + pomalidomide, then daratumumab + carfilzomib"
    assert "few or no such patients" in card(f"{later}, refractory to daratumumab + lenalidomide + carfilzomib")["detail"]
    assert "few or no such patients" not in card("given bortezomib")["detail"]


def test_labels_that_were_not_seen_are_listed() -> None:
    assert "EU labels not verified by this service: DRd" in card("given bortezomib, in the EU")["detail"]
    assert "not verified by this service" not in card("given bortezomib")["detail"]


def test_a_clearance_on_dialysis_does_not_apply() -> None:
    assert "does not apply on dialysis" in card("given bortezomib, dialysis")["detail"]
    assert "does not apply" not in card("given bortezomib")["detail"]


def test_classes_and_cautions_are_in_words() -> None:
    said = card("given bortezomib, intolerant of isatuximab")["detail"]
    assert "anti-CD38 antibody was not tolerated" in said
    assert "anti-cd38" not in said
    assert "DVd (caution: neuropathy grade 2)" in card("given bortezomib, neuropathy grade 2 without pain")["detail"]


def test_four_that_tie_for_the_first_place_all_have_their_figures() -> None:
    said = card(REFRACTORY)
    assert all(f"- {name} (" in said["detail"] for name in ("cilta-cel", "DKd", "IsaKd", "Tec-Dara"))
    assert "cilta-cel, DKd, IsaKd, Tec-Dara." in said["summary"]


def test_bortezomib_again_is_possible_only_where_it_neither_failed_nor_harmed() -> None:
    assert "again is possible" in card("given bortezomib")["detail"]
    for bad in ("refractory to bortezomib", "intolerant of bortezomib", "neuropathy grade 1"):
        assert "again is possible" not in card("given bortezomib", bad)["detail"]
