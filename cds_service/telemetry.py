"""Structured logs: one JSON object per line, made of listed keys only."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from cds_service.log_events import COMMON_KEYS, EVENTS, Event
from cds_service.log_sink import LogSink

LOGGER = "cds_service"
LONGEST_VALUE = 300
_OWN = logging.getLogger(LOGGER)


def happened(event: Event, **values: object) -> None:
    """Log an event with the keys that are listed for it; None is left out."""
    level = EVENTS[event].level
    if _OWN.isEnabledFor(level):
        _LOG.log(level, event.value, **values)


def write_logs(sink: LogSink, level: int) -> None:
    """Send the service's own lines to the sink, and of all libraries only errors, without their text: it may quote an address."""
    _OWN.setLevel(level)
    _OWN.propagate = False
    _OWN.handlers = [sink]
    logging.getLogger().setLevel(logging.ERROR)
    logging.lastResort = None


def _listed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep what may be written, in a fixed order: event and trace, then the keys of the event."""
    allowed = COMMON_KEYS | EVENTS[Event(line["event"])].keys
    return {key: _short(value) for key, value in line.items() if key in allowed and value is not None}


def _short(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [str(each)[:LONGEST_VALUE] for each in value[:50]]
    return str(value)[:LONGEST_VALUE]


_LOG = structlog.wrap_logger(
    _OWN,
    processors=[
        structlog.contextvars.merge_contextvars,
        _listed,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
)
