"""Which URLs a configuration may name: https, and http only to this machine and only in the demo."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_PLAIN = re.compile(r"[!-~]+")  # visible ASCII: an international name is written in its ASCII form
_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:\d{1,5})?|https?://\[[0-9a-f:.]+\](:\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine, without asking any name server."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_address(url: str, *, http_to_this_machine: bool) -> str:
    """The URL itself. Raises ValueError with a constant sentence when it is none that may be configured."""
    parts = _split(url)
    if parts is None or not parts.hostname:
        raise ValueError("it must be a URL of scheme, host and path")
    if parts.username is not None or parts.password is not None or "?" in url or "#" in url or "\\" in url:
        raise ValueError("the URL must have no user, query or fragment")
    if {".", ".."} & set(parts.path.split("/")) or "//" in parts.path or "%" in parts.path:
        raise ValueError("the path of the URL must be written plainly")
    if parts.scheme == "https" or (parts.scheme == "http" and http_to_this_machine and is_loopback(parts.hostname)):
        return url
    if parts.scheme == "http" and is_loopback(parts.hostname):
        raise ValueError("the URL must be https; http to this machine is for the demo profile only")
    raise ValueError("the URL must be https")


def check_origin(origin: str) -> str:
    """The browser origin itself, if it is one exact origin; ValueError otherwise."""
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("an origin is scheme://host[:port] in lower case, without wildcard or path")
    return origin


def _split(url: str) -> SplitResult | None:
    if not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return None
    return parts
