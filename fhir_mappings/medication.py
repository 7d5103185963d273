"""MedicationStatement, MedicationRequest and MedicationAdministration: which drug was given, when, for what, and why it ended.

Each resource gives one exposure per ingredient; `courses.py` makes one exposure of the several records of one course.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from fhir_mappings.bundle import KEY_OF_TYPE, Resource, resolve
from fhir_mappings.coding import NOTHING, Concept, System, code_of, concept, concepts, matches_icd, members, notes, string
from fhir_mappings.dates import Span, moment_or_period, partial_date, period
from fhir_mappings.drug_concept import DrugReading, read_drug_concept
from fhir_mappings.drug_text import read_drug_text
from fhir_mappings.facts import DrugClass, DrugExposure, Origin, Purpose, StopReason
from fhir_mappings.ledger import Ledger
from fhir_mappings.stop_reason import stop_reason_of
from fhir_mappings.terminology import drug_table

_ORIGIN = {
    "MedicationStatement": Origin.STATEMENT,
    "MedicationRequest": Origin.ORDER,
    "MedicationAdministration": Origin.ADMINISTRATION,
}
_GIVEN = {
    "MedicationStatement": frozenset({"active", "completed", "stopped", "recorded"}),
    "MedicationRequest": frozenset({"active", "completed", "stopped"}),
    "MedicationAdministration": frozenset({"completed", "in-progress", "stopped"}),
}
_NOT_GIVEN = frozenset({"entered-in-error", "not-taken", "not-done", "draft", "cancelled", "intended", "on-hold", "unknown"})
_PERHAPS_GIVEN = frozenset({"on-hold", "unknown"})  # no exposure, but a history without it may be incomplete
_CURRENT = frozenset({"active", "in-progress"})
_NOT_AN_ORDER = frozenset({"proposal", "option"})
_INTENTS = frozenset({"order", "plan", "original-order", "reflex-order", "filler-order", "instance-order", ""})

_OTHER_DISEASES = re.compile(
    r"myelodysplas|\bmds\b|del\(?5q|lymphoma|mantle cell|amyloid|leprosum|\benl\b|\bcll\b|\baml\b|"
    r"leuk[a]?emia|breast|lupus|arthritis|"
    r"sarcoma|carcinoma|psoria|crohn|asthma|\bcopd\b|transplant rejection|waldenstr",
    re.IGNORECASE,
)
_PURPOSES = (
    (
        Purpose.CONDITIONING,
        re.compile(
            r"\bconditioning\b|high[- ]dose melphalan|\bhdm\b|\bmel[- ]?(?:140|200)\b|melphalan[^.;]{0,20}\b(?:140|200)\s*mg/m",
            re.IGNORECASE,
        ),
    ),
    (Purpose.MOBILISATION, re.compile(r"mobili[sz]ation|stem[- ]cell (?:collection|harvest)", re.IGNORECASE)),
    (Purpose.LYMPHODEPLETION, re.compile(r"lymphodepletion|lymphodepleting", re.IGNORECASE)),
    (Purpose.ANTIEMETIC, re.compile(r"anti-?emetic|nausea|emesis|vomiting|cinv|premedication|pre-medication", re.IGNORECASE)),
)
_STEROIDS = frozenset(name for name, drug in drug_table().items() if drug.drug_class is DrugClass.CORTICOSTEROID)
_GIVEN_ONCE = frozenset(name for name, drug in drug_table().items() if drug.drug_class is DrugClass.BCMA_CAR_T)
_ANTINEOPLASTIC = re.compile(
    r"(?:mab|mib|nib|domide?|leucel|tamab|tuzumab|vedotin|mafodotin|rubicin|platin|clax|stat)\b|antineoplastic|chemo|cytostatic|\bregimen\b"
    r"|immunotherap|investigational|clinical trial|study drug",
    re.IGNORECASE,
)
_MYELOMA = re.compile(r"\bmyeloma\b|\brrmm\b|\bndmm\b", re.IGNORECASE)
_MAINTENANCE = re.compile(r"\bmaintenance\b|erhaltung", re.IGNORECASE)
_CONSOLIDATION = re.compile(r"\bconsolidation\b|konsolidierung", re.IGNORECASE)


ACTIVE_WITH_END = "active-with-end"


@dataclass(slots=True)
class MedicationFacts:
    """What the medications of one chart gave. `read` holds what each concept of a year was found to mean: the same few drugs are
    given again and again."""

    exposures: list[DrugExposure] = field(default_factory=list)
    read: dict[tuple[bytes, int], tuple[Concept, DrugReading]] = field(default_factory=dict)


def read_medication(
    resource: Resource, source: str, index: Mapping[str, Resource], facts: MedicationFacts, ledger: Ledger, *, year: int
) -> None:
    """Add the exposures that one resource records to `facts`; when it records none, the ledger says why."""
    kind = str(resource["resourceType"])
    status = code_of(resource.get("status"))
    if status in _NOT_GIVEN or _only_proposed(resource):
        ledger.ignored += 1
        if status in _PERHAPS_GIVEN and not _drugs_of(resource, index, year, facts)[1].drugs <= _STEROIDS:
            ledger.incomplete.add(KEY_OF_TYPE[kind])
        return
    if status not in _GIVEN[kind] or code_of(resource.get("intent")) not in _INTENTS | _NOT_AN_ORDER:
        ledger.unreadable += 1
        return
    span = _span(resource)
    written = span.start or span.end
    read, reading = _drugs_of(resource, index, written.earliest.year if written else year, facts)
    if reading.contradicting:
        decides = not reading.contradicting <= _STEROIDS
        ledger.contradiction("drug-code-and-name-differ", source, decides=decides, drugs=reading.contradicting)
        return
    if not reading.drugs and not reading.other:
        reading = _regimen_beside(resource, reading, written.earliest.year if written else year)
    if not reading.drugs:
        _account(resource, read, reading, ledger)
        return
    ledger.unreadable += span.invalid
    facts.exposures += [_exposure(drug, resource, span, reading, read, status, source) for drug in sorted(reading.drugs)]


def _only_proposed(resource: Resource) -> bool:
    taken = code_of(resource.get("taken"))  # STU3
    return resource.get("doNotPerform") is True or code_of(resource.get("intent")) in _NOT_AN_ORDER or taken in ("n", "unk")


def _account(resource: Resource, read: Concept, reading: DrugReading, ledger: Ledger) -> None:
    """A drug that nobody can name is never "no drug": where it may be one for myeloma, the history may be incomplete."""
    if reading.other:
        return
    if read.empty:
        ledger.unreadable += 1
    else:
        ledger.unrecognised(read)
    if reading.ambiguous or not read.words or _may_treat_myeloma(resource, read):
        ledger.incomplete.add(KEY_OF_TYPE[str(resource["resourceType"])])


def _may_treat_myeloma(resource: Resource, read: Concept) -> bool:
    if any(code.startswith(("L01", "L04")) for code in read.codes(System.ATC)):
        return True
    reasons = " ".join(words for reason in concepts(resource.get("reasonCode")) for words in reason.words)
    words = " ".join([*read.words, *(text for each in concepts(resource.get("category")) for text in each.words)])
    return bool(_MYELOMA.search(reasons) or _ANTINEOPLASTIC.search(words))


def _drugs_of(
    resource: Resource, index: Mapping[str, Resource], year: int, facts: MedicationFacts
) -> tuple[Concept, DrugReading]:
    """From `medicationCodeableConcept`, or from the Medication referred to: its code and its ingredients, else the
    reference's display."""
    written = resource.get("medicationCodeableConcept")
    key = (orjson.dumps(written), year)
    known = facts.read.get(key)
    if known is not None:
        return known
    read = concept(written)
    if not read.empty:
        facts.read[key] = found = (read, read_drug_concept(read, year))
        return found
    reference = resource.get("medicationReference")
    wrapped = resource.get("medication")  # R5
    if isinstance(wrapped, dict):
        read = concept(wrapped.get("concept"))
        reference = reference or wrapped.get("reference")
    if not read.empty:
        return read, read_drug_concept(read, year)
    medication = resolve(reference, index, resource)
    display = Concept((), string(reference.get("display"))) if isinstance(reference, dict) else NOTHING
    if medication is None:
        return display, read_drug_concept(display, year)
    read = concept(medication.get("code"))
    if not read.words:  # codes without a word, as some send them: the reference's display is the only name
        read = Concept(read.codings, display.text)
    reading = read_drug_concept(read, year)
    ingredients = frozenset(drug for part in _ingredients(medication, index) for drug in read_drug_concept(part, year).drugs)
    if ingredients and not reading.contradicting:
        reading = DrugReading(drugs=reading.drugs | ingredients, regimen=reading.regimen)
    return read, reading


