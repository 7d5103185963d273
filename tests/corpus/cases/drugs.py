"""How a drug is recorded: three resource types at once, status and intent, references, codings."""

from __future__ import annotations

from typing import Any

from tests.corpus.cases.case import Case
from tests.support.dialects.page import RXNORM, Json, coding, concept, searchset
from tests.support.raw import END, START, administration, drug, in_relapse, myeloma, order, relapsed, statement

_VTD = ("bortezomib", "thalidomide", "dexamethasone")
_ONE_LINE = {"lines": 1, "lineDrugs": [["bortezomib"]], "exposedTo": ["bortezomib"]}
_NONE: dict[str, object] = {"exposedTo": []}


def _medication(name: str, **more: Any) -> Json:
    return {"resourceType": "Medication", "id": "med-1", "code": concept(coding(RXNORM, "358258"), text=name)} | more


def _referring(reference: str | None, display: str | None = None, **more: Any) -> Json:
    target = ({"reference": reference} if reference else {}) | ({"display": display} if display else {})
    return statement(medicationReference=target, **more)


def _bundled(full_url: str | None, reference: str) -> Json:
    """A statement whose Medication is another entry of its Bundle."""
    stated = searchset([{"id": "s1", **_referring(reference)}])
    entry: Json = {"resource": _medication("Velcade")} | ({"fullUrl": full_url} if full_url else {})
    stated["entry"].append(entry)
    return relapsed(medicationStatements=stated)


SAME_COURSE = (
    Case(
        "the same course as order, administrations and statement is one exposure, dated by the administrations",
        relapsed(
            order("bortezomib", "2024-01-02", "2024-07-01"),
            administration("bortezomib 3.5 mg", "2024-01-08"),
            administration("bortezomib 3.5 mg", "2024-03-04"),
            administration("bortezomib 3.5 mg", "2024-06-10"),
            statement("Velcade", "2024-01", "2024-06"),
        ),
        _ONE_LINE | {"lineStarts": ["2024-01-08"], "lineEnds": ["2024-06-10"]},
    ),
    Case(
        "an order's bounds date a course when nothing better does",
        relapsed(order("lenalidomide", "2024-01-08", "2024-06-10")),
        {"lines": 1, "lineStarts": ["2024-01-08"], "lineEnds": ["2024-06-10"]},
    ),
    Case(
        "a dispense's validity dates a course when the order has no bounds",
        relapsed(
            {
                "resourceType": "MedicationRequest",
                "status": "completed",
                "intent": "order",
                "subject": {"reference": "Patient/p-1"},
                **drug("lenalidomide"),
                "dispenseRequest": {"validityPeriod": {"start": "2024-01-08", "end": "2024-06-10"}},
            }
        ),
        {"lines": 1, "lineStarts": ["2024-01-08"], "lineEnds": ["2024-06-10"]},
    ),
    Case(
        "when an order was written dates the start only",
        relapsed(
            {
                "resourceType": "MedicationRequest",
                "status": "completed",
                "intent": "order",
                "subject": {"reference": "Patient/p-1"},
                **drug("lenalidomide"),
                "authoredOn": "2024-01-08",
            }
        ),
        {"lines": 1, "lineStarts": ["2024-01-08"], "exposedTo": ["lenalidomide"]},
    ),
    Case(
        "a reported home medicine with intent plan counts",
        relapsed(order("Revlimid 25 mg", intent="plan", reportedBoolean=True)),
        {"exposedTo": ["lenalidomide"], "lines": 1},
    ),
)

NOT_GIVEN = (
    Case("an order with intent proposal is no exposure", relapsed(order("bortezomib", intent="proposal")), _NONE),
    Case("an order with intent option is no exposure", relapsed(order("bortezomib", intent="option")), _NONE),
    Case("an order not to give is no exposure", relapsed(order("bortezomib", doNotPerform=True)), _NONE),
    *(
        Case(f"an order with status {status} is no exposure", relapsed(order("bortezomib", status=status)), _NONE)
        for status in ("draft", "cancelled", "entered-in-error")
    ),
    *(
        Case(f"a statement with status {status} is no exposure", relapsed(statement("bortezomib", status=status)), _NONE)
        for status in ("not-taken", "entered-in-error", "intended")
    ),
    *(
        Case(
            f"an administration with status {status} is no exposure",
            relapsed(administration("bortezomib", START, status=status)),
            _NONE,
        )
        for status in ("not-done", "entered-in-error")
    ),
    Case("a status word that does not exist is no exposure", relapsed(statement("bortezomib", status="perhaps")), _NONE),
)

