"""CodeableConcepts as codes of known systems and words. Total readers: any shape gives a reading, never an error."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from fhir_mappings.facts.frozen import frozen


class System(StrEnum):
    """Code systems that the code lists know."""

    RXNORM = "rxnorm"
    ATC = "atc"
    SNOMED = "snomed"
    LOINC = "loinc"
    ICD10 = "icd10"
    CPT = "cpt"
    ICD10PCS = "icd10pcs"
    HCPCS = "hcpcs"
    NDC = "ndc"
    NCIT = "ncit"
    OTHER = "other"


_SYSTEMS = {
    "http://www.nlm.nih.gov/research/umls/rxnorm": System.RXNORM,
    "urn:oid:2.16.840.1.113883.6.88": System.RXNORM,
    "http://www.whocc.no/atc": System.ATC,
    "http://fhir.de/CodeSystem/bfarm/atc": System.ATC,
    "http://fhir.de/CodeSystem/dimdi/atc": System.ATC,
    "urn:oid:2.16.840.1.113883.6.73": System.ATC,
    "http://snomed.info/sct": System.SNOMED,
    "urn:oid:2.16.840.1.113883.6.96": System.SNOMED,
    "http://loinc.org": System.LOINC,
    "urn:oid:2.16.840.1.113883.6.1": System.LOINC,
    "http://hl7.org/fhir/sid/icd-10-cm": System.ICD10,
    "http://hl7.org/fhir/sid/icd-10": System.ICD10,
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": System.ICD10,
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm": System.ICD10,
    "urn:oid:2.16.840.1.113883.6.90": System.ICD10,
    "urn:oid:2.16.840.1.113883.6.3": System.ICD10,
    "http://www.ama-assn.org/go/cpt": System.CPT,
    "urn:oid:2.16.840.1.113883.6.12": System.CPT,
    "http://www.cms.gov/Medicare/Coding/ICD10": System.ICD10PCS,
    "http://hl7.org/fhir/sid/icd-10-pcs": System.ICD10PCS,
    "urn:oid:2.16.840.1.113883.6.4": System.ICD10PCS,
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": System.HCPCS,
    "urn:oid:2.16.840.1.113883.6.285": System.HCPCS,
    "http://hl7.org/fhir/sid/ndc": System.NDC,
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": System.NCIT,
}


@frozen(kw_only=False)
class Coding:
    """One code of one system; `display` as written ("" when there is none)."""

    system: System
    code: str
    display: str


@frozen(kw_only=False)
class Concept:
    """A CodeableConcept: its codings and its text ("" when there is none)."""

    codings: tuple[Coding, ...]
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """Every piece of text in it, the concept's own first."""
        pieces = [self.text, *[coding.display for coding in self.codings]]
        return tuple(dict.fromkeys([piece for piece in pieces if piece]))

    @property
    def empty(self) -> bool:
        return not self.text and not any(coding.code or coding.display for coding in self.codings)

    def codes(self, *systems: System) -> tuple[str, ...]:
        """The codes of the named systems."""
        return tuple([coding.code for coding in self.codings if coding.system in systems and coding.code])


NOTHING = Concept((), "")


def string(value: object) -> str:
    """A non-blank string, stripped; "" for anything else."""
    return value.strip() if isinstance(value, str) else ""


def members(value: object) -> list[dict[str, object]]:
    """The objects of a list; a single object stands for a list of one, as older FHIR versions and careless writers have it."""
    if isinstance(value, list):
        return [member for member in value if isinstance(member, dict)]
    return [value] if isinstance(value, dict) else []


def system_of(value: object) -> System:
    """The code system of a URI. Blanks inside and a closing slash occur in published examples."""
    uri = string(value)
    known = _SYSTEMS.get(uri)
    if known is None and uri:
        known = _SYSTEMS.get(uri.replace(" ", "").replace("https://", "http://").rstrip("/"))
    return known or System.OTHER


def concept(value: object) -> Concept:
    """A CodeableConcept, or the bare string that some write instead."""
    if isinstance(value, str):
        return Concept((), value.strip())
    if not isinstance(value, dict):
        return NOTHING
    codings = tuple(
        Coding(system_of(coding.get("system")), string(coding.get("code")), string(coding.get("display")))
        for coding in members(value.get("coding"))
    )
    return Concept(codings, string(value.get("text")))


def concepts(value: object) -> Iterable[Concept]:
    """Every concept of a list of CodeableConcepts."""
    return (read for read in map(concept, members(value)) if not read.empty)


def code_of(value: object) -> str:
    """The first code of a status-like concept, or the plain code itself, in lower case."""
    if isinstance(value, str):
        return value.strip().lower()
    if not isinstance(value, dict):
        return ""
    codes = (code for coding in members(value.get("coding")) if (code := string(coding.get("code"))))
    return (next(codes, "") or string(value.get("text"))).lower()


def matches_icd(code: str, prefixes: tuple[str, ...]) -> bool:
    """Whether an ICD-10 code equals or refines one of the prefixes; the dot may be missing."""
    return code.upper().replace(".", "").startswith(_without_dots(prefixes))


@cache
def _without_dots(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix.replace(".", "") for prefix in prefixes)


def notes(resource: dict[str, object]) -> str:
    """The text of `note` (a list of Annotations, or what stands in its place)."""
    note = resource.get("note")
    if isinstance(note, str):
        return note
    return " ".join(string(part.get("text")) for part in members(note))
