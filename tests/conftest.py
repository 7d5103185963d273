"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test makes the service remember ends up in the home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYELOMA_CDS_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield
