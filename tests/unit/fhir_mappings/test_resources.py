import pytest

from fhir_mappings.resources import InvalidResourceError, check, medication_proposal


def a_proposal(**changes):
    given = {"patient_id": "p1", "drug": "lenalidomide", "rxnorm": "342369", "atc": "L04AX04", "dosage_text": "Local protocol."}
    return medication_proposal(**(given | changes))


def test_a_proposal_is_a_draft_for_the_right_patient_that_r4_accepts():
    proposal = a_proposal()
    check(proposal)
    assert (proposal["resourceType"], proposal["status"], proposal["intent"]) == ("MedicationRequest", "draft", "proposal")
    assert proposal["subject"] == {"reference": "Patient/p1"}
    assert [coding["code"] for coding in proposal["medicationCodeableConcept"]["coding"]] == ["342369", "L04AX04"]


def test_a_drug_without_codes_is_named_by_text_alone():
    proposal = a_proposal(drug="iberdomide", rxnorm=None, atc=None)
    check(proposal)
    assert proposal["medicationCodeableConcept"] == {"text": "iberdomide"}


@pytest.mark.parametrize("patient_id", ["", "a b", "../x", "p1\n", "x" * 65, "<script>"])
def test_an_id_outside_the_grammar_never_becomes_a_reference(patient_id):
    with pytest.raises(ValueError, match="grammar"):
        a_proposal(patient_id=patient_id)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda proposal: proposal.pop("intent"),
        lambda proposal: proposal.pop("resourceType"),
        lambda proposal: proposal.update(resourceType="Prescription"),
        lambda proposal: proposal.update(subject=[]),
        lambda proposal: proposal.update(dose="25 mg"),
    ],
)
def test_the_check_refuses_what_r4_does_not_have(spoil):
    proposal = a_proposal()
    spoil(proposal)
    with pytest.raises(InvalidResourceError):
        check(proposal)


def test_a_refusal_repeats_no_value():
    with pytest.raises(InvalidResourceError) as refused:
        check(a_proposal() | {"status": {"secret": "canary"}})
    assert "canary" not in str(refused.value)
