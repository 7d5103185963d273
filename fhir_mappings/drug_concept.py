"""Which drugs a medication concept is: a set of ingredients, from all its codings and words together.

Nine codings of which one is known are known. A code and a display that name different drugs contradict each other:
then neither is
taken, and the contradiction is reported.
"""

from __future__ import annotations

import re
from functools import cache

from fhir_mappings.coding import Concept, System
from fhir_mappings.drug_text import read_drug_text
from fhir_mappings.facts.frozen import frozen
from fhir_mappings.terminology import drug_names, rows, split

_MYELOMA_GROUPS = ("L01", "L03", "L04", "H02")


@frozen()
class DrugReading:
    """The drugs of one concept. `other`: it is readable and no myeloma drug; `contradicting`: the drugs that its
    parts disagree about."""

    drugs: frozenset[str] = frozenset()
    regimen: str | None = None
    contradicting: frozenset[str] = frozenset()
    ambiguous: bool = False
    other: bool = False


@cache
def _other_names() -> re.Pattern[str]:
    names = sorted((name for row in rows("other_drugs") for name in split(row["names"])), key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?:" + "|".join(map(re.escape, names)) + r")(?![a-z])")


def read_drug_concept(read: Concept, year: int) -> DrugReading:
    """The drugs that a concept means, written about a therapy of `year`."""
    names = drug_names()
    tables = {System.RXNORM: names.rxnorm, System.ATC: names.atc, System.SNOMED: names.snomed}
    coded = {drug for coding in read.codings if (drug := tables.get(coding.system, {}).get(coding.code)) is not None}
    readings = [read_drug_text(words, year) for words in read.words]
    told = frozenset(drug for reading in readings for drug in reading.drugs)
    regimen = next((reading.regimen for reading in readings if reading.regimen), None)
    if coded and (told.isdisjoint(coded) if told else len(coded) > 1):
        return DrugReading(contradicting=frozenset(coded | told))
    if coded:
        return DrugReading(drugs=frozenset(coded), regimen=regimen)
    if told:
        return DrugReading(drugs=told, regimen=regimen)
    if any(reading.ambiguous for reading in readings):
        return DrugReading(ambiguous=True)
    return DrugReading(other=_is_other(read))


@cache
def _other_codes() -> frozenset[str]:
    return frozenset(code for row in rows("other_drugs") for code in split(row["rxnorm"]))


def _is_other(read: Concept) -> bool:
    """Readable, and known not to be a myeloma drug. An unknown code without words is not."""
    if not _other_codes().isdisjoint(read.codes(System.RXNORM)):
        return True
    if any(not code.startswith(_MYELOMA_GROUPS) for code in read.codes(System.ATC)):
        return True
    return any(_other_names().search(words.lower()) for words in read.words)
