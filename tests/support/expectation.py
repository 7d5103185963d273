"""What a test expects of an answer, in few words, and how an answer falls short of it.

`facts_of` flattens a response into named facts; `differences` compares. `somethingIncludes` asks for a part of a list,
`somethingExcludes` for its absence, `somethingSome` whether there is anything in it; `None` for the absence of the member.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.service import EVALUATION

Json = dict[str, Any]


def _regimens(entries: list[Json]) -> list[str]:
    return sorted(entry["regimen"] for entry in entries)


def facts_of(response: Json) -> Json:
    """The flat facts of a response; members that the answer does not have are not in it, lists that may be empty are."""
    said = response["extension"][EVALUATION]
    history, switch, practice = said.get("history", {}), said.get("switchClass", {}), said.get("currentPractice", {})
    lines, relapse = history.get("linesOfTherapy", []), history.get("relapse", {})
    options: dict[str, list[str]] = {}
    for option in practice.get("options", []):
        options.setdefault(option["verdict"], []).append(option["regimen"])
    facts: Json = {key: said[key] for key in ("outcome", "reason", "unreadable", "notRecognised", "ignored") if key in said}
    facts |= {
        "cards": len(response["cards"]),
        "notes": switch.get("notes", []),
        "suppressed": _regimens(switch.get("suppressed", [])),
        "whyNot": _regimens(switch.get("whyNot", [])),
        "unknown": said.get("unknown", []),
        "conflicts": said.get("conflicts", []),
        "lines": len(lines),
        "lineDrugs": [sorted(line.get("drugs", [])) for line in lines],
        "lineStarts": [line.get("start") for line in lines],
        "lineEnds": [line.get("end") for line in lines],
        "lineEndReasons": [line.get("endReason") for line in lines],
        "transplants": [line.get("transplant") for line in lines],
        "inferred": sorted({code for line in lines for code in line.get("inferred", [])}),
        "exposedTo": history.get("exposedTo", []),
        "refractoryTo": history.get("refractoryTo", []),
        "intolerantTo": history.get("intolerantTo", []),
        "suitable": sorted(options.get("suitable", [])),
        "checkFirst": sorted(options.get("check-first", [])),
        "avoid": sorted(options.get("avoid", [])),
        "offLabel": sorted(options.get("off-label", [])),
        "measured": sorted(said.get("measurements", {})),
    }
    facts |= {"row": switch["row"]} if "row" in switch else {}
    facts |= {"preferred": sorted(switch["preferred"])} if "preferred" in switch else {}
    facts |= {"situation": practice["situation"]} if "situation" in practice else {}
    facts |= {name: relapse[key] for name, key in _RELAPSE.items() if key in relapse}
    clearance = said.get("measurements", {}).get("creatinineClearance", {}).get("value")
    return facts | ({"creatinineClearance": round(clearance)} if clearance is not None else {})


_RELAPSE = {
    "relapseDate": "date",
    "kind": "kind",
    "anchor": "anchor",
    "anchorDate": "anchorDate",
    "months": "months",
    "early": "early",
}


def differences(response: Json, expect: Mapping[str, Any]) -> list[str]:
    """One line per expectation that the response does not meet."""
    facts = facts_of(response)
    return [
        f"{key}: expected {wanted!r}, got {_found(facts, key)!r}"
        for key, wanted in expect.items()
        if not _met(facts, key, wanted)
    ]


def _found(facts: Json, key: str) -> Any:
    return facts.get(key.removesuffix("Includes").removesuffix("Excludes").removesuffix("Some"))


def _met(facts: Json, key: str, wanted: Any) -> bool:
    found = _found(facts, key)
    if key.endswith("Includes"):
        return set(wanted) <= set(found)
    if key.endswith("Some"):
        return bool(found) is wanted
    if key.endswith("Excludes"):
        return not set(wanted) & set(found)
    return bool(found == wanted)
