"""JSON as types, and the narrowing that reading it takes."""

from __future__ import annotations

from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]


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


def as_text(value: JsonValue) -> str:
    """The value, known to be a string."""
    if not isinstance(value, str):
        raise TypeError(f"expected a JSON string, found {type(value).__name__}")
    return value