REFERENCES = (
    Case(
        "a contained Medication",
        relapsed(_referring("#med-1", contained=[_medication("Velcade")])),
        _ONE_LINE,
    ),
    Case(
        "a Medication in the Bundle, relative",
        _bundled("https://ehr.example/fhir/Medication/med-1", "Medication/med-1"),
        _ONE_LINE,
    ),
    Case("a Medication in the Bundle without fullUrl", _bundled(None, "Medication/med-1"), _ONE_LINE),
    Case(
        "a Medication in the Bundle by urn:uuid",
        _bundled("urn:uuid:0e9b2c5a-7f7f-4f6e-9d7a-5d7c2b1f9e01", "urn:uuid:0e9b2c5a-7f7f-4f6e-9d7a-5d7c2b1f9e01"),
        _ONE_LINE,
    ),
    Case(
        "a Medication in the Bundle by absolute URL",
        _bundled("https://ehr.example/fhir/Medication/med-1", "https://ehr.example/fhir/Medication/med-1"),
        _ONE_LINE,
    ),
    Case(
        "a Medication in the Bundle by version",
        _bundled("https://ehr.example/fhir/Medication/med-1", "Medication/med-1/_history/3"),
        _ONE_LINE,
    ),
    Case(
        "a reference that only has a display", relapsed(_referring(None, "BORTEZOMIB 3.5 MG SOLUTION FOR INJECTION")), _ONE_LINE
    ),
    Case("a reference that leads nowhere but has a display", relapsed(_referring("Medication/gone", "Velcade")), _ONE_LINE),
    Case(
        "a reference that leads nowhere is unreadable, not 'no drug'", relapsed(_referring("Medication/gone")), {"unreadable": 1}
    ),
    Case(
        "a Medication of several ingredients gives each of them",
        relapsed(
            _referring(
                "#kit",
                contained=[
                    {
                        "resourceType": "Medication",
                        "id": "kit",
                        "code": concept(text="Chemotherapy kit"),
                        "ingredient": [{"itemCodeableConcept": concept(coding(RXNORM, code))} for code in ("358258", "3264")],
                    }
                ],
            )
        ),
        {"exposedTo": ["bortezomib", "dexamethasone"], "lines": 1},
    ),
)

CODINGS = (
    Case(
        "nine codings of which one is known are known",
        relapsed(
            statement(
                medicationCodeableConcept=concept(
                    *(coding("urn:oid:2.16.840.1.113883.6.253", str(90000 + n)) for n in range(5)),
                    *(coding(RXNORM, code) for code in ("9999991", "9999992", "342369", "9999993")),
                )
            )
        ),
        {"exposedTo": ["lenalidomide"], "lines": 1},
    ),
    Case("a product code gives its ingredient", relapsed(statement(**drug(rxnorm="643712"))), {"exposedTo": ["lenalidomide"]}),
    Case(
        "subcutaneous daratumumab is daratumumab", relapsed(statement(**drug(rxnorm="2372199"))), {"exposedTo": ["daratumumab"]}
    ),
    Case(
        "a WHO ATC code", relapsed(statement(**drug(code=("http://www.whocc.no/atc", "L01XG02")))), {"exposedTo": ["carfilzomib"]}
    ),
    Case(
        "a German ATC code",
        relapsed(statement(**drug(code=("http://fhir.de/CodeSystem/bfarm/atc", "L04AX06")))),
        {"exposedTo": ["pomalidomide"]},
    ),
    Case(
        "ATC by its OID",
        relapsed(statement(**drug(code=("urn:oid:2.16.840.1.113883.6.73", "L01FC02")))),
        {"exposedTo": ["isatuximab"]},
    ),
    Case(
        "a local code with a name is read by the name",
        relapsed(statement(medicationCodeableConcept=concept(coding("urn:oid:1.2.840.114350.1.13.0.1.7", "4711", "Kyprolis")))),
        {"exposedTo": ["carfilzomib"]},
    ),
    Case(
        "a code that says one drug and a display that says another are a conflict",
        relapsed(statement(medicationCodeableConcept=concept(coding(RXNORM, "342369", "bortezomib 3.5 mg")))),
        {"conflictsSome": True},
    ),
    Case(
        "an antineoplastic that nobody knows is counted as not recognised",
        relapsed(statement("VTd"), statement("examplomab 200 mg infusion", "2024-07-01", "2024-09-01")),
        {"notRecognised": 1},
    ),
    Case(
        "aciclovir and zoledronic acid make no line",
        relapsed(statement("aciclovir 400 mg"), statement("Zometa")),
        {"lines": 0, "exposedTo": []},
    ),
    Case(
        "two ways of saying the same week are one drug in one line",
        relapsed(
            statement("Velcade", START, END), statement("PS-341", "2024-01-10", "2024-06-08"), *(statement(d) for d in _VTD)
        ),
        {"lines": 1, "lineDrugs": [["bortezomib", "dexamethasone", "thalidomide"]]},
    ),
    Case(
        "a generic switch is no new line",
        relapsed(
            myeloma(id="again"),
            in_relapse(),
            order("Revlimid 25 mg", START, "2024-04-01"),
            order("lenalidomide", "2024-04-02", END),
        ),
        {"lines": 1, "lineDrugs": [["lenalidomide"]]},
    ),
)

CASES = (*SAME_COURSE, *NOT_GIVEN, *REFERENCES, *CODINGS)