def _regimen_beside(resource: Resource, reading: DrugReading, year: int) -> DrugReading:
    """A regimen that stands only in the notes, the dosage or the order's group ("VRd"), where the drug itself tells nothing."""
    group = resource.get("groupIdentifier")
    told = [notes(resource), *_dosage_texts(resource), string(group.get("value")) if isinstance(group, dict) else ""]
    found = [read for words in told if words and (read := read_drug_text(words, year)).regimen]
    return DrugReading(drugs=found[0].drugs, regimen=found[0].regimen) if found else reading


def _dosage_texts(resource: Resource) -> list[str]:
    return [string(each.get("text")) for key in ("dosage", "dosageInstruction") for each in members(resource.get(key))]


def _ingredients(medication: Resource, index: Mapping[str, Resource]) -> list[Concept]:
    parts = []
    for ingredient in members(medication.get("ingredient")):
        part = concept(ingredient.get("itemCodeableConcept"))
        inner = resolve(ingredient.get("itemReference"), index, medication)
        parts.append(part if inner is None else concept(inner.get("code")))
    return parts


def _span(resource: Resource) -> Span:
    """When it was given: `effective[x]`, else the bounds of the dosage, else the supply's validity, else the day it
    was written."""
    effective = moment_or_period(resource, "effective")
    if effective.start or effective.end or effective.invalid:
        alone = effective.start == effective.end and resource.get("effectivePeriod") is None
        administered = resource["resourceType"] == "MedicationAdministration"
        return Span(start=effective.start, invalid=effective.invalid) if alone and not administered else effective
    for dosage in members(resource.get("dosageInstruction")) + members(resource.get("dosage")):
        timing = dosage.get("timing")
        repeat = timing.get("repeat") if isinstance(timing, dict) else None
        if isinstance(repeat, dict) and repeat.get("boundsPeriod") is not None:
            return period(repeat["boundsPeriod"])
    supply = resource.get("dispenseRequest")
    if isinstance(supply, dict) and supply.get("validityPeriod") is not None:
        return period(supply["validityPeriod"])
    written = resource.get("authoredOn")
    start = partial_date(written)
    return Span(start=start, invalid=written is not None and start is None)


