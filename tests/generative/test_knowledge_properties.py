"""What must hold of the two policies for any chart: promises on refractoriness, kidneys, labels, missing data and order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service.knowledge.evaluation import Evaluation, Jurisdiction, Option, Outcome, Verdict
from cds_service.knowledge.evaluator import evaluate
from fhir_mappings.facts import (
    Abnormality,
    Analyte,
    Comorbidity,
    ComorbidityKind,
    Course,
    Cytogenetics,
    History,
    LineOfTherapy,
    Measurement,
    PartialDate,
    Patient,
    PatientFacts,
    Relapse,
    RelapseKind,
    Sex,
)
from tests.spec.specification import knowledge

AS_OF = date(2026, 11, 22)
DRUGS = [
    "bortezomib", "carfilzomib", "ixazomib", "thalidomide", "lenalidomide", "pomalidomide", "daratumumab", "isatuximab",
    "elotuzumab", "belantamab-mafodotin", "ciltacabtagene-autoleucel", "teclistamab", "talquetamab", "selinexor", "dexamethasone",
]  # fmt: skip
RANGES = {
    Analyte.CREATININE: (0.4, 8.0), Analyte.CREATININE_CLEARANCE: (5, 140), Analyte.WEIGHT: (35, 140), Analyte.LVEF: (15, 70),
    Analyte.NYHA_CLASS: (1, 4), Analyte.NEUROPATHY_GRADE: (0, 4), Analyte.NEUTROPHILS: (0.1, 6), Analyte.PLATELETS: (5, 400),
    Analyte.SYSTOLIC_PRESSURE: (90, 200), Analyte.ECOG: (0, 4), Analyte.EGFR: (5, 120),
}  # fmt: skip


def day(days: int) -> PartialDate:
    return PartialDate.day(AS_OF - timedelta(days=days))


@st.composite
def measurements(draw: st.DrawFn) -> tuple[Measurement, ...]:
    found = []
    for number, analyte in enumerate(draw(st.lists(st.sampled_from(sorted(RANGES)), max_size=12))):
        low, high = RANGES[analyte]
        whole = analyte in (Analyte.NYHA_CLASS, Analyte.NEUROPATHY_GRADE, Analyte.ECOG)
        value = draw(st.integers(int(low), int(high))) if whole else draw(st.floats(low, high).map(lambda v: round(v, 1)))
        found.append(
            Measurement(
                analyte=analyte,
                value=float(value),
                on=day(draw(st.integers(-5, 400))),
                with_pain=draw(st.sampled_from([None, True, False])) if analyte is Analyte.NEUROPATHY_GRADE else None,
                source=f"Observation/{number}",
            )
        )
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> tuple[PatientFacts, History]:
    lines = draw(st.lists(st.lists(st.sampled_from(DRUGS), min_size=1, max_size=4, unique=True), min_size=1, max_size=5))
    exposed = sorted({drug for line in lines for drug in line})
    refractory = draw(st.lists(st.sampled_from([d for d in exposed if d != "dexamethasone"] or ["bortezomib"]), unique=True))
    months = draw(st.one_of(st.none(), st.integers(0, 60)))
    kinds = draw(st.lists(st.sampled_from(sorted(ComorbidityKind)), max_size=3, unique=True))
    facts = PatientFacts(
        patient=Patient(
            id="any",
            sex=draw(st.sampled_from(Sex)),
            birth_date=draw(st.one_of(st.none(), st.integers(1930, 2000).map(PartialDate.year))),
        ),
        measurements=draw(measurements()),
        comorbidities=tuple(
            Comorbidity(kind=kind, active=draw(st.sampled_from([None, True, False])), source=f"Condition/{kind}")
            for kind in kinds
        ),
        cytogenetics=tuple(
            Cytogenetics(abnormality=Abnormality.T_11_14, present=present, source="Observation/fish")
            for present in draw(st.lists(st.booleans(), max_size=1))
        ),
    )
    history = History(
        course=Course.FIRST_RELAPSE if len(lines) == 1 else Course.LATER_RELAPSE,
        lines=tuple(LineOfTherapy(number=n, drugs=tuple(drugs)) for n, drugs in enumerate(lines, start=1)),
        exposed_to=tuple(exposed),
        refractory_to=tuple(sorted(d for d in refractory if d in exposed)),
        relapse=Relapse(on=day(20), kind=RelapseKind.CODED, months=months, early=None if months is None else months < 12),
    )
    return facts, history


@st.composite
def lenalidomide_is_next(draw: st.DrawFn) -> tuple[PatientFacts, History]:
    """Charts at first relapse after bortezomib, counts fit: what is left to decide is the rest."""
    facts, history = draw(cases())
    fit = tuple(m for m in facts.measurements if m.analyte not in (Analyte.NEUTROPHILS, Analyte.PLATELETS))
    weight = Measurement(analyte=Analyte.WEIGHT, value=80, on=day(3), source="Observation/weight")
    line = LineOfTherapy(number=1, drugs=("bortezomib", "dexamethasone"))
    return (
        replace(
            facts,
            patient=Patient(id="any", sex=Sex.MALE, birth_date=PartialDate.year(draw(st.integers(1935, 1970)))),
            measurements=(*fit, weight),
        ),
        replace(history, course=Course.FIRST_RELAPSE, lines=(line,), exposed_to=line.drugs, refractory_to=()),
    )


def judged(facts: PatientFacts, history: History, jurisdiction: Jurisdiction = Jurisdiction.US) -> Evaluation:
    return evaluate(facts, history, knowledge(), as_of=AS_OF, jurisdiction=jurisdiction)


def options(evaluation: Evaluation) -> dict[str, Option]:
    return {o.regimen: o for o in evaluation.current_practice.options} if evaluation.current_practice else {}


def possible(evaluation: Evaluation) -> set[str]:
    """Regimens that are recommended in any way."""
    return set(evaluation.switch_class.preferred) | {
        name for name, o in options(evaluation).items() if o.verdict is not Verdict.AVOID
    }


def settled(evaluation: Evaluation) -> set[str]:
    """Regimens offered with nothing left to check."""
    founding = evaluation.switch_class
    unchecked = set(founding.preferred) - {each.regimen for each in founding.check_first}
    suitable = {name for name, option in options(evaluation).items() if option.verdict is Verdict.SUITABLE}
    return unchecked | suitable


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from(DRUGS[:-1]))
def test_refractoriness_never_adds_a_regimen_with_the_drug(case: tuple[PatientFacts, History], drug: str) -> None:
    facts, history = case
    worse = replace(
        history,
        exposed_to=tuple(sorted({*history.exposed_to, drug})),
        refractory_to=tuple(sorted({*history.refractory_to, drug})),
        refractory_undecided=(),
    )
    assert not {name for name in possible(judged(facts, worse)) if drug in knowledge().regimens[name].drugs}


@settings(max_examples=80, deadline=None)
@given(lenalidomide_is_next(), st.floats(0.5, 4), st.floats(1, 4))
def test_more_creatinine_never_adds_lenalidomide_or_its_full_dose(
    case: tuple[PatientFacts, History], creatinine: float, factor: float
) -> None:
    facts, history = case
    others = tuple(m for m in facts.measurements if m.analyte not in (Analyte.CREATININE, Analyte.CREATININE_CLEARANCE))

    def at(value: float) -> Evaluation:
        taken = Measurement(analyte=Analyte.CREATININE, value=value, on=day(3), source="Observation/creatinine")
        return judged(replace(facts, measurements=(*others, taken)), history)

    before, after = at(creatinine), at(creatinine * factor)
    with_lenalidomide = {name for name, regimen in knowledge().regimens.items() if "lenalidomide" in regimen.drugs}
    assert settled(after) & with_lenalidomide <= settled(before) & with_lenalidomide
    assert _full_doses(after) <= _full_doses(before)


def _full_doses(evaluation: Evaluation) -> set[str]:
    return {dose.regimen for dose in evaluation.doses if dose.drug == "lenalidomide" and dose.text}


@settings(max_examples=80, deadline=None)
@given(cases())
def test_the_jurisdiction_changes_label_verdicts_only(case: tuple[PatientFacts, History]) -> None:
    us, eu = judged(*case), judged(*case, Jurisdiction.EU)
    assert us.measurements == eu.measurements
    assert us.switch_class.preferred == eu.switch_class.preferred
    assert us.switch_class.suppressed == eu.switch_class.suppressed
    ours, theirs = options(us), options(eu)
    assert ours.keys() == theirs.keys()
    for name, option in ours.items():
        if option.verdict is not theirs[name].verdict:
            open_label = {"label-undecided", "label-terms-not-seen"} & {*option.because, *theirs[name].because}
            assert open_label or Verdict.OFF_LABEL in (option.verdict, theirs[name].verdict)
            assert Verdict.AVOID not in (option.verdict, theirs[name].verdict)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_without_a_neuropathy_grade_nothing_becomes_settled(case: tuple[PatientFacts, History]) -> None:
    facts, history = case
    assert not _gained(facts, history, {Analyte.NEUROPATHY_GRADE})


@settings(max_examples=80, deadline=None)
@given(lenalidomide_is_next())
def test_without_the_kidneys_nothing_becomes_settled(case: tuple[PatientFacts, History]) -> None:
    facts, history = case
    assert not _gained(facts, history, {Analyte.CREATININE, Analyte.CREATININE_CLEARANCE})


@settings(max_examples=80, deadline=None)
@given(cases())
def test_without_the_heart_nothing_becomes_settled(case: tuple[PatientFacts, History]) -> None:
    facts, history = case
    assert not _gained(facts, history, {Analyte.LVEF, Analyte.NYHA_CLASS})


def _gained(facts: PatientFacts, history: History, analytes: set[Analyte]) -> set[str]:
    """What is settled only once every record of the analytes is gone."""
    lacking = replace(facts, measurements=tuple(m for m in facts.measurements if m.analyte not in analytes))
    return settled(judged(lacking, history)) - settled(judged(facts, history))


@settings(max_examples=80, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_records_never_matters(case: tuple[PatientFacts, History], random: Random) -> None:
    facts, history = case
    shuffled = list(facts.measurements)
    random.shuffle(shuffled)
    mixed = replace(facts, measurements=tuple(shuffled), comorbidities=tuple(reversed(facts.comorbidities)))
    assert judged(mixed, history) == judged(facts, history)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_an_evaluation_is_consistent(case: tuple[PatientFacts, History]) -> None:
    answer = judged(*case)
    founding = answer.switch_class
    places = [*founding.preferred, *(s.regimen for s in founding.suppressed), *(w.regimen for w in founding.why_not)]
    assert sorted(places) == sorted(knowledge().switch_class.regimens)
    assert all(each.because for each in (*founding.suppressed, *founding.why_not, *founding.check_first))
    assert all(option.because for option in options(answer).values())
    left = [o for o in options(answer).values() if o.verdict in (Verdict.SUITABLE, Verdict.CHECK_FIRST)]
    assert (answer.outcome is Outcome.NO_REGIMEN) == (not founding.preferred and not left)
