"""Structured logs: one JSON object per line, made of listed keys only."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from cds_service.log_events import COMMON_KEYS, EVENTS, Event
from cds_service.log_sink import LogSink

LOGGER = "cds_service"
LONGEST_VALUE = 300
TRACE: ContextVar[str | None] = ContextVar("trace", default=None)  # of the call in hand
_OWN = logging.getLogger(LOGGER)


def happened(event: Event, **values: object) -> None:
    """Log an event with the keys that are listed for it; None is left out."""
    entry = EVENTS[event]
    if not _OWN.isEnabledFor(entry.level):
        return
    common = {
        "event": event.value,
        "level": logging.getLevelName(entry.level).lower(),
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "trace": TRACE.get(),
    }
    allowed = COMMON_KEYS | entry.keys
    line = {key: _short(value) for key, value in {**values, **common}.items() if key in allowed and value is not None}
    _OWN.log(entry.level, "%s", json.dumps(line))  # ASCII alone, so that no sign of a value can end the line


def write_logs(sink: LogSink, level: int) -> None:
    """Send the service's own lines to the sink, and of all libraries only errors, without their text: it may quote an address."""
    _OWN.setLevel(level)
    _OWN.propagate = False
    _OWN.handlers = [sink]
    logging.getLogger().setLevel(logging.ERROR)
    logging.lastResort = None


def _short(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [str(each)[:LONGEST_VALUE] for each in value[:50]]
    return str(value)[:LONGEST_VALUE]
