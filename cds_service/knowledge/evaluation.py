"""What the service concluded about one chart: everything that a card or a program is told, as frozen values.

Codes are kebab-case. `Knowledge.explain(code)` gives the sentence a reader sees for any code found here.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from enum import StrEnum

from cds_service.knowledge.logic import Truth
from fhir_mappings.facts import Accounting, Analyte, Conflict, History, PartialDate, Source
from fhir_mappings.facts.frozen import frozen


class Jurisdiction(StrEnum):
    """Whose labels count."""

    US = "US"
    EU = "EU"


class Outcome(StrEnum):
    RECOMMENDATION = "recommendation"
    NO_REGIMEN = "no-regimen"
    INSUFFICIENT_DATA = "insufficient-data"
    CONFLICTING_DATA = "conflicting-data"
    NOT_APPLICABLE = "not-applicable"
    NOT_RELAPSED = "not-relapsed"


class Verdict(StrEnum):
    """In the order in which options are listed."""

    SUITABLE = "suitable"
    CHECK_FIRST = "check-first"
    OFF_LABEL = "off-label"
    AVOID = "avoid"


class Effect(StrEnum):
    """What a rule does to a regimen when it is met."""

    BLOCK = "block"
    CHECK = "check"
    LABEL = "label"
    CAUTION = "caution"


@frozen()
class Grounds:
    """One recorded thing that a finding rests on, ready to print: `what` is an analyte, drug or condition."""

    what: str
    value: str | None = None
    unit: str | None = None
    on: PartialDate | None = None
    sources: tuple[Source, ...] = ()


@frozen()
class Finding:
    """One rule applied to one regimen. `because` is the reason code when it is met; `unknown` names what is missing when it is
    undecided. `citation` is the id of a source in the knowledge, with its verification mark."""

    rule: str
    effect: Effect
    truth: Truth
    because: str
    unknown: tuple[str, ...] = ()
    grounds: tuple[Grounds, ...] = ()
    mark: str = ""
    citation: str = ""


@frozen()
class UsedMeasurement:
    """The value that was used for one analyte, in its canonical unit. With a comparator `value` is None and
    `low`/`high` bound it."""

    analyte: Analyte
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    method: str | None = None  # cockcroft-gault | measured
    on: PartialDate | None = None
    with_pain: bool | None = None  # neuropathy only
    applies: bool = True  # False: shown, and says nothing (a computed clearance on dialysis)
    sources: tuple[Source, ...] = ()


@frozen()
class UnusableMeasurement:
    """A record that exists and was not used. `why` is `stale`, `disagree` or a `Problem` value
    (`no-unit`, `future-dated`, ...)."""

    analyte: Analyte
    why: str
    value: float | None = None
    unit: str | None = None
    on: PartialDate | None = None
    sources: tuple[Source, ...] = ()


@frozen()
class RegimenReasons:
    """A regimen and the codes said of it."""

    regimen: str
    because: tuple[str, ...]


@frozen()
class SwitchClass:
    """The founding policy's answer. Every founding regimen is in exactly one of `preferred`, `suppressed` and `why_not`.
    `check_first` repeats the preferred regimens whose safety is not known, with the names of what is missing.
    `notes` is where every note of the evaluation stands, also when no row applies."""

    row: str | None = None
    title: str | None = None  # the row in one line
    rationale: str | None = None  # why the row prefers its regimen, in one or two sentences
    preferred: tuple[str, ...] = ()
    check_first: tuple[RegimenReasons, ...] = ()
    suppressed: tuple[RegimenReasons, ...] = ()
    why_not: tuple[RegimenReasons, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[tuple[str, tuple[Finding, ...]], ...] = ()  # regimen of the row -> safety rules that were met or undecided
    sources: tuple[str, ...] = ()  # source ids of the knowledge


@frozen()
class Option:
    """One regimen of current practice. `rank` starts at 1; options that tie share it. `because` gives the reasons for the verdict
    (block, missing, label, or, for a suitable one, why it stands where it does); `cautions` never change the verdict."""

    regimen: str
    verdict: Verdict
    rank: int
    because: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()  # trial ids
    cautions: tuple[str, ...] = ()
    outside_trials: bool = False  # its trials held few such patients or none
    findings: tuple[Finding, ...] = ()  # those that were met or undecided


@frozen()
class CurrentPractice:
    situation: str
    title: str
    options: tuple[Option, ...] = ()
    remarks: tuple[str, ...] = ()  # sentences that belong to the situation
    sources: tuple[str, ...] = ()


@frozen()
class Comparison:
    """Whether the two policies point the same way, and the sentence that says why not."""

    agrees: bool
    text: str


@frozen()
class Dose:
    """What may be said of one drug of one regimen that stands. `text` is None where no verified dose applies to this patient;
    `because` then says why (`dose-not-verified`, `renal-dose-needed`, ...) and local protocol decides."""

    regimen: str
    drug: str
    text: str | None = None
    because: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@frozen()
class SupportiveCheck:
    """One line of supportive care that applies to at least one regimen still standing."""

    code: str
    text: str
    regimens: tuple[str, ...] = ()
    mark: str = ""
    sources: tuple[str, ...] = ()


@frozen()
class Evaluation:
    """The whole answer. `reason` is the value of `Course`, or `all-options-removed` with the outcome `no-regimen`."""

    outcome: Outcome
    reason: str
    as_of: date
    jurisdiction: Jurisdiction
    knowledge_version: str
    knowledge_digest: str  # "sha256:..."
    history: History
    measurements: tuple[UsedMeasurement, ...] = ()
    unusable: tuple[UnusableMeasurement, ...] = ()
    switch_class: SwitchClass = field(default_factory=SwitchClass)
    current_practice: CurrentPractice | None = None
    comparison: Comparison | None = None
    doses: tuple[Dose, ...] = ()
    supportive: tuple[SupportiveCheck, ...] = ()
    unknown: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    accounting: Accounting = field(default_factory=Accounting)
