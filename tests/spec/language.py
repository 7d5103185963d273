"""The language of the clinical specification: a chart said in a few words, and the answer said in a few words.

A chart is a list of statements separated by commas (`man, age 70, creatinine 1.2, given bortezomib + dexamethasone`). A later
statement on the same thing replaces an earlier one, so that a chapter can say once what most of its charts share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from cds_service.knowledge.evaluation import Jurisdiction
from fhir_mappings.dates import partial_date
from fhir_mappings.facts import (
    Abnormality,
    Analyte,
    Comorbidity,
    ComorbidityKind,
    Conflict,
    Course,
    Cytogenetics,
    DrugExposure,
    History,
    LineOfTherapy,
    Measurement,
    PartialDate,
    Patient,
    PatientFacts,
    Problem,
    Relapse,
    RelapseKind,
    Sex,
)

AS_OF = date(2026, 11, 22)
ANALYTES = {a.value.replace("-", " "): a for a in Analyte} | {"nyha": Analyte.NYHA_CLASS}
CONDITIONS = {kind.value.replace("-", " "): kind for kind in ComorbidityKind}


def ago(days: int) -> PartialDate:
    """The day so many days before the day of judgement."""
    return PartialDate.day(AS_OF - timedelta(days=days))


@dataclass
class Chart:
    """What has been said so far."""

    sex: Sex = Sex.UNKNOWN
    birth: PartialDate | None = None
    measurements: dict[tuple[Analyte, int], list[Measurement]] = field(default_factory=dict)
    comorbidities: list[Comorbidity] = field(default_factory=list)
    cytogenetics: list[Cytogenetics] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    refractory: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    intolerant: list[str] = field(default_factory=list)
    toxicities: list[tuple[str, str]] = field(default_factory=list)
    last_given: list[tuple[str, PartialDate]] = field(default_factory=list)
    months: int | None = 24
    on_therapy: bool | None = None
    line_start: PartialDate | None = None
    relapse: bool = True
    course: Course | None = None
    jurisdiction: Jurisdiction = Jurisdiction.US

    def facts(self) -> PatientFacts:
        drugs = dict.fromkeys(drug for line in self.lines for drug in line)
        return PatientFacts(
            patient=Patient(id="spec", birth_date=self.birth, sex=self.sex),
            exposures=tuple(DrugExposure(drug=drug, sources=(f"MedicationStatement/{drug}",)) for drug in drugs),
            measurements=tuple(m for said in self.measurements.values() for m in said),
            comorbidities=tuple(self.comorbidities),
            cytogenetics=tuple(self.cytogenetics),
            conflicts=tuple(self.conflicts),
        )

    def history(self) -> History:
        course = self.course or (Course.FIRST_RELAPSE if len(self.lines) < 2 else Course.LATER_RELAPSE)
        months = self.months
        relapse = Relapse(
            on=ago(30),
            kind=RelapseKind.CODED,
            months=months,
            early=None if months is None else months < 12,
            on_therapy=self.on_therapy,
        )
        return History(
            course=course,
            lines=tuple(
                LineOfTherapy(number=n, drugs=drugs, start=self.line_start) for n, drugs in enumerate(self.lines, start=1)
            ),
            exposed_to=tuple(sorted({drug for line in self.lines for drug in line})),
            refractory_to=tuple(sorted(self.refractory)),
            refractory_undecided=tuple(sorted(self.undecided)),
            intolerant_to=tuple(sorted(self.intolerant)),
            toxicities=tuple(self.toxicities),
            last_given=tuple(self.last_given),
            relapse=relapse if self.relapse else None,
        )


def read_chart(*texts: str) -> Chart:
    """The chart that the statements describe. A statement that is not understood is an error of the chapter."""
    chart = Chart()
    for text in texts:
        for said in (part.strip() for part in re.split(r",\s+", text) if part.strip() and part.strip() != "—"):
            if not any(_say(chart, pattern, act, said) for pattern, act in STATEMENTS):
                raise ValueError(f"the specification does not understand {said!r}")
    return chart


def _say(chart: Chart, pattern: str, act: Callable[[Chart, re.Match[str]], bool | None], said: str) -> bool:
    match = re.fullmatch(pattern, said)
    return match is not None and act(chart, match) is not False


def _sex(chart: Chart, match: re.Match[str]) -> None:
    chart.sex = {"man": Sex.MALE, "woman": Sex.FEMALE, "sex unknown": Sex.UNKNOWN}[match[0]]


def _age(chart: Chart, match: re.Match[str]) -> None:
    chart.birth = PartialDate.day(AS_OF.replace(year=AS_OF.year - int(match[1])) - timedelta(days=30))


def _born(chart: Chart, match: re.Match[str]) -> None:
    chart.birth = PartialDate.year(int(match[1]))


def _measured(chart: Chart, match: re.Match[str]) -> bool | None:
    analyte = ANALYTES.get(match["what"])
    if analyte is None:
        return False
    number, days = float(match["number"]), int(match["days"] or 7)
    bounds = {"<": (0.0, number), ">": (number, None)}.get(match["comparator"] or "")
    pain = {" with pain": True, " without pain": False}.get(match["pain"] or "")
    result = Measurement(
        analyte=analyte,
        value=None if bounds or match["fault"] else number,
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
        on=ago(days),
        with_pain=pain,
        current=match["lasting"] is not None,
        problem=Problem.NO_UNIT if match["fault"] else None,
        source=f"Observation/{analyte}-{days}-{number:g}",
    )
    if match["again"]:
        chart.measurements.setdefault((analyte, days), []).append(result)
    else:
        chart.measurements[analyte, days if match["days"] else 0] = [result]
    return None


def _not_measured(chart: Chart, match: re.Match[str]) -> bool | None:
    analyte = ANALYTES.get(match[1])
    if analyte is None:
        return False
    for key in [key for key in chart.measurements if key[0] is analyte]:
        del chart.measurements[key]
    return None


def _condition(chart: Chart, match: re.Match[str]) -> bool | None:
    kind = CONDITIONS.get(match["what"])
    if kind is None:
        return False
    active = {"active": True, "past": False, None: True}.get(match["state"])
    onset = ago(int(match["days"])) if match["days"] else None
    chart.comorbidities.append(Comorbidity(kind=kind, active=active, onset=onset, source=f"Condition/{kind}"))
    return None


def _abnormality(chart: Chart, match: re.Match[str]) -> None:
    chart.cytogenetics.append(
        Cytogenetics(abnormality=Abnormality(match[1]), present=match[2] == "present", source="Observation/fish")
    )


def _drugs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" + "))


def _given(chart: Chart, match: re.Match[str]) -> None:
    if match[1] == "given":
        chart.lines.clear()
    chart.lines.append(_drugs(match[2]))


def _refractory(chart: Chart, match: re.Match[str]) -> None:
    (chart.undecided if match[1] else chart.refractory).extend(_drugs(match[2]))


def _intolerant(chart: Chart, match: re.Match[str]) -> None:
    if match[1] == "intolerant of":
        chart.intolerant.append(match[2])
    if match[3]:
        chart.toxicities.append((match[2], match[3].replace(" ", "-")))


def _last(chart: Chart, match: re.Match[str]) -> None:
    chart.last_given.append((match[1], ago(int(match[2]))))


def _relapse(chart: Chart, match: re.Match[str]) -> None:
    chart.months = None if match[1] == "an unknown time" else int(match[1].split()[0])


def _progression(chart: Chart, match: re.Match[str]) -> None:
    chart.on_therapy = match[1] == "on"


def _line_start(chart: Chart, match: re.Match[str]) -> None:
    chart.line_start = partial_date(match[1])


def _no_relapse(chart: Chart, _match: re.Match[str]) -> None:
    chart.relapse = False


def _course(chart: Chart, match: re.Match[str]) -> None:
    chart.course = Course(match[1])


def _conflict(chart: Chart, match: re.Match[str]) -> None:
    chart.conflicts.append(Conflict(code=match[2], decides=match[1] == "deciding"))


def _jurisdiction(chart: Chart, match: re.Match[str]) -> None:
    chart.jurisdiction = Jurisdiction(match[1])


VALUE = (
    r"(?P<again>also )?(?P<lasting>lasting )?(?P<what>[a-z -]+?) (?P<comparator>[<>])?(?P<number>\d+(?:\.\d+)?)"
    r"(?P<pain> with pain| without pain)?(?P<fault> without a unit)?(?: (?P<days>\d+) days ago)?"
)
STATEMENTS: tuple[tuple[str, Callable[[Chart, re.Match[str]], bool | None]], ...] = (
    (r"man|woman|sex unknown", _sex),
    (r"age (\d+)", _age),
    (r"born in (\d{4})", _born),
    (r"in the (US|EU)", _jurisdiction),
    (r"(given|then) ([a-z\d +-]+)", _given),
    (r"(perhaps )?refractory to ([a-z +-]+)", _refractory),
    (r"(intolerant of|harmed by) ([a-z-]+)(?: \((.+)\))?", _intolerant),
    (r"last ([a-z-]+) (\d+) days ago", _last),
    (r"relapse after (\d+ months|an unknown time)", _relapse),
    (r"progression (on|after) the last therapy", _progression),
    (r"therapy started (\d{4}(?:-\d{2}){0,2})", _line_start),
    (r"no relapse recorded", _no_relapse),
    (r"course ([a-z-]+)", _course),
    (r"(deciding|minor) conflict ([a-z-]+)", _conflict),
    (r"(t\(11;14\)|del\(17p\)) (present|absent)", _abnormality),
    (r"no ([a-z -]+)", _not_measured),
    (VALUE, _measured),
    (r"(?:(?P<state>active|past|perhaps) )?(?P<what>[a-z -]+?)(?: (?P<days>\d+) days ago)?", _condition),
)
