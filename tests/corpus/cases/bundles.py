"""Bundles as they arrive: bad entries, strangers, outcomes, pages, nulls, other versions' shapes."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.dialects.page import Json, concept, searchset
from tests.support.raw import SUBJECT, drug, outcome, relapsed, statement, transplant

_VTD = {"id": "s1", **statement("VTd", "2024-01-08", "2024-05-13")}
_ASCT = transplant("2024-06-18", id="asct")
_READ = {
    "outcome": "recommendation",
    "reason": "first-relapse",
    "row": "S-R1",
    "lines": 1,
    "exposedTo": ["bortezomib", "dexamethasone", "thalidomide"],
}
_INCOMPLETE = _READ | {"notesIncludes": ["history-incomplete"]}
_COMPLETE = _READ | {"notesExcludes": ["history-incomplete"]}


def _with(*entries: Any, **bundle: Any) -> Json:
    """The statements' Bundle with strange entries beside the good one."""
    return relapsed(_ASCT, medicationStatements=searchset([_VTD]) | {"entry": [{"resource": _VTD}, *entries]} | bundle)


def _resource(content: Any) -> Json:
    return {"resource": content}


_STRANGER = {"id": "s9", **statement("Darzalex"), "subject": {"reference": "Patient/someone-else"}}

CASES = (
    Case("a chart whose every key came is complete", _with(), _COMPLETE),
    Case("an empty Bundle is an answer: nothing there", relapsed(_VTD, _ASCT, procedures=searchset([_ASCT])), _COMPLETE),
    *(
        Case(f"one bad entry never costs the others: {name}", _with(bad), _READ)
        for name, bad in (
            ("null", None),
            ("a string", "oops"),
            ("a number", 7),
            ("no resource", {"fullUrl": "urn:x"}),
            ("a null resource", _resource(None)),
            ("a list", []),
            ("no type", _resource({"id": "x"})),
            ("an unknown type", _resource({"resourceType": "Bogus", "id": "x"})),
            (
                "codings that are strings",
                _resource(
                    {
                        "resourceType": "MedicationStatement",
                        "id": "x",
                        "status": "completed",
                        "subject": SUBJECT,
                        "medicationCodeableConcept": {"coding": "RxNorm"},
                    }
                ),
            ),
            ("a period that is a list", _resource({"id": "x", **statement("zoledronic acid", effectivePeriod=["2024"])})),
        )
    ),
    Case("another patient's drug is dropped and counted", _with(_resource(_STRANGER)), _READ | {"ignored": 1}),
    Case(
        "a resource without a subject is not this patient's",
        _with(_resource({"resourceType": "MedicationStatement", "id": "x", "status": "completed", **drug("Darzalex")})),
        _READ,
    ),
    Case(
        "an absolute reference to the patient is this patient's",
        _with(
            _resource(
                {
                    "id": "x",
                    **statement("dexamethasone", "2024-01-08", "2024-05-13"),
                    "subject": {"reference": "https://ehr.example/fhir/Patient/p-1"},
                }
            )
        ),
        _READ,
    ),
    Case(
        "a nested Bundle is opened",
        relapsed(_ASCT, medicationStatements=searchset([]) | {"entry": [_resource(searchset([_VTD]))]}),
        _READ,
    ),
    Case("a resource repeated on a later page counts once", _with(_resource(_VTD), _resource(_VTD)), _READ),
    Case(
        "STU3's shape of a statement survives",
        _with(
            _resource(
                {
                    "id": "x",
                    **statement("dexamethasone", "2024-01-08", "2024-05-13"),
                    "taken": "y",
                    "category": {"text": "outpatient"},
                }
            )
        ),
        _READ,
    ),
    Case(
        "R5's shape of a statement survives",
        _with(
            _resource(
                {
                    "resourceType": "MedicationStatement",
                    "id": "x",
                    "status": "recorded",
                    "subject": SUBJECT,
                    "medication": {"concept": concept(text="dexamethasone")},
                }
            )
        ),
        _READ,
    ),
    Case(
        "an outcome among the entries says that the record may be incomplete",
        _with({"resource": outcome("may not contain the entire record", "incomplete"), "search": {"mode": "outcome"}}),
        _INCOMPLETE,
    ),
    Case(
        "suppressed data say so",
        _with({"resource": outcome("not authorised", "suppressed"), "search": {"mode": "outcome"}}),
        _INCOMPLETE,
    ),
    Case(
        "a first page is not all pages", _with(link=[{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]), _INCOMPLETE
    ),
    Case("an outcome in place of a key", relapsed(_VTD, _ASCT, medicationRequests=outcome("timeout", "timeout")), _INCOMPLETE),
    Case("an absent optional key", relapsed(_VTD, _ASCT, medicationAdministrations=...), _INCOMPLETE),
    Case("absent procedures", relapsed(_VTD, procedures=...), {"notesIncludes": ["history-incomplete"], "lines": 1}),
    Case(
        "failed observations leave organs unknown, not normal",
        relapsed(_VTD, _ASCT, observations=outcome("down", "exception")),
        {"row": "S-R1", "unknownIncludes": ["creatinine-clearance"]},
    ),
    Case(
        "null extensions and empty strings survive",
        _with(
            _resource(
                {
                    "id": "x",
                    **statement("dexamethasone", "2024-01-08", "2024-05-13"),
                    "note": None,
                    "dosage": [None],
                    "language": "",
                }
            )
        ),
        _READ,
    ),
)

REFUSED: tuple[tuple[str, Json], ...] = (
    ("no patient", {**relapsed(_VTD), "prefetch": {k: v for k, v in relapsed(_VTD)["prefetch"].items() if k != "patient"}}),
    ("another patient's Patient", relapsed(_VTD, patient={"resourceType": "Patient", "id": "someone-else"})),
    ("conditions absent", relapsed(_VTD, conditions=...)),
    ("conditions refused", relapsed(_VTD, conditions=outcome("not authorised"))),
    (
        "only another patient's conditions",
        relapsed(
            _VTD,
            conditions=searchset(
                [
                    {
                        "resourceType": "Condition",
                        "id": "c",
                        "code": concept(text="Multiple myeloma"),
                        "subject": {"reference": "Patient/someone-else"},
                    }
                ]
            ),
        ),
    ),
    (
        "no medication key at all",
        relapsed(_ASCT, medicationStatements=..., medicationRequests=..., medicationAdministrations=...),
    ),
    (
        "every medication key refused",
        relapsed(
            _ASCT,
            **{
                key: outcome("not authorised")
                for key in ("medicationStatements", "medicationRequests", "medicationAdministrations")
            },
        ),
    ),
)
"""Requests that cannot be evaluated and are answered 412."""
