"""Criteria on the patient's state: measurements, organs, illnesses, fitness, pregnancy and cytogenetics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from cds_service.knowledge import kidney
from cds_service.knowledge.case import Case
from cds_service.knowledge.evaluation import Grounds, UsedMeasurement
from cds_service.knowledge.judgement import Judgement, decided, met, not_met, unknown
from cds_service.knowledge.logic import Truth, any_of
from cds_service.knowledge.questions import Criterion, Question
from fhir_mappings.facts import Abnormality, Analyte, Comorbidity, ComorbidityKind, Sex
from fhir_mappings.facts.partial_date import PartialDate


def below(used: UsedMeasurement, limit: float) -> bool | None:
    """Whether a value is below a limit; None when its interval lies on both sides."""
    low, high = (used.value, used.value) if used.value is not None else (used.low, used.high)
    if high is not None and high < limit:
        return True
    # A written "<30" is the interval up to 30 without 30 itself.
    if used.value is None and high is not None and high == limit and low != high:
        return True
    return False if low is not None and low >= limit else None


def ground(used: UsedMeasurement) -> tuple[Grounds, ...]:
    """The measurement as something a finding rests on."""
    shown = _number(used.value)
    if used.value is None:
        shown = f"at least {_number(used.low)}" if used.high is None else f"{_number(used.low)}–{_number(used.high)}"
    return (Grounds(what=str(used.analyte), value=shown, unit=used.unit, on=used.on, sources=used.sources),)


def _number(value: float | None) -> str:
    return "?" if value is None else f"{round(value, 1):g}"


def _limit(question: Question, name: str = "limit") -> float:
    return float(question.number(name))


def measurement_below(case: Case, question: Question) -> Judgement:
    """The value used for `analyte` is below `limit`, in the canonical unit."""
    analyte = Analyte(question.text("analyte"))
    used = case.used(analyte)
    if used is None:
        return unknown(str(analyte))
    return decided(below(used, _limit(question)), name=str(analyte), grounds=ground(used))


def kidney_below(case: Case, question: Question) -> Judgement:
    """On dialysis, or creatinine clearance below `limit` mL/min."""
    dialysis = _active(case.comorbidities(ComorbidityKind.DIALYSIS), lasting=True)
    if dialysis.truth is Truth.MET:
        return met("dialysis", dialysis.grounds)
    used = case.used(Analyte.CREATININE_CLEARANCE)
    name = str(Analyte.CREATININE_CLEARANCE)
    if used is None:
        lacking = kidney.missing_for_clearance(case.facts.patient, case.readings, as_of=case.as_of)
        return unknown(name, *(n for n in lacking if n != "creatinine"))
    verdict = decided(below(used, _limit(question)), name=name, grounds=ground(used))
    recorded = case.recorded_clearance
    if verdict.truth is Truth.NOT_MET and recorded is not None and below(recorded, _limit(question)) is not False:
        # A measured clearance below the limit beside a computed one above it: neither may be overlooked.
        return unknown(name, grounds=(*ground(used), *ground(recorded)))
    return verdict


def kidney_injury(case: Case, question: Question) -> Judgement:
    """Acute kidney injury recorded as active, or the latest creatinine at least `ratio` times the lowest one of the last `days`
    days."""
    recorded = _active(case.comorbidities(ComorbidityKind.ACUTE_KIDNEY_INJURY))
    if recorded.truth is Truth.MET:
        return recorded
    first = case.as_of - timedelta(days=_limit(question, "days"))
    results = [
        m.value
        for m in case.facts.measurements
        if m.analyte is Analyte.CREATININE and m.value is not None and m.problem is None
        if m.on is not None and first <= m.on.earliest <= case.as_of
    ]
    used = case.used(Analyte.CREATININE)
    if used is not None and used.value is not None and results:
        lowest = min(results)
        # Rounded, because 1.2 mg/dL is exactly one and a half times 0.8, and not so in binary.
        if lowest > 0 and round(used.value / lowest, 6) >= _limit(question, "ratio"):
            return met("creatinine-rising", ground(used))
    return recorded


def neuropathy_at_least(case: Case, question: Question) -> Judgement:
    """CTCAE grade of at least `grade`, or of at least `grade_with_pain` with pain."""
    used = case.used(Analyte.NEUROPATHY_GRADE)
    name = str(Analyte.NEUROPATHY_GRADE)
    if used is None:
        return unknown(name)
    plain, painful = _at_least(used, _limit(question, "grade")), _at_least(used, _limit(question, "grade_with_pain"))
    grade = _least(used)
    if plain:
        return met(f"neuropathy-grade-{grade}" if grade else None, ground(used))
    if painful is False or (plain is False and used.with_pain is False):
        return not_met(ground(used))
    if painful and used.with_pain:
        return met(f"neuropathy-grade-{grade}-with-pain" if grade else None, ground(used))
    return unknown("neuropathy-pain" if used.value is not None else name, grounds=ground(used))


def _least(used: UsedMeasurement) -> str:
    """The grade that is there at the least, for a reason's code; empty where only an interval is known."""
    if used.value is None and used.high is not None:
        return ""
    return _number(used.value if used.value is not None else used.low)


