"""What may be supposed of a chart where it is silent: per name of something unknown, the charts that would have said it.

Values lie on either side of every limit in the knowledge, so that no answer in between is missed. A name without an entry cannot
be settled by one value (`therapy-history`), and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cds_service.knowledge.model import Knowledge
from cds_service.numbers import shown
from fhir_mappings.facts import (
    Abnormality,
    Analyte,
    ComorbidityKind,
    Cytogenetics,
    DiseaseEvent,
    Measurement,
    PartialDate,
    PatientFacts,
    Response,
    Sex,
    StopReason,
)

SUPPOSED = "(supposed)"  # the source of a fact that no record holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a supposition may look at. `as_of` is the day on which the supposed fact would be recorded."""

    facts: PatientFacts
    knowledge: Knowledge
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """The chart as it would be; `says` is the supposed fact in words."""

    says: str
    facts: PatientFacts


Suppose = Callable[[Asked], Iterator[Supposition]]


def _with(asked: Asked, *added: tuple[Analyte, float], drop: Analyte | None = None, pain: bool | None = None) -> PatientFacts:
    """The chart with results of today; older ones of the same analytes give way, and those of `drop` too."""
    gone = {analyte for analyte, _ in added} | {drop}
    kept = tuple(each for each in asked.facts.measurements if each.analyte not in gone)
    today = PartialDate.day(asked.as_of)
    new = (Measurement(analyte=a, value=value, on=today, with_pain=pain, source=SUPPOSED) for a, value in added)
    return replace(asked.facts, measurements=(*kept, *new))


def _limits(knowledge: Knowledge, criterion: str, name: str, analyte: Analyte | None = None) -> list[float]:
    """The values of one parameter over all rules, from low to high."""
    conditions = [condition for rule in knowledge.rules for condition in rule.when if condition.criterion == criterion]
    found = {
        float(value)
        for condition in conditions
        if analyte is None or condition.params.get("analyte") == analyte
        if isinstance(value := condition.params.get(name), int | float)
    }
    return sorted(found)


def _steps(limits: list[float], below: float, unit: str) -> Iterator[tuple[float, str]]:
    """A value under each limit and one at the highest, with its words: `29 mL/min`, …, `60 mL/min or more`."""
    for limit in limits:
        yield limit - below, f"{shown(round(limit - below, 3))} {unit}"
    yield limits[-1], f"{shown(limits[-1])} {unit} or more"


def _clearance(asked: Asked) -> Iterator[Supposition]:
    # Without a weight nothing is computed, so the supposed clearance is the one that is used.
    for value, says in _steps(_limits(asked.knowledge, "kidney-below", "limit"), 1, "mL/min"):
        facts = _with(asked, (Analyte.CREATININE_CLEARANCE, value), drop=Analyte.WEIGHT)
        yield Supposition(says=f"creatinine clearance {says}", facts=facts)


def _neuropathy(asked: Asked) -> Iterator[Supposition]:
    for grade in range(4):
        for pain in (False, True) if grade else (None,):
            words = "" if pain is None else " with pain" if pain else " without pain"
            facts = _with(asked, (Analyte.NEUROPATHY_GRADE, grade), pain=pain)
            yield Supposition(says=f"neuropathy grade {grade}{words}", facts=facts)


def _pain(asked: Asked) -> Iterator[Supposition]:
    for pain, says in ((True, "the neuropathy is painful"), (False, "the neuropathy is not painful")):
        told = tuple(replace(m, with_pain=pain) if m.analyte is Analyte.NEUROPATHY_GRADE else m for m in asked.facts.measurements)
        yield Supposition(says=says, facts=replace(asked.facts, measurements=told))


def _heart(asked: Asked) -> Iterator[Supposition]:
    limits = _limits(asked.knowledge, "heart-function-poor", "lvef_below")
    limits += _limits(asked.knowledge, "measurement-below", "limit", Analyte.LVEF)
    for value, says in _steps(sorted(set(limits)), 1, "%"):
        yield Supposition(says=f"LVEF {says}", facts=_with(asked, (Analyte.LVEF, value), drop=Analyte.NYHA_CLASS))


def _count(analyte: Analyte, name: str) -> Suppose:
    def suppose(asked: Asked) -> Iterator[Supposition]:
        for value, says in _steps(_limits(asked.knowledge, "measurement-below", "limit", analyte), 0.01, "×10⁹/L"):
            yield Supposition(says=f"{name} {says}", facts=_with(asked, (analyte, value)))

    return suppose


def _pressure(asked: Asked) -> Iterator[Supposition]:
    for upper, lower in ((160.0, 100.0), (130.0, 80.0)):
        facts = _with(asked, (Analyte.SYSTOLIC_PRESSURE, upper), (Analyte.DIASTOLIC_PRESSURE, lower))
        yield Supposition(says=f"blood pressure {upper:g}/{lower:g} mmHg", facts=facts)


