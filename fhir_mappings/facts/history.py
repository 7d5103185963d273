"""The therapy history that is reconstructed from the facts."""

from __future__ import annotations

from enum import StrEnum

from fhir_mappings.facts.chart import Conflict, Source
from fhir_mappings.facts.frozen import frozen
from fhir_mappings.facts.partial_date import PartialDate
from fhir_mappings.facts.terms import StopReason


class Course(StrEnum):
    """Where the disease stands: the value is the reason that an evaluation gives."""

    NO_MYELOMA = "no-myeloma"
    PRECURSOR = "precursor-disease"
    OTHER_DISORDER = "other-plasma-cell-disorder"
    DECEASED = "deceased"
    NEWLY_DIAGNOSED = "newly-diagnosed"
    IN_REMISSION = "in-remission"
    ON_TREATMENT = "on-treatment-without-progression"
    FIRST_RELAPSE = "first-relapse"
    LATER_RELAPSE = "later-relapse"
    RELAPSE_NOT_ESTABLISHED = "relapse-not-established"
    HISTORY_MISSING = "therapy-history-missing"
    DATES_UNDECIDABLE = "dates-undecidable"
    CONTRADICTORY = "records-contradict"


class RelapseKind(StrEnum):
    CLINICAL = "clinical"
    BIOCHEMICAL = "biochemical"
    CODED = "coded"


@frozen()
class LineOfTherapy:
    """A line of therapy after Rajkumar 2015. `drugs` in the order of the drug table; `inferred` says what the record did not."""

    number: int
    drugs: tuple[str, ...]
    start: PartialDate | None = None
    end: PartialDate | None = None
    ongoing: bool = False
    transplant: PartialDate | None = None
    had_transplant: bool = False  # also when its date is unknown
    end_reason: StopReason = StopReason.UNKNOWN
    inferred: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@frozen()
class Relapse:
    """The relapse that the answer is about. `months` are complete calendar months from the anchor, `early` strictly below 12;
    both None when the dates leave it open."""

    on: PartialDate | None
    kind: RelapseKind
    anchor: str | None = None  # "transplant" or "line-start"
    anchor_date: PartialDate | None = None
    months: int | None = None
    early: bool | None = None
    on_therapy: bool | None = None  # on the last line of therapy or within 60 days of its last dose
    sources: tuple[Source, ...] = ()


@frozen()
class History:
    """The therapy history, reconstructed."""

    course: Course
    lines: tuple[LineOfTherapy, ...] = ()
    exposed_to: tuple[str, ...] = ()
    refractory_to: tuple[str, ...] = ()
    intolerant_to: tuple[str, ...] = ()
    refractory_undecided: tuple[str, ...] = ()  # stopped near a progression, but the dates leave it open
    last_given: tuple[tuple[str, PartialDate], ...] = ()  # drug -> its last known dose
    toxicities: tuple[tuple[str, str], ...] = ()  # drug -> the toxicity that stopped it, when named; also of refractory drugs
    relapse: Relapse | None = None
    unknown: tuple[str, ...] = ()  # relapse-date, stop-reason, therapy-history
    notes: tuple[str, ...] = ()  # history-incomplete
    conflicts: tuple[Conflict, ...] = ()

    @property
    def prior_lines(self) -> int:
        return len(self.lines)