def _at_least(used: UsedMeasurement, limit: float) -> bool | None:
    low, high = (used.value, used.value) if used.value is not None else (used.low, used.high)
    if low is not None and low >= limit:
        return True
    return False if high is not None and high < limit else None


def heart_function_poor(case: Case, question: Question) -> Judgement:
    """Ejection fraction below `lvef_below`, or NYHA class of at least `nyha_at_least`. One of the two is enough to know, except
    with active heart failure or cardiomyopathy: then the class must be known, since a good ejection fraction clears neither."""
    lvef, nyha = case.used(Analyte.LVEF), case.used(Analyte.NYHA_CLASS)
    weak = below(lvef, _limit(question, "lvef_below")) if lvef else None
    failing = _at_least(nyha, _limit(question, "nyha_at_least")) if nyha else None
    grounds = (ground(lvef) if lvef else ()) + (ground(nyha) if nyha else ())
    if failing and nyha is not None:
        grade = _least(nyha)
        return met(f"heart-failure-nyha-{grade}" if grade else None, ground(nyha))
    if weak and lvef is not None:
        return met(f"lvef-below-{question.number('lvef_below'):g}", ground(lvef))
    known = [answer for used, answer in ((lvef, weak), (nyha, failing)) if used is not None]
    recorded = case.comorbidities(ComorbidityKind.HEART_FAILURE) + case.comorbidities(ComorbidityKind.CARDIOMYOPATHY)
    heart_ill = _active(recorded, lasting=True)
    if heart_ill.truth is Truth.MET and failing is None:
        return unknown("heart-function", grounds=grounds + heart_ill.grounds)
    return not_met(grounds) if known and None not in known else unknown("heart-function", grounds=grounds)


def recent_event(case: Case, question: Question) -> Judgement:
    """A record of the condition `kind` that began within the last `months` months."""
    answers = [_within(case, record, int(_limit(question, "months"))) for record in case.comorbidities(_kind(question))]
    grounds = _recorded(case.comorbidities(_kind(question)))
    if True in answers:
        return met(None, grounds)
    return unknown(question.text("missing"), grounds=grounds) if None in answers else not_met(grounds)


def _within(case: Case, record: Comorbidity, months: int) -> bool | None:
    if record.onset is None:
        return None
    year, month = divmod(case.as_of.year * 12 + case.as_of.month - 1 - months, 12)
    start = PartialDate.month(year, month + 1)
    first = start.earliest.replace(day=min(case.as_of.day, start.latest.day))
    if record.onset.earliest >= first:
        return True
    return False if record.onset.latest < first else None


def condition_active(case: Case, question: Question) -> Judgement:
    """A record of the condition `kind` that says it is active. No record counts as no such condition; a record that does not say
    counts as `unstated` says: active (a lasting state) or unknown (a passing one)."""
    return _active(case.comorbidities(_kind(question)), lasting=question.text("unstated") == "active")


def condition_recorded(case: Case, question: Question) -> Judgement:
    """Any record of the condition `kind`, active or past."""
    records = case.comorbidities(_kind(question))
    return met(None, _recorded(records)) if records else not_met()


def _kind(question: Question) -> ComorbidityKind:
    return ComorbidityKind(question.text("kind"))


def _active(records: tuple[Comorbidity, ...], *, lasting: bool = False) -> Judgement:
    """`lasting`: a state that does not pass by itself is there until a record says that it ended."""
    present = tuple(r for r in records if r.active or (lasting and r.active is None))
    if present:
        return met(None, _recorded(present))
    open_records = tuple(record for record in records if record.active is None)
    return unknown(str(open_records[0].kind), grounds=_recorded(open_records)) if open_records else not_met()


def _recorded(records: tuple[Comorbidity, ...]) -> tuple[Grounds, ...]:
    return tuple(Grounds(what=str(r.kind), on=r.onset, sources=(r.source,)) for r in sorted(records, key=lambda r: r.source))


def blood_pressure_uncontrolled(case: Case, question: Question) -> Judgement:
    """Systolic or diastolic pressure of at least the limits (mmHg) at the last reading. One that is high is enough; both must be
    known to rule it out."""
    pairs = ((case.used(Analyte.SYSTOLIC_PRESSURE), "systolic"), (case.used(Analyte.DIASTOLIC_PRESSURE), "diastolic"))
    truth = any_of(Truth.of(_at_least(used, _limit(question, name)) if used else None) for used, name in pairs)
    missing = ("blood-pressure",) if truth is Truth.UNKNOWN else ()
    return Judgement(truth=truth, unknown=missing, grounds=tuple(g for used, _ in pairs if used for g in ground(used)))


