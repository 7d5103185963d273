"""What a chart says about one patient, as plain frozen values."""

from __future__ import annotations

from dataclasses import field

from fhir_mappings.facts.frozen import frozen
from fhir_mappings.facts.partial_date import PartialDate
from fhir_mappings.facts.terms import (
    Abnormality,
    Analyte,
    ComorbidityKind,
    DiagnosisKind,
    DiseaseStatus,
    Origin,
    Problem,
    Purpose,
    Response,
    Sex,
    StopReason,
)

Source = str  # "Observation/o1"; a resource without an id is named by its place, "Observation/#3"


@frozen()
class Patient:
    id: str
    birth_date: PartialDate | None = None
    sex: Sex = Sex.UNKNOWN
    deceased: bool = False
    deceased_on: PartialDate | None = None


@frozen()
class Diagnosis:
    """One Condition that names a plasma-cell disorder of this patient. `established` is False for provisional, differential
    and unconfirmed records. `onset`, `recorded` and `asserted` are what the record gives, in that order of trust."""

    kind: DiagnosisKind
    status: DiseaseStatus = DiseaseStatus.UNKNOWN
    established: bool = True
    onset: PartialDate | None = None
    recorded: PartialDate | None = None
    asserted: PartialDate | None = None
    abated: PartialDate | None = None
    source: Source

    @property
    def since(self) -> PartialDate | None:
        return self.onset or self.recorded or self.asserted


@frozen()
class DrugExposure:
    """One drug given over one period. `end` None with `ongoing` True is current therapy; with `ongoing` False the
    end is not recorded."""

    drug: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    ongoing: bool = False
    stop_reason: StopReason = StopReason.UNKNOWN
    toxicity: str | None = None  # kebab-case name of the toxicity that stopped it, from our table, when it is named
    purpose: Purpose = Purpose.UNKNOWN
    origin: Origin = Origin.STATEMENT
    maintenance: bool = False  # the record itself calls it maintenance
    consolidation: bool = False
    planned: bool = False  # order or plan names it as part of the protocol under way
    regimen: str | None = None  # the acronym the record gave, as written in our table ("VRd")
    inferred: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@frozen()
class Transplant:
    """A stem-cell transplant. `on` None: it happened, its date is not recorded."""

    on: PartialDate | None
    autologous: bool = True
    tandem: bool = False
    source: Source


@frozen()
class DiseaseEvent:
    """A recorded assessment of the myeloma: a response category, or progression (`Response.PD`)."""

    response: Response
    on: PartialDate | None
    source: Source


@frozen()
class Measurement:
    """One result in the analyte's canonical unit, as an interval where a comparator was written (`<0.1`: low 0, high 0.1).

    `value` is the number when it is one; `low`/`high` bound it otherwise (None = unbounded). With `problem` set there is no
    usable number, but the record exists and may be named.
    """

    analyte: Analyte
    value: float | None = None
    low: float | None = None
    high: float | None = None
    on: PartialDate | None = None
    with_pain: bool | None = None  # neuropathy only
    preliminary: bool = False
    current: bool = False  # stands on a problem that is recorded as active: it holds now, also without a date
    problem: Problem | None = None
    source: Source


@frozen()
class Comorbidity:
    kind: ComorbidityKind
    active: bool | None  # None: the record does not say
    onset: PartialDate | None = None
    source: Source


@frozen()
class Cytogenetics:
    abnormality: Abnormality
    present: bool | None
    on: PartialDate | None = None
    source: Source


@frozen()
class Conflict:
    """Records that contradict each other. `code` is kebab-case; `decides` says that the answer hangs on it."""

    code: str
    decides: bool
    drugs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@frozen()
class Accounting:
    """What reading the chart cost: counts of resources and the prefetch keys that may be incomplete."""

    unreadable: int = 0
    not_recognised: int = 0
    ignored: int = 0
    foreign: int = 0
    incomplete: tuple[str, ...] = ()  # prefetch keys that failed, were refused, absent, cut short, or hold only a first page
    unknown_code_systems: tuple[str, ...] = ()  # code systems (from our closed list) of the unrecognised concepts, for metrics


@frozen()
class PatientFacts:
    """One patient's chart, read."""

    patient: Patient
    diagnoses: tuple[Diagnosis, ...] = ()
    exposures: tuple[DrugExposure, ...] = ()
    transplants: tuple[Transplant, ...] = ()
    events: tuple[DiseaseEvent, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    comorbidities: tuple[Comorbidity, ...] = ()
    cytogenetics: tuple[Cytogenetics, ...] = ()
    harvests: tuple[PartialDate, ...] = ()  # stem-cell collections
    unnamed_therapies: tuple[Source, ...] = ()  # a cell infusion or the like whose product is not named
    conflicts: tuple[Conflict, ...] = ()
    accounting: Accounting = field(default_factory=Accounting)
