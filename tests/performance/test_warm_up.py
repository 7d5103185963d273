"""What is read and built once is read and built before the first call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own: here other tests have filled the tables long ago.
FIRST_CALLS = """
import sys
from functools import _lru_cache_wrapper
from pathlib import Path
from cds_service.app import create_app
from cds_service.settings import Settings

def empty():
    return {
        f"{name}.{key}"
        for name, module in sorted(sys.modules.items())
        if name.startswith("fhir_mappings")
        for key, value in vars(module).items()
        if isinstance(value, _lru_cache_wrapper) and value.__module__ == name and not value.cache_info().currsize
    }

client = create_app(Settings(state_dir=sys.argv[1])).test_client()
before = empty()
for request in sorted(Path("samples").glob("*/request.json")):
    client.post("/cds-services/rrmm-regimen", data=request.read_bytes())
print(*sorted(before - empty()))
"""


def test_no_call_finds_a_table_that_is_not_read_yet(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_CALLS, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
