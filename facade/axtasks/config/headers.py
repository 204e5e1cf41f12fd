"""Headers that a caller has sent with every request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from axtasks.errors import ConfigurationError

from .credentials import RedactedDict

# What the client says of itself and of its requests, and what belongs to a connection.
RESERVED = frozenset(
    (
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    )
)
# RFC 9110: a token, and visible characters with blanks between them.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[!-~](?:[ \t!-~]*[!-~])?)?")


def parse_headers(headers: Mapping[str, str] | None) -> RedactedDict[str]:
    """Return the headers of an argument; raise ConfigurationError for one that cannot be sent, or is the client's.

    Values may be secrets, so no message has one.
    """
    if not isinstance(headers, Mapping | None):
        raise ConfigurationError(f"default_headers has to be a mapping of names to texts, not {type(headers).__name__}")
    parsed = RedactedDict[str]()
    seen: set[str] = set()
    for name, value in cast("Mapping[object, object]", headers or {}).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ConfigurationError(f"default_headers has a name that no header can have: {name!r}")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise ConfigurationError(f"the value of {name!r} in default_headers has to be one line of printable ASCII")
        if name.lower() in RESERVED:
            raise ConfigurationError(f"{name!r} cannot be in default_headers: the client sets it")
        if name.lower() in seen:
            raise ConfigurationError(f"{name!r} is in default_headers twice: give it once, in either case")
        seen.add(name.lower())
        parsed[name] = value
    return parsed
