"""Where the disease stands after the last line: in response, on treatment, relapsed, or not to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fhir_mappings.dates import add_months, complete_months
from fhir_mappings.definitions import definitions
from fhir_mappings.disease import Claim, response_claims
from fhir_mappings.facts import Conflict, Course, PartialDate, PatientFacts, Relapse, Response
from fhir_mappings.facts.frozen import frozen
from fhir_mappings.lines import Draft
from fhir_mappings.refractoriness import progressed_on
from fhir_mappings.therapy_order import Therapy


@frozen()
class Standing:
    """The course of the disease, the relapse if there is one, and what keeps it open."""

    course: Course
    relapse: Relapse | None = None
    unknown: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@frozen()
class Evidence:
    """The claims of progression and of response, sorted for the question whether the last line has failed."""

    progressed: list[Claim]
    responded: list[Claim]
    since: date | None  # after this day a progression is one of the last line

    @classmethod
    def of(cls, facts: PatientFacts, therapy: Therapy, as_of: date) -> Evidence:
        first = therapy.drafts[0].start if therapy.drafts else None
        responded = [claim for claim in response_claims(facts, first) if claim.on is None or claim.on.earliest <= as_of]
        return cls(progressed=therapy.claims, responded=responded, since=_since(therapy.drafts))

    def progressions(self, drafts: Sequence[Draft]) -> list[PartialDate]:
        """Every dated progression; one written down just after a later line began is dated to its first day."""
        late = timedelta(days=definitions("lines")["progression_recorded_late_days"])
        found = []
        for claim in self.progressed:
            if claim.on is not None:
                led_to = next((draft for draft in drafts[1:] if draft.start < claim.on.earliest <= draft.start + late), None)
                found.append(PartialDate.day(led_to.start) if led_to else claim.on)
        return found


def _since(drafts: Sequence[Draft]) -> date | None:
    if not drafts:
        return None
    late = timedelta(days=definitions("lines")["progression_recorded_late_days"] if len(drafts) > 1 else 0)
    return drafts[-1].start + late


def standing(facts: PatientFacts, therapy: Therapy, evidence: Evidence, as_of: date) -> Standing:
    """Decide the course of a patient with myeloma."""
    if evidence.since is None or not any(draft.courses for draft in therapy.drafts):
        return _without_lines(facts, therapy, evidence)
    after = [claim for claim in evidence.progressed if claim.on is not None and claim.on.latest > evidence.since]
    if any(claim.on is not None and claim.on.earliest <= evidence.since for claim in after):
        return Standing(course=Course.DATES_UNDECIDABLE, unknown=("relapse-date",))
    live = [claim for claim in after if not _superseded(claim, evidence.responded)]
    if live:
        return _relapsed(min(live, key=_best_dated), live, therapy, evidence, as_of)
    if any(claim.on is None for claim in evidence.progressed) and not after:
        return _undated_relapse(therapy, evidence)
    primary = _never_responded(facts, therapy, evidence)
    if primary is not None:
        return _relapsed(primary, [primary], therapy, evidence, as_of)
    if _unsure_signs(therapy, evidence):
        return Standing(course=Course.RELAPSE_NOT_ESTABLISHED, unknown=("relapse-date",))
    return Standing(course=Course.IN_REMISSION if evidence.responded else Course.ON_TREATMENT)


def _best_dated(claim: Claim) -> tuple[int, date, tuple[str, ...]]:
    return claim.rank, claim.on.earliest if claim.on else date.max, claim.sources


def _superseded(claim: Claim, responses: Sequence[Claim]) -> bool:
    return any(
        each.on is not None and claim.on is not None and each.on.after(claim.on) is True and each.on != claim.on
        for each in responses
    )


def _without_lines(facts: PatientFacts, therapy: Therapy, evidence: Evidence) -> Standing:
    treated = bool(therapy.drafts or therapy.unplaced or therapy.undated_transplant or facts.unnamed_therapies)
    if evidence.progressed or therapy.unsure:
        if therapy.unplaced:
            return Standing(course=Course.DATES_UNDECIDABLE, unknown=("relapse-date", "therapy-history"))
        return Standing(course=Course.HISTORY_MISSING, unknown=("therapy-history",))
    if evidence.responded:
        return Standing(course=Course.IN_REMISSION)
    return Standing(course=Course.ON_TREATMENT if treated else Course.NEWLY_DIAGNOSED)


def _undated_relapse(therapy: Therapy, evidence: Evidence) -> Standing:
    """A relapse without a usable date. When a later line is being given, it is the relapse that the line treats."""
    if len(therapy.drafts) > 1 and any(course.ongoing for course in therapy.drafts[-1].courses):
        return Standing(course=Course.IN_REMISSION if evidence.responded else Course.ON_TREATMENT)
    claim = min((each for each in evidence.progressed if each.on is None), key=_best_dated)
    relapse = Relapse(on=None, kind=claim.kind, sources=claim.sources)
    return Standing(course=Course.DATES_UNDECIDABLE, relapse=relapse, unknown=("relapse-date",))


def _never_responded(facts: PatientFacts, therapy: Therapy, evidence: Evidence) -> Claim | None:
    """Primary refractory disease: the first line is over and stable disease was the best that was ever reached."""
    if len(therapy.drafts) > 1 or evidence.responded or any(course.ongoing for course in therapy.drafts[0].courses):
        return None
    stable = [
        each for each in facts.events if each.response is Response.SD and each.on and each.on.earliest > therapy.drafts[0].start
    ]
    if not stable:
        return None
    last = max(stable, key=lambda each: (each.on.earliest if each.on else date.min, each.source))
    return Claim(on=last.on, rank=1, sources=(last.source,))


def _unsure_signs(therapy: Therapy, evidence: Evidence) -> bool:
    since = evidence.since or date.min
    return any(
        claim.on is None or (claim.on.latest > since and not _superseded(claim, evidence.responded)) for claim in therapy.unsure
    )


def _relapsed(best: Claim, live: Sequence[Claim], therapy: Therapy, evidence: Evidence, as_of: date) -> Standing:
    conflicts = _clashes(live, evidence.responded)
    relapse = _with_anchor(best, therapy.drafts, as_of)
    undecided = therapy.undecidable or bool(therapy.unplaced)
    unknown = (*(("relapse-date",) if relapse.early is None else ()), *(("therapy-history",) if undecided else ()))
    first = len(therapy.drafts) == 1
    if undecided or (first and relapse.early is None):
        return Standing(course=Course.DATES_UNDECIDABLE, relapse=relapse, unknown=unknown, conflicts=conflicts)
    return Standing(
        course=Course.FIRST_RELAPSE if first else Course.LATER_RELAPSE, relapse=relapse, unknown=unknown, conflicts=conflicts
    )


def _clashes(live: Sequence[Claim], responses: Sequence[Claim]) -> tuple[Conflict, ...]:
    """A response and a progression of one day: which holds cannot be told. A remission whose record has no date of its own is
    shown beside the dated relapse, and does not outweigh it."""
    found = []
    for claim in live:
        for response in responses:
            same_day = response.on is not None and claim.on is not None and response.on == claim.on and claim.rank <= 1
            if same_day or (response.on is None and response.rank == 0):
                sources = tuple(sorted({*claim.sources, *response.sources}))
                found.append(Conflict(code="remission-and-relapse", decides=same_day, sources=sources))
    return tuple(found)


def _with_anchor(claim: Claim, drafts: Sequence[Draft], as_of: date) -> Relapse:
    """Time to relapse: from the transplant of the line, else from its start, in complete calendar months; early is
    strictly below 12."""
    on, line = claim.on or PartialDate.day(as_of), drafts[-1]
    infused = [each.on for each in line.transplants if each.on]
    shown: PartialDate | None
    if infused:
        anchor, name = max(infused, key=lambda each: each.earliest), "transplant"
        shown = anchor
    elif line.undated_transplants:
        anchor, name, shown = _transplant_between(line, on), "transplant", None
    else:
        starts = [course.start for course in line.courses if course.start]
        shown, name = min(starts, key=lambda each: each.earliest, default=None), "line-start"
        anchor = shown or PartialDate(date.min, line.start)  # begun on an unknown day before its recorded end
    limit = int(definitions("relapse")["early_months"])
    early: bool | None = None
    if on.latest < add_months(anchor.earliest, limit):
        early = True
    elif on.earliest >= add_months(anchor.latest, limit):
        early = False
    least, most = complete_months(anchor.latest, on.earliest), complete_months(anchor.earliest, on.latest)
    return Relapse(
        on=claim.on,
        kind=claim.kind,
        anchor=name,
        anchor_date=shown,
        months=least if least == most else None,
        early=early,
        on_therapy=progressed_on([*line.courses, *line.carried], drafts, on, as_of),
        sources=claim.sources,
    )


def _transplant_between(line: Draft, relapse: PartialDate) -> PartialDate:
    """A transplant without a date lies after the induction began, and before a maintenance or the relapse."""
    maintenance = [course.start.earliest for course in line.courses if course.maintenance and course.start]
    return PartialDate(line.start, max(line.start, min([*maintenance, relapse.latest])))
