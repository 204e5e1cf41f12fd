"""JSON as types, and the narrowing that reading it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]


class RepeatedKeyError(ValueError):
    """A key that stands twice in one JSON object: of its two values neither is the one that is meant."""


def distinct(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    """Make an object of its pairs, for `json.loads`.

    Raises:
        RepeatedKeyError: a key stands there twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise RepeatedKeyError(f"the key {json.dumps(next(each for each in keys if keys.count(each) > 1))} twice")
    return found


def not_json(word: str) -> NoReturn:
    """Refuse `NaN` and its like, for `json.loads`."""
    raise ValueError(f"{word} is not a JSON value")


def path_text(steps: Iterable[str | int]) -> str:
    """The way to a part of a JSON value as people write it: `tasks[3].project`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def as_object(value: JsonValue) -> JsonObject:
    """The value, known to be an object."""
    if not isinstance(value, dict):
        raise TypeError(f"expected a JSON object, found {type(value).__name__}")
    return value


def as_list(value: JsonValue) -> list[JsonValue]:
    """The value, known to be an array."""
    if not isinstance(value, list):
        raise TypeError(f"expected a JSON array, found {type(value).__name__}")
    return value


def as_whole(value: JsonValue) -> int:
    """The value, known to be a whole number."""
    if not isinstance(value, int):
        raise TypeError(f"expected a whole number, found {type(value).__name__}")
    return value


def as_text(value: JsonValue) -> str:
    """The value, known to be a string."""
    if not isinstance(value, str):
        raise TypeError(f"expected a JSON string, found {type(value).__name__}")
    return value
