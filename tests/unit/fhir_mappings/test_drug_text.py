"""Which drugs a text names, and what is left ambiguous rather than guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mappings.drug_text import read_drug_text
from fhir_mappings.procedure import CAR_T_NOT_NAMED
from fhir_mappings.terminology import acronyms, drug_names

VRD = {"bortezomib", "lenalidomide", "dexamethasone"}


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Revlimid 25 mg caps", {"lenalidomide"}),
        ("CC-5013", {"lenalidomide"}),
        ("Velcade/Thalidomide/Dex", {"bortezomib", "thalidomide", "dexamethasone"}),
        ("lenalidomide-dex", {"lenalidomide", "dexamethasone"}),
        ("Dara/Pom/Dex", {"daratumumab", "pomalidomide", "dexamethasone"}),
        ("VRd", VRD),
        ("vrd x 6", VRD),
        ("VRD, 4 cycles", VRD),
        ("Bortezomib, lenalidomide and dexamethasone (VRd)", VRD),
        ("KRd x8", {"carfilzomib", "lenalidomide", "dexamethasone"}),
        ("Dara-KTd", {"daratumumab", "carfilzomib", "thalidomide", "dexamethasone"}),
        ("Daratumumab-VRd", VRD | {"daratumumab"}),
        ("VAD", {"vincristine", "doxorubicin", "dexamethasone"}),
        ("VMP", {"bortezomib", "melphalan", "prednisone"}),
        ("DT-PACE", {"dexamethasone", "thalidomide", "cisplatin", "doxorubicin", "cyclophosphamide", "etoposide"}),
        ("MP x 6", {"melphalan", "prednisone"}),
        ("methylprednisolone 40 mg", {"methylprednisolone"}),
        ("Lenalidomid 25 mg Kapseln", {"lenalidomide"}),
        ("Lénalidomide 10 mg", {"lenalidomide"}),
        ("dexametasona", {"dexamethasone"}),
        ("melphalan flufenamide", {"melphalan-flufenamide"}),
    ],
)
def test_named(text: str, drugs: set[str]) -> None:
    assert read_drug_text(text, 2024).drugs == drugs


@pytest.mark.parametrize(
    "text", ["Bd", "PD", "BRd", "MP 4 mg", "no prior lenalidomide", "lenalidomide-naive", "declined VRd", "EP"]
)
def test_ambiguous_or_denied_names_nothing(text: str) -> None:
    read = read_drug_text(text, 2024)
    assert (read.drugs, read.ambiguous) == (frozenset(), True)


@pytest.mark.parametrize("text", ["pd", "sd", "tonight", "aspirin 100 mg", "Chemotherapy", ""])
def test_other_words_name_nothing(text: str) -> None:
    assert read_drug_text(text, 2024).drugs == frozenset()


def test_a_letter_is_read_by_the_drugs_of_its_time() -> None:
    assert "daratumumab" in read_drug_text("DVd", 2018).drugs
    assert read_drug_text("DVd", 2005).drugs == {"doxorubicin", "vincristine", "dexamethasone"}
    assert read_drug_text("BVd", 2010).ambiguous


@pytest.mark.parametrize("spelling", sorted(acronyms()))
def test_every_spelling_reads_as_its_acronym_or_is_ambiguous(spelling: str) -> None:
    read = read_drug_text(spelling, 2026)
    expansions = [frozenset(drugs) for drugs in acronyms()[spelling].expansions]
    assert read.drugs in expansions if expansions else read.ambiguous


@pytest.mark.parametrize("name", sorted(set(drug_names().names) - {CAR_T_NOT_NAMED}))
def test_every_name_reads_as_its_drug_alone(name: str) -> None:
    assert read_drug_text(f"{name.title()} 10 mg", 2026).drugs == {drug_names().names[name]}


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_drug_text(text, 2026)
