"""What happened, as a timeline tells it: lanes of drugs by class, lines of therapy, transplants, responses and the relapse.

Every event carries the sentence that a person hovering over it, or a screen reader, is given: what, when, source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cds_service.knowledge.evaluation import Evaluation
from cds_service.knowledge.model import Knowledge
from cds_service.markdown import clean
from cds_service.phrases import phrase
from cds_service.suggestions import drug_name
from fhir_mappings.facts import DrugExposure, LineOfTherapy, PartialDate, PatientFacts, Purpose, Source
from fhir_mappings.therapy_history import courses_of

MOST_SOURCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that lasted. `start` to `end` is certain; the margins before and after it are where a vague date leaves it open.
    `inferred`: a record does not say it in so many words."""

    earliest: date
    start: date
    end: date
    latest: date
    label: str
    says: str
    ongoing: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened on one day, or between two when the date is vague."""

    earliest: date
    latest: date
    label: str
    says: str
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row. `group` is the heading it stands under: a drug class, or nothing."""

    title: str
    kind: str  # line, drug, transplant, response
    group: str = ""
    spans: tuple[Span, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """`relapse` is drawn across all lanes; `remission` is the stretch from its anchor to it, with the months in its label.
    `undated` are sentences on what has no place in time."""

    first: date
    last: date
    lanes: tuple[Lane, ...]
    relapse: Moment | None = None
    remission: Span | None = None
    undated: tuple[str, ...] = ()


def timeline_of(facts: PatientFacts, evaluation: Evaluation, knowledge: Knowledge) -> Timeline:
    """The timeline up to the day on which the chart was judged. Empty lanes are left out."""
    as_of = evaluation.as_of
    courses = courses_of(facts, as_of=as_of)
    lanes = [
        _lines_lane(evaluation.history.lines, as_of),
        *_drug_lanes(courses, knowledge, as_of),
        _transplant_lane(facts),
        _response_lane(facts),
    ]
    kept = tuple(lane for lane in lanes if lane.spans or lane.moments)
    relapse, remission = _relapse(evaluation)
    held: list[Span | Moment] = [each for each in (relapse, remission) if each]
    for lane in kept:
        held += [*lane.spans, *lane.moments]
    days = [day for each in held for day in (each.earliest, each.latest)]
    return Timeline(
        first=min(days, default=as_of),
        last=max([*days, as_of]),
        lanes=kept,
        relapse=relapse,
        remission=remission,
        undated=tuple(_undated(courses, facts)),
    )


def sources_in_words(sources: Iterable[Source]) -> str:
    """Resource references for a label; their ids come from the chart and are cleaned and cut."""
    given = list(sources)
    more = f" and {len(given) - MOST_SOURCES} more" if len(given) > MOST_SOURCES else ""
    return f" ({', '.join(clean(source, limit=80) for source in given[:MOST_SOURCES])}{more})" if given else ""


def _span(
    start: PartialDate | None, end: PartialDate | None, as_of: date, *, label: str, says: str, ongoing: bool, inferred: bool
) -> Span | None:
    """None without any date. A missing end is the last day that is known: today while it goes on, else the start."""
    begins, ends = start or end, end or (PartialDate.day(as_of) if ongoing else start)
    if begins is None or ends is None:
        return None
    certain_start, certain_end = begins.latest, ends.earliest
    if certain_start > certain_end:
        certain_start = certain_end = min(max(certain_end, begins.earliest), ends.latest)
    return Span(
        earliest=min(begins.earliest, certain_start),
        start=certain_start,
        end=certain_end,
        latest=max(ends.latest, certain_end),
        label=label,
        says=says,
        ongoing=ongoing,
        inferred=inferred,
    )


def _period(start: PartialDate | None, end: PartialDate | None, *, ongoing: bool) -> str:
    return f"{start or 'start not recorded'} to {end or ('now' if ongoing else 'end not recorded')}"


def _lines_lane(lines: Iterable[LineOfTherapy], as_of: date) -> Lane:
    spans = []
    for line in lines:
        inferred = "; ".join(phrase("inferred", code) for code in line.inferred)
        drugs = " + ".join(drug_name(drug) for drug in line.drugs)
        says = (
            f"Line {line.number}: {drugs}, {_period(line.start, line.end, ongoing=line.ongoing)}; "
            f"{'still given' if line.ongoing else phrase('ending', line.end_reason.value)}"
            f"{f'; inferred: {inferred}' if inferred else ''}{sources_in_words(line.sources)}"
        )
        spans.append(
            _span(
                line.start, line.end, as_of, label=f"Line {line.number}", says=says, ongoing=line.ongoing, inferred=bool(inferred)
            )
        )
    return Lane(title="Lines of therapy", kind="line", spans=tuple(span for span in spans if span))


def _drug_lanes(courses: Iterable[DrugExposure], knowledge: Knowledge, as_of: date) -> Iterator[Lane]:
    """One lane per drug, drugs of one class together, classes in the order of the drug table."""
    by_drug: dict[str, list[DrugExposure]] = {}
    for course in courses:
        by_drug.setdefault(course.drug, []).append(course)
    known = knowledge.drugs
    classes = {drug: (known[drug].drug_class if drug in known else None) for drug in by_drug}
    first_of_class = {
        drug_class: min(known[drug].order for drug in known if known[drug].drug_class is drug_class)
        for drug_class in set(classes.values())
        if drug_class
    }

    def place(drug: str) -> tuple[int, int, str]:
        drug_class = classes[drug]
        return (first_of_class[drug_class] if drug_class else 999, known[drug].order if drug in known else 999, drug)

    for drug in sorted(by_drug, key=place):
        drug_class = classes[drug]
        note = knowledge.classes.get(drug_class) if drug_class else None
        group = note.title if note else (drug_class or "other").replace("-", " ")
        spans = (_course_span(course, as_of) for course in by_drug[drug])
        yield Lane(title=drug_name(drug), kind="drug", group=group, spans=tuple(span for span in spans if span))


def _course_span(course: DrugExposure, as_of: date) -> Span | None:
    parts = [f"{drug_name(course.drug)}, {_period(course.start, course.end, ongoing=course.ongoing)}"]
    if course.purpose not in (Purpose.MYELOMA, Purpose.UNKNOWN):
        parts.append(f"given for {course.purpose.replace('-', ' ')}")
    if course.maintenance:
        parts.append("maintenance")
    if not course.ongoing:
        parts.append(phrase("ending", course.stop_reason.value))
    if course.toxicity:
        parts.append(course.toxicity.replace("-", " "))
    parts += [f"inferred: {phrase('inferred', code)}" for code in course.inferred]
    open_end = course.end is None and not course.ongoing
    return _span(
        course.start,
        course.end,
        as_of,
        label=drug_name(course.drug),
        says="; ".join(parts) + sources_in_words(course.sources),
        ongoing=course.ongoing,
        inferred=bool(course.inferred) or open_end or course.start is None,
    )


def _transplant_lane(facts: PatientFacts) -> Lane:
    moments = [
        Moment(
            earliest=each.on.earliest,
            latest=each.on.latest,
            label="transplant",
            says=f"{_kind(each.autologous)}{' (tandem)' if each.tandem else ''} stem-cell transplant, {each.on}"
            + sources_in_words([each.source]),
        )
        for each in facts.transplants
        if each.on
    ]
    return Lane(title="Transplant", kind="transplant", moments=tuple(moments))


def _kind(autologous: bool) -> str:
    return "Autologous" if autologous else "Allogeneic"


def _response_lane(facts: PatientFacts) -> Lane:
    moments = [
        Moment(
            earliest=each.on.earliest,
            latest=each.on.latest,
            label=each.response.value,
            says=f"Recorded response {each.response}, {each.on}{sources_in_words([each.source])}",
        )
        for each in facts.events
        if each.on
    ]
    return Lane(title="Response", kind="response", moments=tuple(moments))


def _relapse(evaluation: Evaluation) -> tuple[Moment | None, Span | None]:
    relapse = evaluation.history.relapse
    if relapse is None or relapse.on is None:
        return None, None
    kind = phrase("relapse", relapse.kind.value)
    moment = Moment(
        earliest=relapse.on.earliest,
        latest=relapse.on.latest,
        label="relapse",
        says=f"Relapse {relapse.on} ({kind}){sources_in_words(relapse.sources)}",
        inferred=relapse.kind.value == "biochemical",
    )
    if relapse.anchor_date is None or relapse.months is None:
        return moment, None
    early = "early, under 12 months" if relapse.early else "not early"
    anchor = f"{phrase('anchor', relapse.anchor or '')} {relapse.anchor_date}"
    says = f"{relapse.months} complete months from {anchor} to relapse: {early}"
    span = _span(
        relapse.anchor_date,
        relapse.on,
        evaluation.as_of,
        label=f"{relapse.months} months",
        says=says,
        ongoing=False,
        inferred=False,
    )
    return moment, span


def _undated(courses: Iterable[DrugExposure], facts: PatientFacts) -> Iterator[str]:
    for course in courses:
        if course.start is None and course.end is None:
            yield f"{drug_name(course.drug)}: no date{sources_in_words(course.sources)}"
    for transplant in facts.transplants:
        if transplant.on is None:
            yield f"Transplant: no date{sources_in_words([transplant.source])}"
    for event in facts.events:
        if event.on is None:
            yield f"Response {event.response}: no date{sources_in_words([event.source])}"
