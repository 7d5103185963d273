"""Each kind of fault is found, and the packaged knowledge has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cds_service.knowledge.lint import faults
from cds_service.knowledge.loader import KnowledgeError, load_knowledge
from fhir_mappings.terminology import drug_table
from tests.spec.language import AS_OF
from tests.support.knowledge_copies import KnowledgeCopy


@pytest.fixture
def copy(tmp_path: Path) -> KnowledgeCopy:
    return KnowledgeCopy.at(tmp_path / "data")


def test_the_packaged_knowledge_has_no_fault() -> None:
    assert faults(load_knowledge(drug_table()), as_of=AS_OF) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        ("regimens/DRd.toml", 'source = "S12"', 'source = ""', "regimens/DRd label US: citation is missing"),
        ("regimens/DRd.toml", 'source = "S12"', 'source = "S99"', "regimens/DRd label US: source 'S99' is not in sources.toml"),
        ("regimens/DRd.toml", 'mark = "V"', 'mark = "?"', "regimens/DRd: mark '?' is not one of B, D, V, v"),
        (
            "regimens/DRd.toml",
            'drug = "daratumumab"',
            'drug = "daratumumap"',
            "regimens/DRd: drug 'daratumumap' is not in the drug table",
        ),
        ("regimens/DRd.toml", '"POLLUX"', '"CASTOR-2"', "regimens/DRd: trial 'CASTOR-2' is not in trials.toml"),
        (
            "regimens/DRd.toml",
            "min_lines = 1",
            "min_lines = 0",
            "regimens/DRd: label of US is approved, but asks for no prior line",
        ),
        (
            "regimens/DRd.toml",
            '[labels.EU]\nstatus = "approved"\nmin_lines = 1\nmark = "B"\nsource = "background"',
            "",
            "regimens/DRd: label of EU is missing",
        ),
        ("regimens/DRd.toml", '28"\nmark = "V"', '28"\nmark = "B"', "regimens/DRd lenalidomide: a dose without a verified mark"),
        ("regimens/DRd.toml", "2027-05-22", "2026-11-21", "regimens/DRd: the review was due on 2026-11-21"),
        ("regimens/DRd.toml", 'situation = "C1"', 'situation = "C9"', "regimens/DRd: situation 'C9' does not exist"),
        (
            "regimens/DRd.toml",
            'source = "S20"\nrev',
            'source = "S20"\ninvestigational = true\nrev',
            "regimens/DRd: investigational, but a policy offers it",
        ),
        ("regimens/KPd.toml", "investigational = true", "investigational = false", "regimens/KPd: no policy offers it"),
        ("safety.toml", 'source = "S11"', 'source = ""', "safety.toml component-refractory: citation is missing"),
        (
            "safety.toml",
            '"kidney-below"',
            '"kidneys-below"',
            "safety.toml lenalidomide-kidney-founding: criterion 'kidneys-below' does not exist",
        ),
        ("safety.toml", "limit = 30", "limits = 30", "safety.toml lenalidomide-kidney-founding: kidney-below takes limit"),
        (
            "safety.toml",
            'analyte = "platelets"',
            'analyte = "igg"',
            "safety.toml lenalidomide-platelets: igg has no look-back window",
        ),
        ("safety.toml", 'kind = "infection"', 'kind = "cold"', "safety.toml infection-immunotherapy: kind 'cold' is not known"),
        ("safety.toml", 'because = "active-infection"', 'because = "a-cold"', "texts.toml: no sentence for a-cold"),
        (
            "doses.toml",
            'schedule = "20 mg by mouth once weekly"\nmark = "V"',
            'schedule = "20 mg"\nmark = "B"',
            "doses.toml age-above-75: a dose without a verified mark",
        ),
        (
            "policies/switch-class.toml",
            'use-of-race = "Not used."',
            "",
            "policy 'Switch class: the founding policy for the first relapse': source attribute use-of-race is missing",
        ),
        (
            "policies/current-practice.toml",
            '"tier", ',
            '"gut-feeling", ',
            "current-practice.toml: ranking 'gut-feeling' does not exist",
        ),
        ("trials.toml", "NCT02076009", "NCT2076009", "trials.toml POLLUX: 'NCT2076009' is not a registration number"),
        (
            "regimens/DRd.toml",
            'source = "background"',
            'source = "S12"',
            "regimens/DRd label EU: what is not verified (B) cites 'background', and nothing else does",
        ),
        ("policies/current-practice.toml", 'id = "C7"', 'id = "C8"', "id 'C8' stands twice"),
    ],
)
def test_a_fault_is_found(copy: KnowledgeCopy, path: str, old: str, new: str, fault: str) -> None:
    copy.replace(path, old, new)
    assert fault in copy.faults()


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("regimens/DRd.toml", "cycle_days", "cycledays", "regimens/DRd.toml: unknown key 'cycledays'"),
        ("regimens/DRd.toml", 'source = "S20"\nrev', "rev", "regimens/DRd.toml: 'source' is missing"),
        ("regimens/DRd.toml", "cycle_days = 28", 'cycle_days = "28"', "regimens/DRd.toml: cycle_days: int is expected"),
        (
            "regimens/DRd.toml",
            'status = "approved"',
            'status = "perhaps"',
            "regimens/DRd.toml: labels.US: status: 'perhaps' is not a valid",
        ),
        ("safety.toml", 'effect = "block"', "effect = ", "safety.toml: Invalid value"),
        ("safety.toml", 'classes = ["bcma-car-t"]', 'classes = "bcma-car-t"', "a list is expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(copy: KnowledgeCopy, path: str, old: str, new: str, message: str) -> None:
    copy.replace(path, old, new)
    with pytest.raises(KnowledgeError) as raised:
        copy.load()
    assert message in str(raised.value)


def test_the_digest_follows_every_byte(copy: KnowledgeCopy) -> None:
    before = copy.load().digest
    copy.replace("texts.toml", "# kidney", "# kidneys")
    assert copy.load().digest != before
    assert before == load_knowledge(drug_table()).digest


def test_a_review_runs_out_with_time() -> None:
    late = faults(load_knowledge(drug_table()), as_of=date(2028, 1, 1))
    assert "switch-class.toml: the review was due on 2027-05-22" in late
