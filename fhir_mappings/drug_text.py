"""Which drugs a piece of text names: INN, brand, development code, short form or regimen acronym.

Letters that mean different drugs in different regimens are resolved by the whole acronym and the year, or reported as ambiguous;
nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from fhir_mappings.facts.frozen import frozen
from fhir_mappings.terminology import Acronym, acronyms, drug_names

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/][A-Za-z][A-Za-z0-9]*)*")
_FILLER = re.compile(
    r"\b(?:x\s*\d+|\d+\s*x|cycles?|\d+|regimen|protocol|therapy|chemotherapy|zyklen|induction|consolidation|maintenance)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"na[iï]ve|declin|refus|allerg|instead of|contraindicat|\bnever\b|\bwithout\b|"
    r"\bnot (?:given|taken|started|received|a candidate)"
    r"|^\s*no\b|\bno (?:prior|previous)\b|\bconsider|\bdiscuss",
    re.IGNORECASE,
)
_PREFIXES = {"d": "daratumumab"}


@frozen()
class TextReading:
    """The drugs named, the regimen acronym if there was one, and whether something in it could not be told apart."""

    drugs: frozenset[str] = frozenset()
    regimen: str | None = None
    ambiguous: bool = False


NOTHING_NAMED = TextReading()


@cache
def _names() -> re.Pattern[str]:
    longest_first = sorted(drug_names().names, key=len, reverse=True)
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![a-z0-9])")


def read_drug_text(text: str, year: int) -> TextReading:
    """The drugs that `text` names, written about a therapy of `year`."""
    lower = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower() if not text.isascii() else text.lower()
    named = {drug_names().names[found] for found in _names().findall(lower)}
    rest = _names().sub(" ", lower) if named else lower
    abbreviated, regimens, ambiguous = _short_forms(text, rest, year)
    if (named or abbreviated or regimens) and _NEGATED.search(text):
        return TextReading(ambiguous=True)
    drugs = frozenset(named | abbreviated | {drug for _, reading in regimens for drug in reading})
    regimen = regimens[0][0] if regimens else None
    return TextReading(drugs=drugs, regimen=regimen, ambiguous=ambiguous and not drugs)


@cache
def _any_case() -> Mapping[str, Acronym]:
    """Acronyms of three letters and more by their lower-case spelling, where only one regimen is spelled so."""
    spelled: dict[str, set[Acronym]] = {}
    for spelling, acronym in acronyms().items():
        spelled.setdefault(spelling.lower(), set()).add(acronym)
    return {lower: found.pop() for lower, found in spelled.items() if len(found) == 1 and len(lower) > len("Vd")}


def _acronym(token: str, text: str) -> Acronym | None:
    """The regimen that a token spells. In another case than usual it counts only where the text says nothing else."""
    known = acronyms().get(token)
    if known is None and (found := _any_case().get(token.lower())) is not None and _alone(token, text):
        return found
    return known


def _alone(token: str, text: str) -> bool:
    """Whether the text says nothing else, but for cycles, numbers and the like."""
    return _FILLER.sub("", text).strip(" .,;:()") == token


def _short_forms(text: str, rest: str, year: int) -> tuple[set[str], list[tuple[str, tuple[str, ...]]], bool]:
    abbreviated: set[str] = set()
    regimens: list[tuple[str, tuple[str, ...]]] = []
    ambiguous = False
    for token in _TOKEN.findall(text):
        composed = _composed(token, year)
        if composed:
            regimens.append((token, composed))
            continue
        if token.lower() not in rest:  # a whole name that has been read already, or one joined to a short form
            abbreviated |= {drug for part in re.split(r"[-/]", token.lower()) if (drug := drug_names().abbreviations.get(part))}
            continue
        acronym = _acronym(token, text)
        if acronym is not None:
            reading = _expansion(acronym, text, token, year)
            if reading is None:
                ambiguous = True
            else:
                regimens.append((acronym.name, reading))
        else:
            abbreviated |= _abbreviated(token)
    return abbreviated, regimens, ambiguous


def _expansion(acronym: Acronym, text: str, token: str, year: int) -> tuple[str, ...] | None:
    if acronym.whole_text_only and not _alone(token, text):
        return None
    first_use = drug_names().first_use
    return next((drugs for drugs in acronym.expansions if all(first_use[drug] <= year for drug in drugs)), None)


def _composed(token: str, year: int) -> tuple[str, ...]:
    """`Dara-KTd`, `Isa-VCd`: one drug in front of a known acronym."""
    first, joined, rest = token.partition("-")
    if not joined or token in acronyms():
        return ()
    added = _PREFIXES.get(first.lower()) or drug_names().abbreviations.get(first.lower()) or drug_names().names.get(first.lower())
    acronym = acronyms().get(rest)
    if not added or acronym is None:
        return ()
    reading = _expansion(acronym, rest, rest, year)
    return (added, *reading) if reading else ()


def _abbreviated(token: str) -> set[str]:
    """`Len`, `Dara/Pom/Dex`: short forms, alone or joined. Every part must be known, or none of it counts."""
    names, lower = drug_names(), token.lower()
    if lower in names.abbreviations:
        return {names.abbreviations[lower]}
    parts = lower.replace("/", "-").split("-")
    if len(parts) == 1:
        return set()
    known = [names.abbreviations.get(part) or names.names.get(part) for part in parts]
    return {drug for drug in known if drug} if all(known) else set()
