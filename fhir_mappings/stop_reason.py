"""Why a therapy ended, from `statusReason` and `reasonCode`. Absent is unknown, never progression."""

from __future__ import annotations

import re

from fhir_mappings.bundle import Resource
from fhir_mappings.coding import Concept, System, concepts, matches_icd
from fhir_mappings.facts import StopReason
from fhir_mappings.terminology import concept_rows

_NEGATED = re.compile(
    r"\b(?:no|not|without|despite no|absence of)\b[^.;]{0,25}(?:progress|relaps|toxic|intoleran|adverse)", re.IGNORECASE
)
_INDICATION = re.compile(r"\bmyeloma\b|\bmm\b|\brrmm\b|plasma cell", re.IGNORECASE)


def stop_reason_of(resource: Resource, *, stopped: bool) -> tuple[StopReason, str | None]:
    """(reason, named toxicity). `reasonCode` is often what the drug was given for: it counts only for a therapy that has stopped,
    and "relapsed multiple myeloma" there is the indication, not the reason to stop."""
    stated = list(concepts(resource.get("statusReason")))
    for read in stated:
        found = _classify(read)
        if found is not None:
            return found
    if stopped:
        for read in concepts(resource.get("reasonCode")):
            if not _is_indication(read):
                found = _classify(read)
                if found is not None:
                    return found
    return (StopReason.OTHER, None) if stated else (StopReason.UNKNOWN, None)


def _is_indication(read: Concept) -> bool:
    return any(matches_icd(code, ("C", "D", "E85")) for code in read.codes(System.ICD10)) or any(
        _INDICATION.search(words) for words in read.words
    )


def _classify(read: Concept) -> tuple[StopReason, str | None] | None:
    for row in concept_rows("stop_reasons"):
        if row.codes.intersection(read.codes(System.SNOMED)):
            return StopReason(row.concept), row.kind or None
    for words in read.words:
        lower = _NEGATED.sub(" ", words).lower()
        for row in concept_rows("stop_reasons"):
            if row.word_starts.search(lower):
                return StopReason(row.concept), row.kind or None
    return None
