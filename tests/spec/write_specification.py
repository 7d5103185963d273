"""Writes `docs/reference/clinical-specification.md` from the chapters: `python -m tests.spec.write_specification`."""

from tests.spec.specification import page
from tests.spec.test_specification import PAGE

if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