def age_at_least(case: Case, question: Question) -> Judgement:
    """At least `years` completed years old."""
    bounds = case.age
    if bounds is None:
        return unknown("age")
    grounds = (Grounds(what="age", value=str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]}–{bounds[1]}"),)
    years = _limit(question, "years")
    return decided(True if bounds[0] >= years else False if bounds[1] < years else None, name="age", grounds=grounds)


def frail(case: Case, question: Question) -> Judgement:
    """IMWG frailty index of at least `frailty`, or ECOG performance status of at least `ecog`."""
    pairs = ((case.used(Analyte.FRAILTY), "frailty"), (case.used(Analyte.ECOG), "ecog"))
    answers = [(_at_least(used, _limit(question, name)), used) for used, name in pairs if used is not None]
    for answer, used in answers:
        if answer:
            return met(None, ground(used))
    if not answers or any(answer is None for answer, _ in answers):
        return unknown("fitness")
    return not_met(tuple(g for _, used in answers for g in ground(used)))


def pregnancy(case: Case, question: Question) -> Judgement:
    """Pregnant, by record or test. Ruled out by male sex, an age of `not_after_age` or more, a record that childbearing is not
    possible, or a fresh negative test."""
    carrying = _active(case.comorbidities(ComorbidityKind.PREGNANCY))
    test = case.used(Analyte.PREGNANCY_TEST)
    if carrying.truth is Truth.MET or (test is not None and test.value == 1):
        return met(None, carrying.grounds or (ground(test) if test else ()))
    possible = childbearing_possible(case, question)
    if possible.truth is Truth.NOT_MET or (test is not None and test.value == 0):
        return not_met(possible.grounds or (ground(test) if test else ()))
    return unknown("pregnancy-status", grounds=carrying.grounds)


def childbearing_possible(case: Case, question: Question) -> Judgement:
    """A woman below `not_after_age` without a record that childbearing is not possible."""
    ruled_out = _recorded(case.comorbidities(ComorbidityKind.CHILDBEARING_NOT_POSSIBLE))
    bounds, sex = case.age, case.facts.patient.sex
    if sex is Sex.MALE or ruled_out or (bounds is not None and bounds[0] >= _limit(question, "not_after_age")):
        return not_met(ruled_out)
    young = bounds is not None and bounds[1] < _limit(question, "not_after_age")
    return met() if young and sex is Sex.FEMALE else unknown("pregnancy-status")


def abnormality_present(case: Case, question: Question) -> Judgement:
    """The cytogenetic `abnormality` was found. Found once it stays; reports that never looked leave it unknown."""
    abnormality = Abnormality(question.text("abnormality"))
    name = abnormality.replace("(", "-").replace(")", "").replace(";", "-")
    reports = [c for c in case.facts.cytogenetics if c.abnormality is abnormality]
    grounds = tuple(Grounds(what=str(abnormality), on=c.on, sources=(c.source,)) for c in reports)
    if any(c.present for c in reports):
        return met(f"{name}-present", grounds)
    return not_met(grounds) if any(c.present is False for c in reports) else unknown(name)


def _criterion(judge: Callable[[Case, Question], Judgement], *params: str) -> Criterion:
    return Criterion(judge=judge, params=params)


HEALTH_CRITERIA: Mapping[str, Criterion] = {
    "measurement-below": _criterion(measurement_below, "analyte", "limit"),
    "kidney-below": _criterion(kidney_below, "limit"),
    "kidney-injury": _criterion(kidney_injury, "ratio", "days"),
    "neuropathy-at-least": _criterion(neuropathy_at_least, "grade", "grade_with_pain"),
    "heart-function-poor": _criterion(heart_function_poor, "lvef_below", "nyha_at_least"),
    "recent-event": _criterion(recent_event, "kind", "months", "missing"),
    "condition-active": _criterion(condition_active, "kind", "unstated"),
    "condition-recorded": _criterion(condition_recorded, "kind"),
    "blood-pressure-uncontrolled": _criterion(blood_pressure_uncontrolled, "systolic", "diastolic"),
    "age-at-least": _criterion(age_at_least, "years"),
    "frail": _criterion(frail, "frailty", "ecog"),
    "pregnancy": _criterion(pregnancy, "not_after_age"),
    "childbearing-possible": _criterion(childbearing_possible, "not_after_age"),
    "abnormality-present": _criterion(abnormality_present, "abnormality"),
}
