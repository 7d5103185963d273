"""The code lists, read once from `code_lists/*.csv` and indexed for look-up. One row is one drug, lab, condition or procedure.

A list answers "which concept is this code"; what a concept means for the patient is decided by the readers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from fhir_mappings.facts import Analyte, Drug, DrugClass


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one code list as text."""
    with (files("fhir_mappings") / "code_lists" / f"{name}.csv").open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def split(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The members of one cell."""
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNames:
    """How charts name drugs: codes by system, whole names and brands, short forms, and the first year of use in humans."""

    rxnorm: Mapping[str, str]
    atc: Mapping[str, str]
    snomed: Mapping[str, str]
    names: Mapping[str, str]
    abbreviations: Mapping[str, str]
    first_use: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acronym:
    """A regimen acronym. `expansions` are the readings it can have; none means that it is known to be ambiguous."""

    name: str
    expansions: tuple[tuple[str, ...], ...]
    whole_text_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One analyte: its canonical unit, the factor of every accepted unit to it, and the range in which a value is plausible."""

    analyte: Analyte
    canonical: str
    units: Mapping[str, float]
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRow:
    """One row of the condition, procedure or stop-reason list."""

    concept: str
    kind: str
    status: str
    codes: frozenset[str]
    icd10: tuple[str, ...]
    text: tuple[str, ...]
    word_starts: re.Pattern[str]  # any of `text` at the start of a word, in lower-case text
    words: re.Pattern[str]  # any of `text` as whole words


@cache
def drug_table() -> Mapping[str, Drug]:
    """Every drug by its INN, in the order of the list."""
    return MappingProxyType(
        {
            row["name"]: Drug(
                name=row["name"],
                drug_class=DrugClass(row["drug_class"]),
                order=order,
                lenalidomide_like=row["lenalidomide_like"] == "yes",
                rxnorm=row["rxnorm"] or None,
                atc=row["atc"] or None,
                mark=row["mark"],
            )
            for order, row in enumerate(rows("drugs"))
        }
    )


@cache
def drug_names() -> DrugNames:
    """The look-up tables from what a chart writes to a drug."""
    tables: dict[str, dict[str, str]] = {key: {} for key in ("rxnorm", "atc", "snomed", "names", "abbreviations")}
    first_use: dict[str, int] = {}
    for row in rows("drugs"):
        drug = row["name"]
        first_use[drug] = int(row["first_use"])
        for column, cells in (
            ("rxnorm", (row["rxnorm"], row["rxnorm_products"])),
            ("atc", (row["atc"], row["atc_former"])),
            ("snomed", (row["snomed_products"],)),
            ("names", (drug, row["names"])),
            ("abbreviations", (row["abbreviations"],)),
        ):
            for cell in cells:
                tables[column].update(
                    (part.lower() if column in ("names", "abbreviations") else part, drug) for part in split(cell)
                )
    return DrugNames(**tables, first_use=first_use)


@cache
def acronyms() -> Mapping[str, Acronym]:
    """Regimen acronyms by their exact spelling (case matters: `Pd` is a regimen, `PD` is progressive disease)."""
    table: dict[str, Acronym] = {}
    for row in rows("regimen_acronyms"):
        acronym = Acronym(
            name=row["acronym"],
            expansions=tuple(split(reading, "+") for reading in split(row["drugs"], "|")),
            whole_text_only=row["whole_text_only"] == "yes",
        )
        table.update(dict.fromkeys(split(row["spellings"]), acronym))
    return MappingProxyType(table)


@cache
def labs() -> Mapping[Analyte, Lab]:
    """The analytes and how their values are brought to one unit."""
    table = {}
    for row in rows("labs"):
        pairs = (unit.rsplit("=", 1) for unit in split(row["units"]))
        table[Analyte(row["analyte"])] = Lab(
            analyte=Analyte(row["analyte"]),
            canonical=row["canonical"],
            units={name: float(factor) for name, factor in pairs} | {row["canonical"]: 1.0},
            low=float(row["low"]),
            high=float(row["high"]),
        )
    return MappingProxyType(table)


@cache
def lab_by_loinc() -> Mapping[str, Analyte]:
    """LOINC code to analyte."""
    return MappingProxyType({code: Analyte(row["analyte"]) for row in rows("labs") for code in split(row["loinc"])})


@cache
def lab_by_other_code() -> Mapping[str, Analyte]:
    """SNOMED CT or ICD-10 code to analyte, where a finding is graded under the code of the condition."""
    return MappingProxyType({code: Analyte(row["analyte"]) for row in rows("labs") for code in split(row["other_codes"])})


@cache
def lab_by_name() -> Mapping[str, Analyte]:
    """The name of a lab as portals print it, lower case, to its analyte."""
    return MappingProxyType({name: Analyte(row["analyte"]) for row in rows("labs") for name in split(row["names"])})


@cache
def lab_patterns() -> tuple[tuple[Analyte, re.Pattern[str]], ...]:
    """Names that are recognised by a pattern, for what laboratories and clinics name freely."""
    return tuple((Analyte(row["analyte"]), re.compile(row["pattern"], re.IGNORECASE)) for row in rows("labs") if row["pattern"])


def _beginnings(pieces: tuple[str, ...]) -> str:
    """Pieces that begin a word; an abbreviation of up to three letters must be the whole word."""
    return "|".join(re.escape(piece) + ("(?![a-z])" if len(piece) <= len("dvt") else "") for piece in pieces) or "(?!)"


@cache
def concept_rows(name: str) -> tuple[ConceptRow, ...]:
    """The rows of `conditions`, `procedures`, `stop_reasons` or `responses`, most specific first as the file lists them."""
    table = []
    for row in rows(name):
        codes = [code for column in ("snomed", "cpt", "icd10pcs", "other", "codes") for code in split(row.get(column, ""))]
        any_of = "|".join(map(re.escape, split(row["text"]))) or "(?!)"
        table.append(
            ConceptRow(
                concept=row.get("concept") or row.get("reason") or row.get("response") or "",
                kind=row.get("kind") or row.get("toxicity") or "",
                status=row.get("status", ""),
                codes=frozenset(codes),
                icd10=split(row.get("icd10", "")),
                text=split(row["text"]),
                word_starts=re.compile(rf"(?<![a-z])(?:{_beginnings(split(row['text']))})"),
                words=re.compile(rf"(?<![a-z])(?:{any_of})(?![a-z])"),
            )
        )
    return tuple(table)


@cache
def rows_by_code(name: str) -> Mapping[str, int]:
    """A code of one of these lists to the place of the first row that has it."""
    places: dict[str, int] = {}
    for place, row in enumerate(concept_rows(name)):
        for code in row.codes:
            places.setdefault(code, place)
    return MappingProxyType(places)


@cache
def rows_by_text(name: str) -> tuple[tuple[str, ConceptRow], ...]:
    """Every text of one of these lists with its row, in the order of the list."""
    return tuple((text, row) for row in concept_rows(name) for text in row.text)
