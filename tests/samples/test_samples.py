"""Every sample: written as the model says, answered as it expects, and the answer as it is kept beside it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.support.expectation import differences
from tests.support.samples import AS_OF, SAMPLES, Sample
from tests.support.service import answer
from tests.support.write_samples import SAMPLES_FOLDER, about, comparable, pretty

EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def _folder(sample: Sample) -> Path:
    return SAMPLES_FOLDER / sample.name


@EACH
def test_the_files_are_what_the_model_writes(sample: Sample) -> None:
    """After a change of the model: `python -m tests.support.write_samples --responses`."""
    assert (_folder(sample) / "request.json").read_text(encoding="utf-8") == pretty(sample.request())
    assert (_folder(sample) / "about.toml").read_text(encoding="utf-8") == about(sample)


@EACH
def test_the_answer_is_the_expected_one(sample: Sample) -> None:
    assert differences(answer(sample.request(), AS_OF, sample.jurisdiction), sample.expect) == []


@EACH
def test_the_answer_is_the_kept_one(sample: Sample) -> None:
    kept = json.loads((_folder(sample) / "response.json").read_text(encoding="utf-8"))
    assert comparable(answer(sample.request(), AS_OF, sample.jurisdiction)) == kept


def test_there_is_no_sample_beside_the_model() -> None:
    assert {folder.name for folder in SAMPLES_FOLDER.iterdir() if folder.is_dir()} == {sample.name for sample in SAMPLES}


@EACH
def test_what_a_sample_is_about_can_be_read(sample: Sample) -> None:
    said = tomllib.loads((_folder(sample) / "about.toml").read_text(encoding="utf-8"))
    assert (said["title"], said["as-of"], said["expect"].get("outcome")) == (sample.title, AS_OF, sample.expect.get("outcome"))
