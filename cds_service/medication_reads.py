"""The Medications that a chart refers to and does not hold, read one by one and put beside what refers to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cds_service.fetched import Fetched, Outcome
from cds_service.paging import failure
from fhir_mappings.references import medications_to_read

MAX_READS = 20
_REFERENCE = re.compile(r"Medication/(?P<id>[A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?")

ReadAll = Callable[[Iterable[str]], Mapping[str, Fetched]]


def with_medications(prefetch: Mapping[str, object], *, base: str, read: ReadAll) -> tuple[dict[str, object], dict[str, Outcome]]:
    """New values for the keys that lacked a Medication, and why some are still lacking one whose drug nothing else names.

    At most MAX_READS are read, and only below `base`: a reference to another server is never followed.
    """
    wanted = medications_to_read(prefetch)
    ids = {reference: id_ for asked in wanted.values() for reference in asked if (id_ := _id_below(base, reference))}
    paths = list(dict.fromkeys(f"/Medication/{id_}" for id_ in ids.values()))[:MAX_READS]
    answers = read(paths) if paths else {}
    values: dict[str, object] = {}
    failures: dict[str, Outcome] = {}
    for key, asked in wanted.items():
        entries: list[Any] = [{"resource": prefetch[key]}]
        for reference, named in asked.items():
            id_ = ids.get(reference)
            fetched = answers.get(f"/Medication/{id_}", Fetched(outcome=Outcome.INCOMPLETE))
            if fetched.resource is not None and _is(fetched.resource, id_):
                entries.append({"fullUrl": reference, "resource": fetched.resource, "search": {"mode": "include"}})
            elif not named:
                failures[key] = fetched.outcome if fetched.resource is None else Outcome.UNREADABLE
        if key in failures:
            entries.append({"resource": failure(failures[key]), "search": {"mode": "outcome"}})
        values[key] = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return values, failures


def _is(resource: Mapping[str, object], id_: str | None) -> bool:
    return resource.get("resourceType") == "Medication" and resource.get("id") == id_


def _id_below(base: str, reference: str) -> str | None:
    matched = _REFERENCE.fullmatch(reference.removeprefix(f"{base}/"))
    return matched["id"] if matched and matched["id"] not in (".", "..") else None
