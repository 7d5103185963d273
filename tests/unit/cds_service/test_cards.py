import copy
from dataclasses import replace

import pytest

from cds_service.cards import cards_for
from cds_service.knowledge.evaluation import (
    Outcome,
)
from tests.support.card_rules import faults
from tests.support.cases_of_cards import (
    CONFLICT,
    EVERY,
    FOUNDING,
    INSUFFICIENT,
    REMOVED,
    card_of,
)
from tests.support.small_knowledge import a_knowledge


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