def _exposure(
    drug: str, resource: Resource, span: Span, reading: DrugReading, read: Concept, status: str, source: str
) -> DrugExposure:
    current = status in _CURRENT and span.end is None
    reason, toxicity = stop_reason_of(resource, stopped=not current)
    administered = resource["resourceType"] == "MedicationAdministration"
    if reason is StopReason.UNKNOWN and status == "completed" and (not administered or drug in _GIVEN_ONCE):
        reason = StopReason.COMPLETED
    words = _context(resource, read)
    return DrugExposure(
        drug=drug,
        start=span.start,
        end=span.end,
        ongoing=current,
        stop_reason=reason,
        toxicity=toxicity,
        purpose=_purpose(resource, words, drug),
        origin=_ORIGIN[str(resource["resourceType"])],
        maintenance=bool(_MAINTENANCE.search(words)),
        consolidation=bool(_CONSOLIDATION.search(words)),
        regimen=reading.regimen,
        inferred=(ACTIVE_WITH_END,) if status == "active" and span.end is not None and not administered else (),
        sources=(source,),
    )


def _context(resource: Resource, read: Concept) -> str:
    """The words around the drug: its name, categories, notes and dosage text. They classify; they are never shown."""
    category = [words for each in concepts(resource.get("category")) for words in each.words]
    return " ".join([*read.words, *category, notes(resource), *_dosage_texts(resource)])


def _purpose(resource: Resource, words: str, drug: str) -> Purpose:
    reasons = list(concepts(resource.get("reasonCode")))
    told = " ".join([words, *(text for reason in reasons for text in reason.words)])
    for purpose, pattern in _PURPOSES:
        if pattern.search(told) and (purpose is not Purpose.ANTIEMETIC or drug in _STEROIDS):
            return purpose
    if drug == "melphalan" and _high_dose(resource):
        return Purpose.CONDITIONING
    indication = " ".join(text for reason in reasons for text in reason.words)
    icd = [code for reason in reasons for code in reason.codes(System.ICD10)]
    if _MYELOMA.search(indication) or any(matches_icd(code, ("C90.0",)) for code in icd):
        return Purpose.MYELOMA
    elsewhere = any(matches_icd(code, ("C", "D46", "E85", "M", "L")) and not matches_icd(code, ("C90",)) for code in icd)
    return Purpose.OTHER_DISEASE if elsewhere or _OTHER_DISEASES.search(indication) else Purpose.UNKNOWN


def _high_dose(resource: Resource) -> bool:
    """Melphalan at 140 to 200 mg/m2 is the conditioning of a transplant."""
    for key in ("dosage", "dosageInstruction"):
        for dosage in members(resource.get(key)):
            quantities = [dosage.get("dose"), *(rate.get("doseQuantity") for rate in members(dosage.get("doseAndRate")))]
            for quantity in quantities:
                if isinstance(quantity, dict) and "m2" in string(quantity.get("code")) + string(quantity.get("unit")):
                    value = quantity.get("value")
                    if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 100:
                        return True
    return False
