"""Every dialect by name."""

from __future__ import annotations

from tests.support.dialects.dialect import Dialect
from tests.support.dialects.european import European
from tests.support.dialects.mcode import Mcode
from tests.support.dialects.oracle import Oracle
from tests.support.dialects.text_only import TextOnly
from tests.support.dialects.us_core import UsCore

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (UsCore(), Oracle(), Mcode(), European(), TextOnly())}
