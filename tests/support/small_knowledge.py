"""A knowledge base of six regimens, for tests of how things are said. What it says of them is made up where no test looks."""

from __future__ import annotations

from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.model import DrugClassNote, Knowledge, Reference
from cds_service.knowledge.policies import CurrentPracticePolicy, Review, SwitchClassPolicy
from cds_service.knowledge.regimens import Component, Label, LabelStatus, Regimen, Trial
from fhir_mappings.facts import Drug, DrugClass

DRUGS = {
    "bortezomib": Drug(name="bortezomib", drug_class=DrugClass.PROTEASOME_INHIBITOR, order=1, rxnorm="358258", atc="L01XG01"),
    "carfilzomib": Drug(name="carfilzomib", drug_class=DrugClass.PROTEASOME_INHIBITOR, order=2, rxnorm="1302966"),
    "thalidomide": Drug(name="thalidomide", drug_class=DrugClass.IMID, order=3),
    "lenalidomide": Drug(name="lenalidomide", drug_class=DrugClass.IMID, order=4, rxnorm="342369", atc="L04AX04"),
    "pomalidomide": Drug(name="pomalidomide", drug_class=DrugClass.IMID, order=5, atc="L04AX06"),
    "daratumumab": Drug(name="daratumumab", drug_class=DrugClass.ANTI_CD38, order=6, rxnorm="1721947"),
    "iberdomide": Drug(name="iberdomide", drug_class=DrugClass.CELMOD, order=7),
    "dexamethasone": Drug(name="dexamethasone", drug_class=DrugClass.CORTICOSTEROID, order=9, rxnorm="3264"),
}


def a_review(reviewed_by: str = "") -> Review:
    return Review(title="A policy", reviewed_by=reviewed_by, next_review="", attributes={})


def _regimen(name: str, *drugs: str, evidence: tuple[str, ...] = ()) -> Regimen:
    label = Label(status=LabelStatus.APPROVED, mark="V", source="label-us")
    return Regimen(
        id=name,
        title=" + ".join(drugs),
        also=(),
        components=tuple(Component(drug=drug) for drug in (*drugs, "dexamethasone")),
        cycle_days=28,
        evidence_level=1,
        evidence=evidence,
        cautions=(),
        labels={Jurisdiction.US: label},
        mark="V",
        source="S02",
    )


def a_knowledge(*, reviewed_by: str = "") -> Knowledge:
    regimens = (
        _regimen("Rd", "lenalidomide", evidence=("MM-009",)),
        _regimen("Vd", "bortezomib"),
        _regimen("Kd", "carfilzomib"),
        _regimen("Pd", "pomalidomide"),
        _regimen("DRd", "daratumumab", "lenalidomide", evidence=("POLLUX",)),
        _regimen("KRd", "carfilzomib", "lenalidomide", evidence=("ASPIRE",)),
        _regimen("DKd", "daratumumab", "carfilzomib"),
        _regimen("IberDd", "iberdomide", "daratumumab"),
    )
    review = a_review(reviewed_by)
    return Knowledge(
        version="2026.11.1",
        digest="sha256:" + "0" * 64,
        released="2026-11-01",
        drugs=DRUGS,
        references={
            "S02": Reference(id="S02", text="A source", url="https://example.org/not-a-label"),
            "label-us": Reference(id="label-us", text="A label", url="https://example.org/label"),
        },
        classes={
            DrugClass.IMID: DrugClassNote(
                drug_class=DrugClass.IMID, title="IMiD", mechanism="Binds cereblon; IKZF1 & IKZF3 go.", mark="V", source="S01"
            )
        },
        trials={
            "POLLUX": Trial(
                id="POLLUX",
                population="1 or more prior lines",
                comparator="Rd",
                figures="PFS 45.8 vs 17.5 months, HR 0.44",
                mark="V",
                source="S20",
                nct="NCT02076009",
            ),
            "ASPIRE": Trial(
                id="ASPIRE", population="1-3 lines", comparator="Rd", figures="PFS 26.3 vs 17.6 months", mark="V", source="S22",
                url="javascript:alert(1)",
            ),
        },
        regimens={regimen.id: regimen for regimen in regimens},
        windows={},
        rules=(),
        dose_rules=(),
        supportive=(),
        switch_class=SwitchClassPolicy(regimens=("Rd", "Vd", "Kd", "Pd"), rows=(), why_not=(), notes=(), review=review),
        current_practice=CurrentPracticePolicy(situations=(), ranking=(), agrees="", review=review),
        texts={
            "not-lenalidomide-refractory": "the disease has not progressed on lenalidomide",
            "bortezomib-already-used": "bortezomib was given before",
            "relapse-not-early": "the relapse came 12 months or later",
            "thalidomide-is-an-imid": "Thalidomide was given and is an IMiD, but does not move the row.",
            "creatinine-clearance-below-30": "creatinine clearance is below 30 mL/min",
            "dose-not-verified": "no verified dose",
        },
    )  # fmt: skip
