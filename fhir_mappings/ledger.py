"""What reading a chart counts while it goes: nothing that cannot be read is lost silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fhir_mappings.coding import Concept, System
from fhir_mappings.facts import Accounting, Conflict, Source


@dataclass(slots=True)
class Ledger:
    """Mutable while one chart is read; `accounting()` closes it."""

    unreadable: int = 0
    not_recognised: int = 0
    ignored: int = 0
    foreign: int = 0
    incomplete: set[str] = field(default_factory=set)
    systems: set[System] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)

    def unrecognised(self, read: Concept) -> None:
        """Count a concept that may matter and is in none of our lists."""
        self.not_recognised += 1
        self.systems.update(coding.system for coding in read.codings)

    def contradiction(self, code: str, *sources: Source, decides: bool, drugs: Iterable[str] = ()) -> None:
        """Note records that contradict each other."""
        self.conflicts.append(
            Conflict(code=code, decides=decides, drugs=tuple(sorted(drugs)), sources=tuple(sorted(set(sources))))
        )

    def accounting(self) -> Accounting:
        return Accounting(
            unreadable=self.unreadable,
            not_recognised=self.not_recognised,
            ignored=self.ignored,
            foreign=self.foreign,
            incomplete=tuple(sorted(self.incomplete)),
            unknown_code_systems=tuple(sorted(self.systems)),
        )
