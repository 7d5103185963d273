"""Addresses of FHIR servers: one spelling each, so that they can be compared whole and never by prefix."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import parse_qsl, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_PRINTABLE = re.compile(r"[!-~]+")
_PATIENT_PARAMETERS = frozenset({"patient", "subject", "patient:patient", "subject:patient"})


def canonical(address: object) -> str | None:
    """`scheme://host[:port][/path]` in lower case up to the path, without a default port and a closing slash.

    None for everything that is not plainly such an address: user info, query, fragment, escapes, dot segments, empty segments,
    names outside ASCII, a dot after the host, anything but http and https.
    """
    if not isinstance(address, str) or not _PRINTABLE.fullmatch(address) or set(address) & set("\\@?#%"):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    path = parts.path.removesuffix("/")
    if parts.scheme not in _DEFAULT_PORTS or port == 0 or not (_is_ip(host) or _is_name(host)):
        return None
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port in (None, _DEFAULT_PORTS[parts.scheme]) else f':{port}'}{path}"


def _is_name(host: str) -> bool:
    # A name whose last part is a number would be read as an IPv4 address in one of its odd spellings.
    return _HOST_NAME.fullmatch(host) is not None and not host.rpartition(".")[2].removeprefix("0x").isdigit()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def page_below(base: str, link: object, *, resource_type: str, patient_id: str) -> str | None:
    """What follows the canonical `base` in the link to a next page, beginning with `?` or `/`; the caller dials its own base.

    None when the link leads to another server, out of the base, to another type, or names another patient.
    """
    if not isinstance(link, str) or not _PRINTABLE.fullmatch(link) or "#" in link or "\\" in link:
        return None
    where, mark, query = link.partition("?")
    if "://" not in where:
        origin = "/".join(base.split("/", 3)[:3])
        where = f"{origin}{where}" if where.startswith("/") else f"{base}/{where}"
    place = canonical(where)
    if place is None or not (place == base or place.startswith(f"{base}/")) or not mark:
        return None
    path = place[len(base) :]
    if path not in ("", f"/{resource_type}", f"/{resource_type}/_search", "/_search"):
        return None
    named = [value for name, value in parse_qsl(query, keep_blank_values=True) if name in _PATIENT_PARAMETERS]
    if any(value not in (patient_id, f"Patient/{patient_id}") for value in named):
        return None
    return f"{path}?{query}"
