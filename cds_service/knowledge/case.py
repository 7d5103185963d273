"""One chart under judgement: what the criteria may look at, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from cds_service.knowledge import kidney, readings
from cds_service.knowledge.evaluation import Finding, Grounds, UsedMeasurement
from cds_service.knowledge.judgement import Judgement
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.readings import Readings
from fhir_mappings.facts import Analyte, Comorbidity, ComorbidityKind, DrugClass, History, PatientFacts
from fhir_mappings.facts.frozen import frozen


@frozen()
class Case:
    """The chart, its history and its readings on `as_of`. Jurisdiction is not here: only labels depend on it."""

    facts: PatientFacts
    history: History
    knowledge: Knowledge
    readings: Readings
    recorded_clearance: UsedMeasurement | None  # the fresh recorded clearance, also where the computed one is used
    as_of: date
    # Answers that hold for the whole case, by the identity of the conditions: the knowledge held here keeps those alive.
    judged: dict[int, Judgement] = field(default_factory=dict, repr=False, compare=False)
    # What safety rules found that ask nothing of the regimen, in the same way; None: nothing.
    findings: dict[int, Finding | None] = field(default_factory=dict, repr=False, compare=False)

    def used(self, analyte: Analyte) -> UsedMeasurement | None:
        return self.readings.used.get(analyte)

    @property
    def age(self) -> tuple[int, int] | None:
        """The youngest and oldest possible age in years."""
        return kidney.age_bounds(self.facts.patient.birth_date, self.as_of)

    def comorbidities(self, kind: ComorbidityKind) -> tuple[Comorbidity, ...]:
        """Records of the condition that had begun by `as_of`."""
        return tuple(
            c for c in self.facts.comorbidities if c.kind is kind and (c.onset is None or c.onset.earliest <= self.as_of)
        )

    def exposed(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        return self._of_class(self.history.exposed_to, classes)

    def refractory(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        return self._of_class(self.history.refractory_to, classes)

    def undecided(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        return self._of_class(self.history.refractory_undecided, classes)

    def drug_grounds(self, drugs: tuple[str, ...]) -> tuple[Grounds, ...]:
        """Which records say that these drugs were given."""
        return tuple(
            Grounds(what=drug, sources=tuple(sorted({s for e in self.facts.exposures if e.drug == drug for s in e.sources})))
            for drug in drugs
        )

    def _of_class(self, drugs: tuple[str, ...], classes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(drug for drug in drugs if self.counts_as(drug, classes))

    def counts_as(self, drug: str, classes: tuple[str, ...]) -> bool:
        """Whether the drug is of one of the classes, or of one that the knowledge lets stand in for it."""
        own = self.knowledge.drug_class(drug)
        if own is None:
            return False
        note = self.knowledge.classes.get(own)
        return own in classes or (note is not None and any(stand_in in classes for stand_in in note.counts_as))


def open_case(facts: PatientFacts, history: History, knowledge: Knowledge, *, as_of: date) -> Case:
    """Read the measurements and put the clearance to use among them, in place of the recorded one."""
    recorded = readings.read(facts.measurements, knowledge.windows, as_of=as_of)
    used: dict[Analyte, UsedMeasurement] = dict(recorded.used)
    clearance = kidney.clearance(facts.patient, recorded, as_of=as_of)
    if clearance is None:
        used.pop(Analyte.CREATININE_CLEARANCE, None)
    else:
        on_dialysis = any(c.kind is ComorbidityKind.DIALYSIS and c.active is not False for c in facts.comorbidities)
        used[Analyte.CREATININE_CLEARANCE] = replace(clearance, applies=not on_dialysis)
    frozen: Mapping[Analyte, UsedMeasurement] = dict(sorted(used.items()))
    return Case(
        facts=facts,
        history=history,
        knowledge=knowledge,
        readings=replace(recorded, used=frozen),
        recorded_clearance=recorded.used.get(Analyte.CREATININE_CLEARANCE),
        as_of=as_of,
    )


def of_class(classes: tuple[DrugClass, ...]) -> tuple[str, ...]:
    """Drug classes as the plain strings that criteria compare."""
    return tuple(str(drug_class) for drug_class in classes)
