"""Every sample, in the order in which they are listed."""

from __future__ import annotations

from tests.support.charts.first_relapse import FIRST_RELAPSE, FOUNDING
from tests.support.charts.later_relapse import LATER_RELAPSE
from tests.support.charts.no_regimen import NO_REGIMEN
from tests.support.charts.safety import SAFETY
from tests.support.sample import AS_OF, Sample

SAMPLES: tuple[Sample, ...] = (*FIRST_RELAPSE, *SAFETY, *LATER_RELAPSE, *NO_REGIMEN)

__all__ = ["AS_OF", "FOUNDING", "SAMPLES", "Sample"]
