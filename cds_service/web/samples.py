"""The samples of the repository, for the demo: charts of synthetic patients with what each is about.

They stand beside the packages in a checkout and are not part of an installed package: then there are none to pick.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cds_service import strict_json
from cds_service.hook_call import HookCall

FOLDER = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`as_of` is the day for which its values were made: judged much later they have grown old."""

    name: str
    title: str
    says: str
    as_of: str
    jurisdiction: str
    request: Mapping[str, Any]

    def is_the_chart_of(self, call: HookCall) -> bool:
        """Whether the call is about exactly this chart."""
        return bool(self.request["context"]["patientId"] == call.patient_id and self.request["prefetch"] == call.prefetch)


def load_samples(folder: Path = FOLDER) -> Mapping[str, Sample]:
    """By name, in the order of their names; empty where there is no such folder."""
    return {about.parent.name: _load(about) for about in sorted(folder.glob("*/about.toml"))}


def _load(about: Path) -> Sample:
    said = tomllib.loads(about.read_text(encoding="utf-8"))
    request = strict_json.load(about.with_name("request.json").read_bytes())
    if not isinstance(request, dict):
        raise TypeError(f"{about.parent.name}: the request is not an object")
    return Sample(
        name=about.parent.name,
        title=said["title"],
        says=said["says"],
        as_of=said["as-of"],
        jurisdiction=said["jurisdiction"],
        request=request,
    )
