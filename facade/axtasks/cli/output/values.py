"""Values of JSON as text: in a table, in a cell of a file, and as JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


NOTHING = "-"
_TIME_NAMES = ("_at", "_time")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# What steers a terminal or turns the direction of writing around, and what cannot be encoded.
_STEERING = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_UNPRINTABLE = re.compile(rf"[\x00-\x1f{_STEERING}]")
_UNPRINTABLE_IN_JSON = re.compile(f"[{_STEERING}]")


def escape(text: str) -> str:
    """The text without any character that would steer a terminal; each is written as a backslash and its code."""
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return _NAMED.get(found[0]) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004  # one byte


def json_text(value: object, *, indent: int | None = None) -> str:
    """The JSON text of a value: readable Unicode, with escapes for what would steer a terminal.

    Args:
        value: anything JSON can say.
        indent: spaces per level; one line without any spaces when None.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    # Characters like these only stand within strings, where JSON has an escape for them.
    return _UNPRINTABLE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_scalar(value: object) -> bool:
    """Whether a value is neither an object nor a list."""
    return not isinstance(value, dict | list)


def flat(value: object) -> str:
    """The text of a value in a file's cell: nothing for null, text as it is, JSON for everything else."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def moment(name: str, value: object) -> datetime | None:
    """The point in time that a field's value says, in UTC; None when the field is none of those that hold times.

    Args:
        name: the field, or the dotted path to it.
        value: its value.
    """
    if not isinstance(value, str) or not name.endswith(_TIME_NAMES):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def cell(name: str, value: object) -> str:
    """The text of a value for people, in one line and safe to show.

    Args:
        name: the field, or the dotted path to it.
        value: its value.
    """
    if value is None or value in ([], {}):
        return NOTHING
    if isinstance(value, dict):
        return _joined((f"{escape(key)}={cell(key, item)}" for key, item in value.items()), value.values(), value)
    if isinstance(value, list):
        return _joined((cell(name, item) for item in value), value, value)
    if (at := moment(name, value)) is not None:
        return f"{at:%Y-%m-%d %H:%M:%S}Z"
    return '""' if value == "" else escape(flat(value))


def _joined(texts: Iterable[str], parts: Iterable[object], whole: Mapping[str, object] | list[object]) -> str:
    return ", ".join(texts) if all(is_scalar(part) for part in parts) else escape(json_text(whole))
