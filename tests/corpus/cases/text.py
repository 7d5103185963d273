"""Drugs and regimens that stand only in words, and the abbreviations that mean two things."""

from __future__ import annotations

from tests.corpus.cases.case import Case
from tests.support.raw import END, START, procedure, relapsed, statement

BORTEZOMIB, LENALIDOMIDE, DEXAMETHASONE = "bortezomib", "lenalidomide", "dexamethasone"


def _read(text: str, *drugs: str) -> Case:
    return Case(
        f"the text {text!r} names {', '.join(drugs)}", relapsed(statement(text)), {"exposedTo": sorted(drugs), "lines": 1}
    )


DRUGS = (
    _read("Revlimid 25 mg caps", LENALIDOMIDE),
    _read("CC-5013", LENALIDOMIDE),
    _read("LENALIDOMIDE 10MG PO D1-21 Q28D", LENALIDOMIDE),
    _read("Velcade 1.3 mg/m2 SC weekly", BORTEZOMIB),
    _read("PS-341", BORTEZOMIB),
    _read("bortezomib + dexamethasone", BORTEZOMIB, DEXAMETHASONE),
    _read("Darzalex Faspro 1800 mg", "daratumumab"),
    _read("Imnovid 4 mg", "pomalidomide"),
    _read("CC-4047", "pomalidomide"),
    _read("JNJ-64007957", "teclistamab"),
    _read("Ninlaro", "ixazomib"),
    _read("Sarclisa infusion", "isatuximab"),
    _read("ixazomib citrate 4 mg", "ixazomib"),
    _read("Blenrep", "belantamab-mafodotin"),
)

REGIMENS = (
    _read("VRd", BORTEZOMIB, LENALIDOMIDE, DEXAMETHASONE),
    _read("VTD x 4 cycles", BORTEZOMIB, "thalidomide", DEXAMETHASONE),
    _read("Dara-VTd", "daratumumab", BORTEZOMIB, "thalidomide", DEXAMETHASONE),
    _read("CyBorD", "cyclophosphamide", BORTEZOMIB, DEXAMETHASONE),
    _read("KRd x8", "carfilzomib", LENALIDOMIDE, DEXAMETHASONE),
    _read("Isa-Pd", "isatuximab", "pomalidomide", DEXAMETHASONE),
    _read("IsaKd", "isatuximab", "carfilzomib", DEXAMETHASONE),
    _read("Ixa-Rd", "ixazomib", LENALIDOMIDE, DEXAMETHASONE),
    _read("D-Rd", "daratumumab", LENALIDOMIDE, DEXAMETHASONE),
    Case(
        "a regimen named in a Procedure yields its drugs",
        relapsed(
            procedure("Systemic chemotherapy", None, performedPeriod={"start": START, "end": END}, usedCode=[{"text": "VRd"}])
        ),
        {"exposedTo": [BORTEZOMIB, DEXAMETHASONE, LENALIDOMIDE], "lines": 1, "lineStarts": [START]},
    ),
)

PITFALLS = (
    _read("VAD", "vincristine", "doxorubicin", DEXAMETHASONE),
    _read("VMP", BORTEZOMIB, "melphalan", "prednisone"),
    _read("MP", "melphalan", "prednisone"),
    _read("XVd", "selinexor", BORTEZOMIB, DEXAMETHASONE),
    _read("SVd", "selinexor", BORTEZOMIB, DEXAMETHASONE),
    _read("PVd", "pomalidomide", BORTEZOMIB, DEXAMETHASONE),
    _read("EPd", "elotuzumab", "pomalidomide", DEXAMETHASONE),
    _read("BVd", "belantamab-mafodotin", BORTEZOMIB, DEXAMETHASONE),
    _read("VTD-PACE", BORTEZOMIB, "thalidomide", DEXAMETHASONE, "cisplatin", "doxorubicin", "cyclophosphamide", "etoposide"),
    *(
        Case(
            f"the lone letter {letter!r} is ambiguous: no drug is guessed, the entry is counted",
            relapsed(statement("Rd", START, END), statement(letter, "2024-08-01", "2024-09-01")),
            {"exposedTo": [DEXAMETHASONE, LENALIDOMIDE], "notRecognised": 1},
        )
        for letter in ("P", "D", "B", "E", "S")
    ),
    Case(
        "a word that merely contains a letter sequence is not a regimen",
        relapsed(statement("Rd", START, END), statement("Vitamin D3 1000 IU", "2024-01-01", None)),
        {"exposedTo": [DEXAMETHASONE, LENALIDOMIDE], "lines": 1},
    ),
)

CASES = (*DRUGS, *REGIMENS, *PITFALLS)
