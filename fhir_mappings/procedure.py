"""Procedures: transplants, stem-cell harvest, CAR-T infusion, dialysis, and regimens that stand only as the name of a course."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import Concept, System, code_of, concept, concepts, notes
from fhir_mappings.dates import Span, moment_or_period
from fhir_mappings.definitions import definitions
from fhir_mappings.drug_text import read_drug_text
from fhir_mappings.facts import Comorbidity, ComorbidityKind, DrugExposure, Origin, PartialDate, StopReason, Transplant
from fhir_mappings.ledger import Ledger
from fhir_mappings.stop_reason import stop_reason_of
from fhir_mappings.terminology import ConceptRow, concept_rows

_HAPPENED = frozenset({"completed", "in-progress", "stopped"})
_DID_NOT = frozenset({"entered-in-error", "not-done", "preparation", "on-hold"})
_TANDEM = re.compile(r"\btandem\b", re.IGNORECASE)
_FALSE_FRIENDS = re.compile(
    r"harvest|collection|apheresis|mobili[sz]ation|evaluation|consult|work-?up|referral|counsel|planned|candidate|education|harvesting",
    re.IGNORECASE,
)
CAR_T_NOT_NAMED = "car-t-product-not-named"


@dataclass(slots=True)
class ProcedureFacts:
    """What the Procedures of one chart gave."""

    transplants: list[Transplant] = field(default_factory=list)
    harvests: list[PartialDate] = field(default_factory=list)
    car_t: list[DrugExposure] = field(default_factory=list)  # infusions whose product no word of the procedure names
    comorbidities: list[Comorbidity] = field(default_factory=list)
    exposures: list[DrugExposure] = field(default_factory=list)


def read_procedure(resource: Resource, source: str, facts: ProcedureFacts, ledger: Ledger, *, as_of: date) -> None:
    """Add what one Procedure says to `facts`; `as_of` dates acronyms where the resource has no date, and tells
    recent dialysis."""
    status = code_of(resource.get("status"))
    if status in _DID_NOT:
        ledger.ignored += 1
        return
    read = concept(resource.get("code"))
    used = list(concepts(resource.get("usedCode")))
    if status not in _HAPPENED or (read.empty and not used):
        ledger.unreadable += 1
        return
    span = moment_or_period(resource, "performed")
    words = " ".join([*read.words, *(text for each in used for text in each.words), notes(resource)])
    row = _row_of(read)
    kind = row.concept if row else ""
    if kind == "transplant" and row is not None:
        facts.transplants.append(
            Transplant(on=span.start, autologous=row.kind != "allogeneic", tandem=bool(_TANDEM.search(words)), source=source)
        )
    elif kind == "harvest" and span.start:
        facts.harvests.append(span.start)
    elif kind == "dialysis":
        facts.comorbidities.append(
            Comorbidity(kind=ComorbidityKind.DIALYSIS, active=_recent(span, as_of), onset=span.end or span.start, source=source)
        )
    elif kind == "childbearing-not-possible":
        facts.comorbidities.append(
            Comorbidity(kind=ComorbidityKind.CHILDBEARING_NOT_POSSIBLE, active=True, onset=span.start, source=source)
        )
    else:
        _course(
            resource,
            words,
            source,
            facts,
            ledger,
            year=(span.start.earliest if span.start else as_of).year,
            car_t=row.kind if row is not None and kind == "car-t" else None,
        )


def _recent(span: Span, as_of: date) -> bool | None:
    """A dialysis of the last weeks is a dialysis under way, one of long ago is over; between the two it is open."""
    last = span.end or span.start
    if last is None:
        return None
    rules = definitions("procedures")
    if as_of - timedelta(days=rules["dialysis_current_days"]) <= last.earliest <= as_of:
        return True
    return False if last.latest < as_of - timedelta(days=rules["dialysis_over_days"]) else None


def _row_of(read: Concept) -> ConceptRow | None:
    codes = set(read.codes(System.SNOMED, System.CPT, System.ICD10PCS, System.HCPCS, System.OTHER))
    for row in concept_rows("procedures"):
        if row.codes & codes:
            return _autologous_or_not(row, read)
    words = " ".join(read.words).lower()
    if _FALSE_FRIENDS.search(words):
        return next(
            (row for row in concept_rows("procedures") if row.concept == "harvest" and any(name in words for name in row.text)),
            None,
        )
    found = [row for row in concept_rows("procedures") if row.word_starts.search(words)]
    return next((row for row in found if row.kind == "allogeneic"), found[0] if found else None)


def _autologous_or_not(row: ConceptRow, read: Concept) -> ConceptRow:
    """A code for any stem-cell transplant is autologous unless the words say otherwise: in myeloma it nearly always is."""
    if row.kind == "unspecified" and "allogen" in " ".join(read.words).lower():
        return next(each for each in concept_rows("procedures") if each.kind == "allogeneic")
    return row


def _course(
    resource: Resource, words: str, source: str, facts: ProcedureFacts, ledger: Ledger, *, year: int, car_t: str | None
) -> None:
    """A procedure whose words name a regimen or a cell product is the course of those drugs; else its code may name it."""
    span = moment_or_period(resource, "performed")
    reading = read_drug_text(words, year)
    if not reading.drugs:
        if car_t:
            facts.car_t.append(_infusion(car_t, span, source))
        elif reading.ambiguous:
            ledger.unrecognised(concept(resource.get("code")))
        return
    reason, toxicity = stop_reason_of(resource, stopped=resource.get("status") != "in-progress")
    if reason is StopReason.UNKNOWN and resource.get("status") == "completed":
        reason = StopReason.COMPLETED
    facts.exposures.extend(
        DrugExposure(
            drug=drug,
            start=span.start,
            end=span.end if resource.get("performedPeriod") is not None or drug.endswith("leucel") else None,
            ongoing=resource.get("status") == "in-progress",
            stop_reason=reason,
            toxicity=toxicity,
            origin=Origin.PROCEDURE,
            regimen=reading.regimen,
            sources=(source,),
        )
        for drug in sorted(reading.drugs)
    )


def _infusion(product: str, span: Span, source: str) -> DrugExposure:
    return DrugExposure(
        drug=product,
        start=span.start,
        end=span.start,
        stop_reason=StopReason.COMPLETED,
        origin=Origin.PROCEDURE,
        sources=(source,),
    )
