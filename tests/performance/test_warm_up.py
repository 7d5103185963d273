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

def sizes():
    return {
        f"{name}.{key}": value.cache_info().currsize
        for name, module in sorted(sys.modules.items())
        if name.startswith("fhir_mappings")
        for key, value in vars(module).items()
        if isinstance(value, _lru_cache_wrapper) and value.__module__ == name
    }

client = create_app(Settings(state_dir=sys.argv[1])).test_client()
before = sizes()
for request in sorted(Path("samples").glob("*/request.json")):
    print(client.post("/cds-services/rrmm-regimen", data=request.read_bytes()).status_code)
print(*sorted(name for name, size in sizes().items() if size != before[name]))
"""


def test_no_call_finds_a_table_that_is_not_read_yet(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_CALLS, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    *statuses, tables = done.stdout.split("\n")[:-1]
    assert len(statuses) >= 30
    assert set(statuses) == {"200"}
    assert tables == ""
