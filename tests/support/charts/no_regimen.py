"""Samples that get no regimen, or an answer about missing and contradicting records."""

from __future__ import annotations

from tests.support.charts.usual import fit, lenalidomide_refractory, vtd_and_transplant
from tests.support.dialects.page import Json
from tests.support.patients import MGUS, SMOULDERING, a_chart
from tests.support.sample import Sample


def _incomplete(request: Json) -> Json:
    """The server refused the administrations and sent only the first page of the orders."""
    prefetch = dict(request["prefetch"])
    prefetch["medicationAdministrations"] = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "forbidden", "details": {"text": "Not authorised for this resource type"}}],
    }
    following = {"relation": "next", "url": "https://ehr.example/fhir/MedicationRequest?patient=iris-incomplete&page=2"}
    prefetch["medicationRequests"] = prefetch["medicationRequests"] | {"link": [following]}
    return request | {"prefetch": prefetch}


NO_REGIMEN: tuple[Sample, ...] = (
    Sample(
        name="newly-diagnosed",
        dialect="us-core",
        title="Newly diagnosed",
        says="Myeloma found three weeks ago, nothing given yet: not this service's question.",
        chart=fit(
            a_chart().named("samuel-new", "Samuel", "Adeyemi").born("1959-10-03", "male").diagnosed("2026-11-02"),
            creatinine=1.2,
            weight=90,
        ).with_result("serum-m-protein", 4.1, "2026-11-02"),
        expect={"outcome": "not-applicable", "reason": "newly-diagnosed", "cards": 0},
    ),
    Sample(
        name="in-remission",
        dialect="us-core",
        title="In remission on maintenance",
        says="Complete response after VRd and transplant, on lenalidomide maintenance, no progression.",
        chart=fit(
            a_chart()
            .named("clara-remission", "Clara", "Vance")
            .born("1967-12-12", "female")
            .diagnosed("2024-01-08", in_remission=True)
            .with_line("VRd", "2024-01-22", "2024-06-24", stop="completed")
            .with_transplant("2024-07-30")
            .responded("CR", "2024-11-04")
            .with_line("R", "2024-10-28"),
            creatinine=0.8,
            weight=70,
        ),
        expect={"outcome": "not-relapsed", "reason": "in-remission", "cards": 0, "lines": 1},
    ),
    Sample(
        name="mgus",
        dialect="oracle",
        title="Monoclonal gammopathy of undetermined significance",
        says="A precursor of myeloma, followed once a year.",
        chart=a_chart()
        .named("otto-mgus", "Otto", "Keller")
        .born("1957-02-19", "male")
        .diagnosed("2021-05-17", MGUS)
        .with_result("serum-m-protein", 1.2, "2026-09-08")
        .with_creatinine(0.9, "2026-09-08", weight=82),
        expect={"outcome": "not-applicable", "reason": "precursor-disease", "cards": 0},
    ),
    Sample(
        name="no-myeloma",
        dialect="us-core",
        title="No myeloma at all",
        says="Diabetes, high blood pressure and a sore knee: the chart nearly every call brings.",
        chart=a_chart()
        .named("judith-other", "Judith", "Nakamura")
        .born("1970-06-24", "female")
        .diagnosed(None, None)
        .with_problem("type-2-diabetes", "2016-03-01")
        .with_problem("hypertension", "2012")
        .with_problem("osteoarthritis", "2020-10")
        .with_drug("metformin", "2016-03-01")
        .with_drug("lisinopril", "2012-05-20")
        .with_creatinine(0.8, "2026-10-01", weight=77),
        expect={"outcome": "not-applicable", "reason": "no-myeloma", "cards": 0},
    ),
    Sample(
        name="smouldering-myeloma",
        dialect="us-core",
        title="Smouldering myeloma under the code of active myeloma",
        says="Coded C90.00, named smoldering: the code alone does not make it active disease.",
        chart=a_chart()
        .named("pieter-smouldering", "Pieter", "Van Houten")
        .born("1962-01-29", "male")
        .diagnosed("2025-03-10", SMOULDERING)
        .with_result("serum-m-protein", 3.2, "2026-10-13")
        .with_creatinine(1.0, "2026-10-13", weight=88),
        expect={"outcome": "not-applicable", "reason": "precursor-disease", "cards": 0},
    ),
    Sample(
        name="deceased",
        dialect="us-core",
        title="Deceased",
        says="A relapsed patient who died before the chart was opened: no card.",
        chart=lenalidomide_refractory().named("frank-deceased", "Frank", "Sorensen").died("2026-11-12"),
        expect={"outcome": "not-applicable", "reason": "deceased", "cards": 0},
    ),
    Sample(
        name="conflicting-dates",
        dialect="oracle",
        title="A relapse dated in the future",
        says="The relapse is recorded for next year: a contradiction is shown, not resolved.",
        chart=vtd_and_transplant("2025-04-08", "2027-10-12").named("ingrid-conflict", "Ingrid", "Aasen"),
        expect={"outcome": "conflicting-data", "reason": "records-contradict", "cards": 1},
    ),
    Sample(
        name="history-incomplete",
        dialect="us-core",
        title="The server held records back",
        says="Administrations were refused, only the first page of orders came: the card says that the history may have gaps.",
        chart=vtd_and_transplant("2025-04-15", "2026-10-28")
        .named("iris-incomplete", "Iris", "Bell")
        .with_neuropathy(0, "2026-11-10"),
        edit=_incomplete,
        expect={"notesIncludes": ["history-incomplete"]},
    ),
    Sample(
        name="therapy-history-missing",
        dialect="us-core",
        title="Relapse without a therapy history",
        says="Myeloma in relapse, moved here from another hospital, no drug on record.",
        chart=fit(
            a_chart()
            .named("luis-missing", "Luis", "Ferreira")
            .born("1958-08-08", "male")
            .diagnosed("2021-06")
            .relapsed("2026-10-07"),
            creatinine=1.0,
            weight=79,
        ),
        expect={
            "outcome": "insufficient-data",
            "reason": "therapy-history-missing",
            "unknownIncludes": ["therapy-history"],
            "cards": 1,
        },
    ),
    Sample(
        name="dates-undecidable",
        dialect="european",
        title="Dates too coarse to tell early from late",
        says="Transplant known by its year, relapse by its month: between five and seventeen months lie between them.",
        chart=fit(
            a_chart()
            .named("marek-dates", "Marek", "Zieliński")
            .born("1963", "male")
            .diagnosed("2024-09")
            .with_line("VTd", "2024-10", "2025-02", stop="completed")
            .with_transplant("2025")
            .relapsed("2026-06"),
            creatinine=0.9,
            weight=83,
        ),
        jurisdiction="EU",
        expect={"outcome": "insufficient-data", "reason": "dates-undecidable", "cards": 1},
    ),
)
