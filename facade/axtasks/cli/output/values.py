"""Values of JSON as text: in a table, in a cell of a file, and as JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from axtasks.text import STEERING, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


NOTHING = "-"
_TIME_NAMES = ("_at", "_time")
_UNPRINTABLE_IN_JSON = re.compile(f"[{STEERING}]")


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON: readable Unicode, escapes for what would steer a terminal, null for NaN and infinity.

    Args:
        value: the value.
        indent: spaces per level; one line without any spaces when None.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    except ValueError:
        # Imported late: few servers send such numbers.
        from axtasks_api.codec import finite

        text = json.dumps(finite(value), ensure_ascii=False, indent=indent, separators=separators)
    # Characters like these only stand within strings, where JSON has an escape for them.
    return _UNPRINTABLE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_scalar(value: object) -> bool:
    """Return whether a value is neither an object nor a list."""
    return not isinstance(value, dict | list)


def flat(value: object) -> str:
    """Return a value for a cell of a file: nothing for null, text as it is, JSON for everything else."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def time_of(name: str, value: object) -> datetime | None:
    """Return the value of a field as a time in UTC; None for a field that is not one for times."""
    if not isinstance(value, str) or not name.endswith(_TIME_NAMES):
        return None
    try:
        # RFC 3339 lets the T and the Z be small letters.
        found = datetime.fromisoformat(value.upper())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def cell(name: str, value: object) -> str:
    """Return the value of a field for people, in one line and with escapes."""
    if value is None or value in ([], {}):
        return NOTHING
    if isinstance(value, dict):
        return _joined((f"{escape(key)}={cell(key, item)}" for key, item in value.items()), value.values(), value)
    if isinstance(value, list):
        return _joined((cell(name, item) for item in value), value, value)
    if (at := time_of(name, value)) is not None:
        # Unlike a format, this writes all four digits of a year in each system.
        return f"{at.replace(tzinfo=None).isoformat(' ', 'seconds')}Z"
    return '""' if value == "" else escape(flat(value))


def _joined(texts: Iterable[str], parts: Iterable[object], whole: Mapping[str, object] | list[object]) -> str:
    return ", ".join(texts) if all(is_scalar(part) for part in parts) else escape(json_text(whole))
