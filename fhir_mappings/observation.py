"""Observations: measurements, grades, responses, disease status and cytogenetics."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cache

import orjson

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import Concept, System, code_of, concept, members, notes, string
from fhir_mappings.condition import pain_in
from fhir_mappings.dates import moment_or_period, partial_date
from fhir_mappings.facts import (
    Abnormality,
    Analyte,
    Cytogenetics,
    DiseaseEvent,
    Measurement,
    PartialDate,
    Problem,
    Response,
)
from fhir_mappings.ledger import Ledger
from fhir_mappings.quantity import read_value
from fhir_mappings.terminology import concept_rows, lab_by_loinc, lab_by_name, lab_by_other_code, lab_patterns

_FINAL = frozenset({"final", "amended", "corrected"})
_RANKS = {"preliminary": 0, "final": 1, "amended": 2, "corrected": 3}
_NOT_A_RESULT = frozenset({"entered-in-error", "cancelled", "registered"})
_DISEASE_STATUS, _RESPONSE = "97509-4", "88040-1"
_CYTOGENETIC_PANELS = frozenset({"98014-4", "69548-6", "55232-3"})
_NAME_NOISE = re.compile(r"[\s,;:()]+")
_RESPONSE_NAME = re.compile(r"\bresponse\b|\bansprechen\b|\bremission status\b", re.IGNORECASE)
_STATUS_NAME = re.compile(r"disease (?:status|course)|cancer status|verlauf|progression status", re.IGNORECASE)
_MYELOMA_LAB = re.compile(r"m-?\s?(?:protein|spike)|paraprotein|light chain|monoclonal", re.IGNORECASE)
_GENETIC_NAME = re.compile(r"\bfish\b|cytogenet|chromosom|translocation|deletion|karyotyp", re.IGNORECASE)
_ABNORMALITIES = (
    (Abnormality.T_11_14, re.compile(r"t\s*\(\s*11\s*;\s*14", re.IGNORECASE)),
    (Abnormality.T_4_14, re.compile(r"t\s*\(\s*4\s*;\s*14", re.IGNORECASE)),
    (Abnormality.T_14_16, re.compile(r"t\s*\(\s*14\s*;\s*16", re.IGNORECASE)),
    (Abnormality.T_14_20, re.compile(r"t\s*\(\s*14\s*;\s*20", re.IGNORECASE)),
    (Abnormality.DEL_17P, re.compile(r"del\s*\(?\s*17\s*p|17p\s*(?:deletion|del)|deletion\s*(?:of\s*)?17p", re.IGNORECASE)),
    (Abnormality.GAIN_1Q, re.compile(r"(?:gain|amp\w*)\s*(?:of\s*)?\(?\s*1q|1q21?\s*(?:gain|amp)|\+1q", re.IGNORECASE)),
    (Abnormality.DEL_1P32, re.compile(r"del\s*\(?\s*1\s*p(?:32)?|1p32\s*(?:deletion|del)", re.IGNORECASE)),
)
_GRADED = frozenset({Analyte.NEUROPATHY_GRADE, Analyte.LVEF, Analyte.ECOG, Analyte.NYHA_CLASS, Analyte.FRAILTY})
_LOINC = "http://loinc.org"
# A word of each name that `_read_one` takes up beside a LOINC code, for lower-case text; alternatives led by a letter are fast
_ASKED_FOR = re.compile(
    r"neuropath|ejection|lvef|ecog|nyha|new york|frail|respon|ansprech|remission|m-?\s?protein|m-?\s?spike"
    r"|paraprotein|light chain|monoclonal"
    r"|fish|cytogenet|chromosom|translocation|deletion|karyotyp|t\s*\(|del\s*\(?\s*1|17p|1q|1p|gain|amp"
)
_ABSENT = re.compile(r"\b(?:not detected|absent|negative|not present|no|without|normal|undetected)\b", re.IGNORECASE)
_PRESENT = re.compile(r"\b(?:detected|present|positive|found|abnormal|identified)\b", re.IGNORECASE)
_QUALIFIED = re.compile(r"\b(?:no|not|without|near|possible|unconfirmed|suspected|rule out|kein\w*)\b", re.IGNORECASE)
_PRESENT_CODES = {
    **dict.fromkeys(("10828004", "260373001", "52101004"), True),  # SNOMED CT: positive, detected, present
    **dict.fromkeys(("260385009", "260415000", "2667000"), False),  # negative, not detected, absent
    **dict.fromkeys(("POS", "DET"), True),  # HL7 v3 ObservationInterpretation
    **dict.fromkeys(("NEG", "ND"), False),
}
# mCODE's cancer disease status speaks of the patient's condition, not of an IMWG response: "stable" may be a stable remission
_CONDITION_CODES = {"271299001": Response.PD, "268910001": Response.MR, "260415000": Response.CR}
_CONDITION_WORDS = (
    (re.compile(r"progress|worse|relaps|recurren|rezidiv", re.IGNORECASE), Response.PD),
    (re.compile(r"not detected|no evidence of disease", re.IGNORECASE), Response.CR),
    (re.compile(r"improv", re.IGNORECASE), Response.MR),
)


class _Topic(Enum):
    """What an Observation tells of, apart from the value of an analyte. Told from its code and names alone."""

    STATUS = auto()
    RESPONSE = auto()
    GENETICS = auto()
    UNRECOGNISED = auto()  # may matter, and is in none of our lists
    OTHER = auto()  # nothing that a reader asks for: most of a chart


@dataclass(slots=True)
class ObservationFacts:
    """What the Observations of one chart gave. `topics` holds what each code of the chart was found to mean: the same few dozen
    tests are repeated all through it."""

    topics: dict[bytes, Analyte | _Topic] = field(default_factory=dict)
    measurements: list[tuple[str, int, Measurement]] = field(default_factory=list)  # instant, rank of the status, the result
    events: list[DiseaseEvent] = field(default_factory=list)
    cytogenetics: list[Cytogenetics] = field(default_factory=list)


def read_observation(resource: Resource, source: str, facts: ObservationFacts, ledger: Ledger) -> None:
    """Add what one Observation says to `facts`."""
    status = code_of(resource.get("status"))
    if status not in _FINAL and status != "preliminary":
        _without_result(concept(resource.get("code")), status, ledger)
        return
    components = members(resource.get("component"))
    if components:
        for component in components:
            _read_one(component, resource, status, source, facts, ledger)
        if not any(key.startswith("value") for key in resource):
            return
    _read_one(resource, resource, status, source, facts, ledger)


def _topic_of(code: object) -> Analyte | _Topic:
    if _of_no_interest(code):
        return _Topic.OTHER
    read = concept(code)
    analyte = analyte_of(read)
    if analyte is not None:
        return analyte
    loinc = read.codes(System.LOINC)
    name = read.text or next(iter(read.words), "")
    if _DISEASE_STATUS in loinc or (not loinc and _STATUS_NAME.search(name)):
        return _Topic.STATUS
    if _RESPONSE in loinc or (name and not _CYTOGENETIC_PANELS.intersection(loinc) and _RESPONSE_NAME.search(name)):
        return _Topic.RESPONSE
    if _CYTOGENETIC_PANELS.intersection(loinc) or (name and _is_genetic(name)):
        return _Topic.GENETICS
    return _Topic.UNRECOGNISED if name and _MYELOMA_LAB.search(name) else _Topic.OTHER


def _of_no_interest(code: object) -> bool:
    """Told faster than by reading the code: a LOINC code that is in none of our lists, and names that hold none of
    `_ASKED_FOR`."""
    if not isinstance(code, dict):
        return False
    codings, names = code.get("coding"), [code.get("text")]
    if not isinstance(codings, list):
        return False
    loinc = False
    for coding in codings:
        if not isinstance(coding, dict):
            return False
        if string(coding.get("code")) in _asked_codes():
            return False
        loinc = loinc or coding.get("system") == _LOINC
        names.append(coding.get("display"))
    return loinc and not any(isinstance(name, str) and _ASKED_FOR.search(name.lower()) for name in names)


@cache
def _asked_codes() -> frozenset[str]:
    return frozenset({*lab_by_loinc(), *lab_by_other_code(), _DISEASE_STATUS, _RESPONSE, *_CYTOGENETIC_PANELS})


def _without_result(read: Concept, status: str, ledger: Ledger) -> None:
    if status in _NOT_A_RESULT:
        ledger.ignored += 1
    elif analyte_of(read) is not None or status not in ("", "unknown"):
        ledger.unreadable += 1
    else:
        ledger.ignored += 1


def _read_one(
    holder: Resource, resource: Resource, status: str, source: str, facts: ObservationFacts, ledger: Ledger
) -> None:
    """`holder`: the Observation itself, or one of its components."""
    code = holder.get("code")
    written = orjson.dumps(code)
    topic = facts.topics.get(written)
    if topic is None:
        topic = facts.topics[written] = _topic_of(code)
    if isinstance(topic, Analyte):
        _measurement(topic, holder, resource, status, source, facts, ledger)
    elif topic is _Topic.STATUS:
        _event(_condition_in(concept(_coded_value(holder))), holder, resource, source, facts, ledger)
    elif topic is _Topic.RESPONSE:
        _event(response_in(concept(_coded_value(holder))), holder, resource, source, facts, ledger)
    elif topic is _Topic.GENETICS:
        _genetics(concept(code), holder, resource, source, facts)
    elif topic is _Topic.UNRECOGNISED:
        ledger.unrecognised(concept(code))


def analyte_of(read: Concept) -> Analyte | None:
    """What an Observation measures, by LOINC, or by its name where no LOINC says otherwise (a urine creatinine is
    not a creatinine)."""
    by_loinc = lab_by_loinc()
    has_loinc = False
    for coding in read.codings:
        if coding.system is System.LOINC:
            has_loinc = True
            if coding.code in by_loinc:
                return by_loinc[coding.code]
        elif coding.system in (System.SNOMED, System.ICD10) and coding.code in lab_by_other_code():
            return lab_by_other_code()[coding.code]
    for words in read.words:
        if not has_loinc:
            plain = words.lower()
            found = lab_by_name().get(plain) or lab_by_name().get(_NAME_NOISE.sub(" ", plain).strip())
            if found:
                return found
        named = next((analyte for analyte, pattern in lab_patterns() if pattern.search(words)), None)
        if named is not None and (named in _GRADED or not has_loinc):
            return named
    return None


def _measurement(
    analyte: Analyte,
    holder: Resource,
    resource: Resource,
    status: str,
    source: str,
    facts: ObservationFacts,
    ledger: Ledger,
) -> None:
    reading = read_value(analyte, holder)
    on = _when(resource)
    problem = reading.problem or (Problem.NO_DATE if on is None else None)
    ledger.unreadable += problem is not None and problem is not Problem.NOT_DONE
    pain = None
    if analyte is Analyte.NEUROPATHY_GRADE:
        pain = pain_in(" ".join([*concept(_coded_value(holder)).words, *concept(resource.get("code")).words, notes(resource)]))
    facts.measurements.append(
        (
            string(resource.get("effectiveDateTime")) or string(resource.get("effectiveInstant")),
            _RANKS[status],
            Measurement(
                analyte=analyte,
                value=None if problem else reading.value,
                low=reading.low,
                high=reading.high,
                on=on,
                with_pain=pain,
                preliminary=status == "preliminary",
                problem=problem,
                source=source,
            ),
        )
    )


def _when(resource: Resource) -> PartialDate | None:
    """The day of the observation; where only its release is dated, that day."""
    span = moment_or_period(resource, "effective")
    return span.end or span.start or (None if span.invalid else partial_date(resource.get("issued")))


def _coded_value(holder: Resource) -> object:
    value = holder.get("valueCodeableConcept")
    return value if value is not None else holder.get("valueString")


def response_in(value: Concept) -> Response | None:
    """The IMWG response that a value states; None when it states none, or qualifies it ("near complete response")."""
    for row in concept_rows("responses"):
        if row.codes.intersection(value.codes(System.SNOMED)):
            return Response(row.concept)
    for words in value.words:
        lower = words.lower()
        if _QUALIFIED.search(lower):
            continue
        for row in concept_rows("responses"):
            if row.words.search(lower):
                return Response(row.concept)
    return None


def _condition_in(value: Concept) -> Response | None:
    for code in value.codes(System.SNOMED):
        if code in _CONDITION_CODES:
            return _CONDITION_CODES[code]
    for words in value.words:
        for pattern, response in _CONDITION_WORDS:
            if pattern.search(words) and not (response is Response.PD and _QUALIFIED.search(words)):
                return response
    return None


def _event(
    response: Response | None, holder: Resource, resource: Resource, source: str, facts: ObservationFacts, ledger: Ledger
) -> None:
    if response is None:
        ledger.unreadable += _coded_value(holder) is None and holder.get("dataAbsentReason") is None
        return
    facts.events.append(DiseaseEvent(response=response, on=_when(resource), source=source))


def _is_genetic(name: str) -> bool:
    return bool(_GENETIC_NAME.search(name)) or any(pattern.search(name) for _, pattern in _ABNORMALITIES)


def _genetics(read: Concept, holder: Resource, resource: Resource, source: str, facts: ObservationFacts) -> None:
    """An abnormality named by the test with its presence as the value, or named in the value itself."""
    value = concept(_coded_value(holder))
    on = _when(resource)
    tested = " ".join(read.words)
    told = " ".join(value.words)
    boolean = holder.get("valueBoolean")
    interpreted = [coding for each in members(holder.get("interpretation")) for coding in concept(each).codings]
    coded = next((_PRESENT_CODES[each.code] for each in (*value.codings, *interpreted) if each.code in _PRESENT_CODES), None)
    for abnormality, pattern in _ABNORMALITIES:
        if pattern.search(tested):
            present = boolean if isinstance(boolean, bool) else coded if coded is not None else _presence(told)
        elif pattern.search(told):
            clause = next((part for part in re.split(r"[.,\n]|;(?!\s*\d)| and | but ", told) if pattern.search(part)), told)
            present = _ABSENT.search(clause) is None
        else:
            continue
        facts.cytogenetics.append(Cytogenetics(abnormality=abnormality, present=present, on=on, source=source))


def _presence(words: str) -> bool | None:
    if _ABSENT.search(words):
        return False
    return True if _PRESENT.search(words) else None


def settled(measurements: list[tuple[str, int, Measurement]]) -> list[Measurement]:
    """One result where one day has several: the latest instant, of one instant the most final. What then still
    differs is kept."""
    best: dict[tuple[Analyte, date], list[tuple[str, int, Measurement]]] = {}
    kept: list[Measurement] = []
    for entry in measurements:
        measurement = entry[2]
        if measurement.problem is not None or measurement.on is None or not measurement.on.exact:
            kept.append(measurement)
            continue
        best.setdefault((measurement.analyte, measurement.on.earliest), []).append(entry)
    for group in best.values():
        if len(group) == 1:
            kept.append(group[0][2])
            continue
        latest = max((instant[:19], rank) for instant, rank, _ in group)
        kept.extend(each for instant, rank, each in group if (instant[:19], rank) == latest)
    return kept
