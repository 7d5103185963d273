"""Copies of the packaged knowledge that a test may change."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cds_service.knowledge.lint import faults
from cds_service.knowledge.loader import load_knowledge
from cds_service.knowledge.model import Knowledge
from fhir_mappings.terminology import drug_table
from tests.spec.language import AS_OF

PACKAGED = Path(__file__).parents[2] / "cds_service" / "knowledge" / "data"


@dataclass(frozen=True)
class KnowledgeCopy:
    """A writable copy of `data/`."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> KnowledgeCopy:
        shutil.copytree(PACKAGED, root)
        return cls(root)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change the one place where `old` first stands; a text that is not there is a fault of the test."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, encoding="utf-8")

    def load(self) -> Knowledge:
        return load_knowledge(drug_table(), self.root)

    def faults(self) -> tuple[str, ...]:
        return faults(self.load(), as_of=AS_OF)
