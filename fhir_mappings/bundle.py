"""Prefetch values and Bundles as resources, with an account of everything that did not come.

A prefetch value is one of: absent (not attempted), null (the client has nothing), an OperationOutcome (failed), a resource, a
Bundle, perhaps only its first page. A key that failed or was cut short is `incomplete`: it never reads like an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from fhir_mappings.coding import members, string
from fhir_mappings.ledger import Ledger

Resource = dict[str, object]

KEY_OF_TYPE = {
    "Patient": "patient",
    "Condition": "conditions",
    "MedicationStatement": "medicationStatements",
    "MedicationRequest": "medicationRequests",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "Observation": "observations",
}
MEDICATION_KEYS = ("medicationStatements", "medicationRequests", "medicationAdministrations")
MAX_ENTRIES = 10_000
MAX_NESTING = 4
_REFERRED_TO = frozenset({"Patient", "Medication", "Substance"})  # what our readers follow references to
_PLAIN = frozenset(KEY_OF_TYPE) - {"Patient"}
_HARMLESS = frozenset({"information", "success"})


class KeyState(StrEnum):
    """What stands under one prefetch key."""

    ABSENT = "absent"
    NULL = "null"
    OUTCOME = "outcome"
    UNREADABLE = "unreadable"
    READ = "read"


@dataclass(slots=True)
class Contents:
    """The resources of a chart in the order they came, and an index for references. Filled by `collect`."""

    resources: list[Resource] = field(default_factory=list)
    index: dict[str, Resource] = field(default_factory=dict)


def state_of(prefetch: Mapping[str, object], key: str) -> KeyState:
    """Which of the states a prefetch value is in."""
    if key not in prefetch:
        return KeyState.ABSENT
    value = prefetch[key]
    if value is None:
        return KeyState.NULL
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return KeyState.UNREADABLE
    if value["resourceType"] == "OperationOutcome":
        return KeyState.OUTCOME
    return (
        KeyState.READ
        if KEY_OF_TYPE.get(value["resourceType"], "") == key or value["resourceType"] == "Bundle"
        else KeyState.UNREADABLE
    )


def collect(prefetch: Mapping[str, object], ledger: Ledger) -> Contents:
    """Every resource of the known keys. Failed and incomplete keys are noted in the ledger."""
    contents = Contents()
    for key in KEY_OF_TYPE.values():
        state = state_of(prefetch, key)
        if state is KeyState.READ:
            _walk(prefetch[key], key, contents, ledger, 0)
        elif state is not KeyState.NULL:
            ledger.incomplete.add(key)
            ledger.unreadable += state is KeyState.UNREADABLE
    return contents


def _walk(value: object, key: str, contents: Contents, ledger: Ledger, depth: int) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        ledger.unreadable += 1
        return
    kind = value["resourceType"]
    if kind == "Bundle":
        _walk_bundle(value, key, contents, ledger, depth)
    elif kind == "OperationOutcome":
        if _warns(value):
            ledger.incomplete.add(key)
    elif len(contents.resources) >= MAX_ENTRIES:
        ledger.incomplete.add(key)
    else:
        contents.resources.append(value)
        if kind in _REFERRED_TO and isinstance(value.get("id"), str):
            contents.index.setdefault(f"{kind}/{value['id']}", value)


def _walk_bundle(bundle: Resource, key: str, contents: Contents, ledger: Ledger, depth: int) -> None:
    entries = bundle.get("entry")
    if depth >= MAX_NESTING or not isinstance(entries, (list, type(None))):
        ledger.unreadable += 1
        ledger.incomplete.add(key)
        return
    matches = 0
    for entry in entries or ():
        if not isinstance(entry, dict):
            ledger.unreadable += 1
            continue
        resource = entry.get("resource")
        search = entry.get("search")
        matches += not (isinstance(search, dict) and search.get("mode") in ("include", "outcome"))
        if isinstance(resource, dict) and _type_of(resource) in _PLAIN and len(contents.resources) < MAX_ENTRIES:
            contents.resources.append(resource)
            continue
        _walk(resource, key, contents, ledger, depth + 1)
        if isinstance(resource, dict) and _type_of(resource) in _REFERRED_TO:
            contents.index.setdefault(string(entry.get("fullUrl")), resource)
    total = bundle.get("total")
    cut_short = isinstance(total, int) and not isinstance(total, bool) and total > matches
    if cut_short or any(link.get("relation") == "next" for link in members(bundle.get("link"))):
        ledger.incomplete.add(key)


def _type_of(resource: Resource) -> str | None:
    kind = resource.get("resourceType")
    return kind if isinstance(kind, str) else None


def _warns(outcome: Resource) -> bool:
    """An outcome among the entries says that something is missing, unless it is plainly only information."""
    issues = members(outcome.get("issue"))
    return not issues or any(string(issue.get("severity")) not in _HARMLESS for issue in issues)


def relative(reference: str) -> str:
    """`Type/id` of a relative, absolute or versioned reference; anything else as it is."""
    parts = reference.split("/_history/", 1)[0].rstrip("/").split("/")
    return "/".join(parts[-2:]) if len(parts) >= 2 and not reference.startswith("urn:") else reference


def resolve(reference: object, index: Mapping[str, Resource], holder: Resource) -> Resource | None:
    """The resource that a Reference names: contained, in the Bundle by its address, or by type and id."""
    target = string(reference.get("reference")) if isinstance(reference, dict) else string(reference)
    if target.startswith("#"):
        return next((inner for inner in members(holder.get("contained")) if inner.get("id") == target[1:]), None)
    return (index.get(target) or index.get(relative(target))) if target else None


def prefetch_from_bundle(bundle: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """(patient id, prefetch) of a Bundle of one patient: every resource under the key of its type, with its address.

    Raises ValueError when the Bundle does not hold exactly one Patient with an id or an address.
    """
    contents, ledger = Contents(), Ledger()
    _walk(dict(bundle), "patient", contents, ledger, 0)
    addresses = {id(resource): address for address, resource in contents.index.items() if ":" in address}
    patients = {
        string(resource.get("id")) or addresses.get(id(resource), "").removeprefix("urn:uuid:"): resource
        for resource in contents.resources
        if resource.get("resourceType") == "Patient"
    }
    if len(patients) != 1 or "" in patients:
        message = "the Bundle must hold exactly one Patient with an id"
        raise ValueError(message)
    ((patient_id, patient),) = patients.items()
    shared = [] if not ledger.incomplete and not ledger.unreadable else [{"resource": {"resourceType": "OperationOutcome"}}]
    medications = [
        {"fullUrl": addresses.get(id(each), f"Medication/{each.get('id')}"), "resource": each, "search": {"mode": "include"}}
        for each in contents.resources
        if each.get("resourceType") == "Medication"
    ]
    prefetch: dict[str, object] = {}
    for kind, key in KEY_OF_TYPE.items():
        found = [
            {"fullUrl": addresses.get(id(each)), "resource": each}
            for each in contents.resources
            if each.get("resourceType") == kind
        ]
        included = medications if key in MEDICATION_KEYS else []
        prefetch[key] = {"resourceType": "Bundle", "type": "searchset", "entry": [*found, *included, *shared]}
    prefetch["patient"] = {
        "resourceType": "Bundle",
        "entry": [{"fullUrl": addresses.get(id(patient)), "resource": {**patient, "id": patient_id}}],
    }
    return patient_id, prefetch


def duplicates_removed(resources: Iterable[Resource]) -> list[Resource]:
    """One copy of each resource: the last updated of those that share a type and an id."""
    kept: dict[tuple[object, object], Resource] = {}
    nameless: list[Resource] = []
    for resource in resources:
        id_ = resource.get("id")
        if not isinstance(id_, str) or resource["resourceType"] == "Patient":  # what any copy of the Patient says of death counts
            nameless.append(resource)
            continue
        name = (resource["resourceType"], id_)
        if name not in kept or _version(resource) > _version(kept[name]):
            kept[name] = resource
    return [*kept.values(), *nameless]


def _version(resource: Resource) -> tuple[str, str, bytes]:
    """What orders the copies of one resource; their content decides last, so that the order they came in never does."""
    meta = resource.get("meta")
    updated, version = (string(meta.get("lastUpdated")), string(meta.get("versionId"))) if isinstance(meta, dict) else ("", "")
    return updated, version.zfill(12), orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
