"""Schemas for values that the contract does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
    type(None): "null",
}


def types_of(values: Sequence[Any]) -> list[str]:
    """The JSON types of some values, each once."""
    found = list(dict.fromkeys(_NAMES[type(value)] for value in values))
    return [each for each in found if each != "integer" or "number" not in found]


def inferred(values: Sequence[Any]) -> dict[str, Any]:
    """A schema that all of some values fit: types, fields and items, and nothing of what the values are."""
    types = types_of(values)
    if not types:
        return {}
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    objects = [value for value in values if isinstance(value, dict)]
    names = dict.fromkeys(name for each in objects for name in each)
    if names:
        schema["properties"] = {name: inferred([each[name] for each in objects if name in each]) for name in names}
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        schema["items"] = inferred(items)
    return schema
