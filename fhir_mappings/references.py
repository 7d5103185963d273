"""References that a chart makes and does not resolve itself."""

from __future__ import annotations

from collections.abc import Mapping

from fhir_mappings.bundle import MEDICATION_KEYS, collect, resolve
from fhir_mappings.coding import concept, string
from fhir_mappings.ledger import Ledger


def medications_to_read(prefetch: Mapping[str, object]) -> dict[str, dict[str, bool]]:
    """Prefetch key to the references of Medications that its resources name and the chart does not hold, as they are written,
    each with whether the reference itself says which drug it is (`display`).

    Only where the resource has no `medicationCodeableConcept`; contained resources and `urn:` addresses cannot be read.
    """
    index = collect(prefetch, Ledger()).index
    found: dict[str, dict[str, bool]] = {}
    for key in MEDICATION_KEYS:
        for resource in collect({key: prefetch.get(key)}, Ledger()).resources:
            reference = resource.get("medicationReference")
            if not isinstance(reference, dict) or not concept(resource.get("medicationCodeableConcept")).empty:
                continue
            target = string(reference.get("reference"))
            if target and not target.startswith(("#", "urn:")) and resolve(reference, index, resource) is None:
                named = bool(string(reference.get("display")))
                held = found.setdefault(key, {})
                held[target] = held.get(target, True) and named
    return found