def _pregnancy(asked: Asked) -> Iterator[Supposition]:
    for value, says in ((0.0, "pregnancy test negative"), (1.0, "pregnancy test positive")):
        yield Supposition(says=says, facts=_with(asked, (Analyte.PREGNANCY_TEST, value)))


def _fitness(asked: Asked) -> Iterator[Supposition]:
    for value in (1.0, 3.0):
        yield Supposition(says=f"ECOG {value:g}", facts=_with(asked, (Analyte.ECOG, value), drop=Analyte.FRAILTY))


def _active(kind: ComorbidityKind) -> Suppose:
    def suppose(asked: Asked) -> Iterator[Supposition]:
        name = kind.replace("-", " ")
        for active, says in ((True, f"{name}: active"), (False, f"{name}: over")):
            told = tuple(
                replace(each, active=active) if each.kind is kind and each.active is None else each
                for each in asked.facts.comorbidities
            )
            yield Supposition(says=says, facts=replace(asked.facts, comorbidities=told))

    return suppose


def _abnormality(abnormality: Abnormality) -> Suppose:
    def suppose(asked: Asked) -> Iterator[Supposition]:
        for present, says in ((True, "found"), (False, "looked for and absent")):
            report = Cytogenetics(abnormality=abnormality, present=present, source=SUPPOSED)
            kept = tuple(each for each in asked.facts.cytogenetics if each.abnormality is not abnormality)
            yield Supposition(says=f"{abnormality} {says}", facts=replace(asked.facts, cytogenetics=(*kept, report)))

    return suppose


def _stop_reason(asked: Asked) -> Iterator[Supposition]:
    for reason in (StopReason.COMPLETED, StopReason.PROGRESSION, StopReason.TOXICITY):
        told = tuple(
            replace(each, stop_reason=reason) if each.stop_reason is StopReason.UNKNOWN and not each.ongoing else each
            for each in asked.facts.exposures
        )
        says = f"therapy without a stop reason: {reason}" if reason is StopReason.COMPLETED else f"it stopped for {reason}"
        yield Supposition(says=says, facts=replace(asked.facts, exposures=told))


def _relapse(asked: Asked) -> Iterator[Supposition]:
    today = PartialDate.day(asked.as_of)
    for response, says in ((Response.PD, "progression recorded today"), (Response.VGPR, "a very good partial response today")):
        event = DiseaseEvent(response=response, on=today, source=SUPPOSED)
        yield Supposition(says=says, facts=replace(asked.facts, events=(*asked.facts.events, event)))
    yield from (
        Supposition(says=f"every vague date meant its {which} day", facts=_sharpened(asked.facts, first=first))
        for which, first in (("first", True), ("last", False))
    )


def _sharpened(facts: PatientFacts, *, first: bool) -> PatientFacts:
    """The chart with the dates of diagnoses, relapses and transplants narrowed to one day of what was written."""

    def day(on: PartialDate | None) -> PartialDate | None:
        return on and PartialDate.day(on.earliest if first else on.latest)

    return replace(
        facts,
        diagnoses=tuple(replace(each, onset=day(each.onset), recorded=day(each.recorded)) for each in facts.diagnoses),
        events=tuple(replace(each, on=day(each.on)) for each in facts.events),
        transplants=tuple(replace(each, on=day(each.on)) for each in facts.transplants),
    )


def _age(asked: Asked) -> Iterator[Supposition]:
    for years in (50, 65, 80):
        born = PartialDate.year(asked.as_of.year - years - 1)
        patient = replace(asked.facts.patient, birth_date=born)
        yield Supposition(says=f"{years} years old", facts=replace(asked.facts, patient=patient))


def _sex(asked: Asked) -> Iterator[Supposition]:
    for sex in (Sex.FEMALE, Sex.MALE):
        yield Supposition(says=f"{sex}", facts=replace(asked.facts, patient=replace(asked.facts.patient, sex=sex)))


SUPPOSITIONS: Mapping[str, Suppose] = {
    "relapse-date": _relapse,
    "stop-reason": _stop_reason,
    "creatinine-clearance": _clearance,
    "neuropathy-grade": _neuropathy,
    "neuropathy-pain": _pain,
    "heart-function": _heart,
    "lvef": _heart,
    "neutrophils": _count(Analyte.NEUTROPHILS, "neutrophils"),
    "platelets": _count(Analyte.PLATELETS, "platelets"),
    "blood-pressure": _pressure,
    "pregnancy-status": _pregnancy,
    "fitness": _fitness,
    "infection": _active(ComorbidityKind.INFECTION),
    "corneal-disease": _active(ComorbidityKind.CORNEAL_DISEASE),
    "acute-kidney-injury": _active(ComorbidityKind.ACUTE_KIDNEY_INJURY),
    "t-11-14": _abnormality(Abnormality.T_11_14),
    "age": _age,
    "sex": _sex,
}
