"""Values as numbers in the analyte's canonical unit. Total readers: what cannot be used says why.

A number without a unit is unknown, except for grades, classes, scores and ratios, which have none. `<0.1` is an interval.
"""

from __future__ import annotations

import math
import re

from fhir_mappings.coding import Concept, concept, string
from fhir_mappings.facts import Analyte, Problem
from fhir_mappings.facts.frozen import frozen
from fhir_mappings.terminology import Lab, labs

_UCUM = "http://unitsofmeasure.org"
_PLAIN_QUANTITY = len(("value", "unit", "system", "code"))
UNITLESS = frozenset({"class", "grade", "score", "ratio", "result"})
_NUMBER = re.compile(
    r"^\s*(?P<comparator>[<>]=?|≤|≥|GT|LT|GE|LE|greater than|less than|more than|above|below)?\s*"
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[^\d\s].*)?$",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"^\d{1,3},\d{3}$")
_BELOW = frozenset({"<", "<=", "≤", "lt", "le", "less than", "below"})
_ABOVE = frozenset({">", ">=", "≥", "gt", "ge", "greater than", "more than", "above"})

_ORDINAL = re.compile(
    r"\b(?:grade|grad|class|klasse|stage|nyha|ecog|score)\W{0,3}(?:class\W{0,3})?(?P<low>IV|III|II|I|[0-5])(?:\s*(?:-|–|to|/)\s*(?P<high>IV|III|II|I|[0-5]))?\b",
    re.IGNORECASE,
)
_PLAIN_ORDINAL = re.compile(
    r"^\s*(?P<low>IV|III|II|I|[0-5])(?:\s*(?:-|–|to|/)\s*(?P<high>IV|III|II|I|[0-5]))?\s*$", re.IGNORECASE
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NONE = re.compile(r"^\s*(?:none|no|absent|negative|no (?:peripheral |sensory )*neuropathy|not present)\s*\.?\s*$", re.IGNORECASE)
_FRAILTY = (("intermediate", 1), ("unfit", 1), ("frail", 2), ("fit", 0))
_NEGATIVE = re.compile(r"\b(?:negative|non-?\s?reactive|not detected|neg)\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\b(?:positive|reactive|detected|pos)\b", re.IGNORECASE)
_ANSWERS = {
    # LOINC answers and SNOMED CT classes that stand for an ordinal
    "LA28404-4": 1, "LA28405-1": 2, "LA28406-9": 3, "LA28407-7": 4,
    "420300004": 1, "421704003": 2, "420913000": 3, "422293003": 4,
    "LA9622-7": 0, "LA9623-5": 1, "LA9624-3": 2, "LA9625-0": 3, "LA9626-8": 4,
}  # fmt: skip
_NOT_PREGNANT = re.compile(r"\bnot pregnant\b", re.IGNORECASE)
_PREGNANT = re.compile(r"\bpregnant\b", re.IGNORECASE)
_RESULTS = {
    "77386006": 1,
    "60001007": 0,
    "10828004": 1,
    "260373001": 1,
    "11214006": 1,
    "260385009": 0,
    "260415000": 0,
    "131194007": 0,
}


@frozen(kw_only=False)
class Reading:
    """A number, or the bounds of one, or the reason why there is none."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    problem: Problem | None = None


NOT_DONE = Reading(problem=Problem.NOT_DONE)
UNREADABLE = Reading(problem=Problem.UNREADABLE)


def read_value(analyte: Analyte, holder: dict[str, object]) -> Reading:
    """The `value[x]` of an Observation or a component for this analyte."""
    lab = labs()[analyte]
    written = [key for key in holder if key.startswith("value") and holder[key] is not None]
    if not written:
        return NOT_DONE
    if len(written) > 1:
        return UNREADABLE
    value = holder[written[0]]
    if lab.canonical == "result":
        return _result(value)
    if isinstance(value, dict) and ("value" in value or "comparator" in value):
        return _quantity(lab, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(lab, float(value), "", "")
    read = concept(value)
    if lab.canonical in UNITLESS:
        return read_ordinal(analyte, read)
    return next((reading for words in read.words if (reading := _text(lab, words)).problem is None), _text(lab, read.text))


def _quantity(lab: Lab, value: dict[str, object]) -> Reading:
    number = value.get("value")
    code = value.get("code")
    factor = lab.units.get(code) if type(code) is str else None
    plain = len(value) == _PLAIN_QUANTITY and value.get("unit") == code and value.get("system") == _UCUM
    if plain and factor is not None and (type(number) is float or type(number) is int):  # by far the most frequent form
        return _plausible(lab, round(number * factor, 6))
    if isinstance(number, str):
        match = _NUMBER.match(number)
        number = _float(match["number"]) if match and not match["comparator"] and not match["unit"] else None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
        return UNREADABLE
    units = [unit for unit in (string(value.get("code")), string(value.get("unit"))) if unit]
    return _number(lab, float(number), units, string(value.get("comparator")).lower())


def _text(lab: Lab, words: str) -> Reading:
    match = _NUMBER.match(words)
    if match is None:
        return UNREADABLE
    number = _float(match["number"])
    if number is None:
        return UNREADABLE
    return _number(lab, number, [match["unit"].strip()] if match["unit"] else [], (match["comparator"] or "").lower())


def _float(digits: str) -> float | None:
    """A decimal comma is a decimal point; `12,500` could be either and is not read."""
    return None if _THOUSANDS.match(digits) else float(digits.replace(",", "."))


def _number(lab: Lab, number: float, units: list[str] | str, comparator: str) -> Reading:
    if not units and lab.canonical not in UNITLESS:
        return Reading(problem=Problem.NO_UNIT)
    factors = {lab.units[key] for unit in units if (key := _unit_key(lab, unit)) is not None}
    if not factors and not units:
        factors = {1.0}
    if len(factors) != 1:  # none known, or the unit and its code contradict each other
        return Reading(problem=Problem.UNKNOWN_UNIT)
    value = round(number * factors.pop(), 6)
    if not comparator or not lab.low <= value <= lab.high:
        return _plausible(lab, value)
    if comparator in _BELOW:
        return Reading(low=0.0, high=value)
    return Reading(low=value) if comparator in _ABOVE else UNREADABLE


def _plausible(lab: Lab, value: float) -> Reading:
    return Reading(value=value) if lab.low <= value <= lab.high else Reading(problem=Problem.IMPLAUSIBLE)


def _unit_key(lab: Lab, unit: str) -> str | None:
    for key in (unit.lower(), unit.lower().replace(" ", "").replace("\u03bc", "u").replace("µ", "u").replace("²", "2")):
        if key in lab.units:
            return key
    return None


def read_ordinal(analyte: Analyte, read: Concept) -> Reading:
    """A grade, class or score from a coded or written value. Words like "moderate" are not a grade."""
    for coding in read.codings:
        if coding.code in _ANSWERS:
            return Reading(value=float(_ANSWERS[coding.code]))
        if _PLAIN_ORDINAL.match(coding.code):
            return _bounds(_PLAIN_ORDINAL.match(coding.code))
    for words in read.words:
        if analyte is Analyte.FRAILTY:
            found = next((score for name, score in _FRAILTY if name in words.lower()), None)
            if found is not None:
                return Reading(value=float(found))
        if analyte is Analyte.NEUROPATHY_GRADE and _NONE.match(words):
            return Reading(value=0.0)
        match = _ORDINAL.search(words) or _PLAIN_ORDINAL.match(words)
        if match:
            return _bounds(match)
    return Reading(problem=Problem.NO_GRADE if analyte is Analyte.NEUROPATHY_GRADE else Problem.UNREADABLE)


def _bounds(match: re.Match[str] | None) -> Reading:
    if match is None:
        return UNREADABLE
    low, high = (
        _ROMAN.get(part.lower()) or (int(part) if part.isdigit() else 0) if part else None for part in match.group("low", "high")
    )
    if high is None:
        return Reading(value=float(low or 0))
    return Reading(low=float(low or 0), high=float(high))


def _result(value: object) -> Reading:
    """Positive 1, negative 0."""
    if isinstance(value, bool):
        return Reading(value=float(value))
    read = concept(value)
    for coding in read.codings:
        if coding.code in _RESULTS:
            return Reading(value=float(_RESULTS[coding.code]))
    for words in read.words:
        if _NEGATIVE.search(words) or _NOT_PREGNANT.search(words):
            return Reading(value=0.0)
        if _POSITIVE.search(words) or _PREGNANT.search(words):
            return Reading(value=1.0)
    return UNREADABLE
