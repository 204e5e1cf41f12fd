"""Encoding of parameters that are JSON or have several values, and of the fields of forms, as their styles say."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from .dialect import DIALECTS
from .operation import path_segment, query_pairs, query_text
from .types import Unset
from .unions import encode_value

# What stands before a parameter in a path, and between its values where they explode.
_IN_PATH = {"simple": ("", ","), "label": (".", "."), "matrix": (";", ";")}
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
Pairs = tuple[tuple[str, str], ...]


def json_text(value: Any, dialect: str) -> str | Unset:
    """The JSON text of a parameter."""
    if isinstance(value, Unset):
        return value
    return json.dumps(encode_value(value, DIALECTS[dialect].spelling), separators=(",", ":"))


def path_text(name: str, value: Any, dialect: str, style: str, *, explodes: bool = False) -> str:
    """A parameter of the path as its style has it, percent-encoded."""
    encoded = encode_value(value, DIALECTS[dialect].spelling)
    before, between = _IN_PATH[style]
    texts = [path_segment(text) if text else "" for text in _texts(encoded, explodes=False)]
    if not any(texts):
        path_segment("")  # Which refuses it: an empty parameter leaves the path of something else.
    if isinstance(encoded, dict) and explodes:
        texts = [f"{key}={text}" for key, text in zip(texts[::2], texts[1::2], strict=True)]
    elif style == "matrix":
        named = f"{path_segment(name)}="
        texts = [named + text for text in texts] if explodes else [named + ",".join(texts)]
    return before + (between if explodes else ",").join(texts)


def styled_text(value: Any, dialect: str, *, explodes: bool = False) -> str | None:
    """The values of a header as one text; None for none."""
    if value is None or isinstance(value, Unset):
        return None
    texts = _texts(encode_value(value, DIALECTS[dialect].spelling), explodes=explodes)
    return ",".join(texts) if texts else None


def styled_pairs(name: str, value: Any, dialect: str, style: str = "form", *, explodes: bool = True) -> Pairs:
    """The names and texts of a parameter of the query, of a cookie or of a form, whatever its value is.

    The members of a `deepObject` are named by their keys, items of arrays by their indices: `a[b][0]`.
    """
    if value is None or isinstance(value, Unset):
        return ()
    encoded = encode_value(value, DIALECTS[dialect].spelling)
    if style == "deepObject":
        return tuple(_deep(name, encoded))
    if explodes and isinstance(encoded, dict):
        return tuple(pair for key, item in encoded.items() for pair in _each(key, item))
    if explodes and isinstance(encoded, list):
        return tuple(_each(name, encoded))
    texts = _texts(encoded, explodes=False)
    return ((name, _DELIMITERS.get(style, ",").join(texts)),) if texts else ()


def form_body(body: Any, dialect: str, styles: dict[str, tuple[str, bool]]) -> dict[str, list[str]] | None:
    """The fields of a form, each with its texts.

    Args:
        body: a model or a dict; unset for no form.
        dialect: how values are spelled.
        styles: the style of each field that has one, and whether it explodes. Of others an array is there once for each
            of its items, and an object is JSON.
    """
    if isinstance(body, Unset):
        return None
    fields: dict[str, list[str]] = {}
    for name, value in encode_value(body, DIALECTS[dialect].spelling).items():
        style, explodes = styles.get(name, ("", True))
        pairs = styled_pairs(name, value, dialect, style, explodes=explodes)
        if value is None or style == "json" or (isinstance(value, dict) and not style):
            pairs = ((name, "" if value is None else json.dumps(value, separators=(",", ":"))),)
        for key, text in pairs:
            fields.setdefault(key, []).append(text)
    return fields


def multipart_body(body: Any, dialect: str, files: tuple[str, ...]) -> list[Any] | None:
    """The parts of a form: name, name of a file or None, text, and media type or None.

    Args:
        body: a model or a dict; unset for no form.
        dialect: how values are spelled.
        files: the fields that are files, which are called as the fields are.
    """
    if isinstance(body, Unset):
        return None
    return [
        [
            name,
            name if name in files else None,
            # The contract has text for files, and what is no text would be sent as its repr.
            item if isinstance(item, bytes) else _text(item),
            "application/json" if isinstance(item, dict) else None,
        ]
        for name, value in encode_value(body, DIALECTS[dialect].spelling).items()
        for item in (value if isinstance(value, list) else [value])
    ]


def cookie_pairs(values: tuple[tuple[str, object], ...], dialect: str) -> Pairs:
    """The one header that holds the cookies that were given."""
    given = "; ".join(f"{name}={quote(text, safe='')}" for name, text in query_pairs(values, dialect))
    return (("Cookie", given),) if given else ()


def _text(value: Any) -> str:
    """The text of one value; of what has no text of its own, its JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"))
    return "" if value is None else query_text(value)


def _each(name: str, value: Any) -> list[tuple[str, str]]:
    """The texts of one value or of each of several; null is none."""
    return [(name, _text(item)) for item in (value if isinstance(value, list) else [value]) if item is not None]


def _texts(value: Any, *, explodes: bool) -> list[str]:
    """The texts of the items of an array, or of the keys and values of an object; one text of anything else.

    Null within them is none, and RFC 6570 has no parameter for those that are empty.
    """
    if isinstance(value, dict):
        pairs = [(key, _text(item)) for key, item in value.items() if item is not None]
        return ["=".join(pair) for pair in pairs] if explodes else [text for pair in pairs for text in pair]
    return [_text(item) for item in value if item is not None] if isinstance(value, list) else [_text(value)]


def _deep(name: str, value: Any) -> list[tuple[str, str]]:
    """Each value within another, named by the way to it."""
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _deep(f"{name}[{key}]", item)]
    if isinstance(value, list):
        return [pair for number, item in enumerate(value) for pair in _deep(f"{name}[{number}]", item)]
    return [] if value is None else [(name, _text(value))]
