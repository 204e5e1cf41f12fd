"""Encoding of parameters with several values, and of those that are JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from .dialect import DIALECTS
from .operation import query_pairs, query_text
from .types import Unset
from .unions import encode_value


def json_text(value: Any, dialect: str) -> str | Unset:
    """The JSON text of a parameter."""
    if isinstance(value, Unset):
        return value
    return json.dumps(encode_value(value, DIALECTS[dialect].spelling), separators=(",", ":"))


def delimited(value: Any, delimiter: str, dialect: str) -> str | Unset | None:
    """The values of a parameter as one text."""
    return delimiter.join(query_text(each, dialect) for each in value) if isinstance(value, list) else value


def exploded_pairs(value: Any, dialect: str) -> tuple[tuple[str, object], ...]:
    """The members of a parameter that is an object, each as a parameter of its own."""
    encoded = None if isinstance(value, Unset) else encode_value(value, DIALECTS[dialect].spelling)
    return tuple(encoded.items()) if isinstance(encoded, dict) else ()


def deep_pairs(name: str, value: Any, dialect: str) -> tuple[tuple[str, object], ...]:
    """The members of a parameter that is an object, each under the name of the parameter and its own."""
    return tuple((f"{name}[{key}]", item) for key, item in exploded_pairs(value, dialect))


def cookie_pairs(values: tuple[tuple[str, object], ...], dialect: str) -> tuple[tuple[str, str], ...]:
    """The one header that holds the cookies that were given."""
    given = "; ".join(f"{name}={quote(text, safe='')}" for name, text in query_pairs(values, dialect))
    return (("Cookie", given),) if given else ()
