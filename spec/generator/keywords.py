"""The keywords of one schema, without what it refers to: its types, the members it may have, the values of its enum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .contract import ContractError

if TYPE_CHECKING:
    from .contract import Document

SCALARS = {"string": "str", "boolean": "bool", "integer": "int", "number": "float"}
TYPES = frozenset({*SCALARS, "array", "object", "null"})
UNIONS = ("oneOf", "anyOf")
# Members of a schema that say more than which of the values of another are allowed.
STRUCTURE = frozenset(
    {"$ref", "type", "enum", "const", "properties", "additionalProperties", "items", "allOf", *UNIONS}
)  # fmt: skip


# The types that a value of Python has in JSON.
TYPES_OF_VALUES: dict[type, set[str]] = {
    str: {"string"},
    bool: {"boolean"},
    int: {"integer", "number"},
    float: {"number"},
    list: {"array"},
    dict: {"object"},
}


def types_of(schema: Document) -> list[str]:
    """Return the types that a schema names."""
    kind = schema.get("type")
    return [str(each) for each in kind] if isinstance(kind, list) else [] if kind is None else [str(kind)]


def types_told(schema: Document) -> list[str]:
    """Return the type of a schema that names none, as its members tell it; none where they do not."""
    if schema.get("properties") or "additionalProperties" in schema:
        return ["object"]
    return ["array"] if "items" in schema else ["any"]


def may_be_null(schema: Document) -> bool:
    """Return True for a schema that allows null, in the words of any version."""
    values = schema.get("enum")
    return schema.get("nullable") is True or "null" in types_of(schema) or (isinstance(values, list) and None in values)


def is_model(schema: Document) -> bool:
    """Return True for an object with properties of its own, and for one that may have none at all."""
    types = [name for name in types_of(schema) if name != "null"]
    if types and "object" not in types:
        return False
    return bool(schema.get("properties")) or (further_members(schema) is False and types == ["object"])


def further_members(schema: Document) -> Any:
    """Return the schema of the members that an object may have besides its properties; False where it has none."""
    return True if "patternProperties" in schema else schema.get("additionalProperties", True)


def enum_type(schema: Document) -> type | None:
    """Return the type of the values of an enum that a class is made of."""
    values = schema.get("enum")
    kinds = {type(value) for value in values if value is not None} if isinstance(values, list) else set()
    return kinds.pop() if kinds in ({str}, {int}) else None


def refuse_contradiction(schema: Document, where: str) -> None:
    """Refuse an enum or a constant of which no value has the type that stands beside, such as `200` among strings.

    Raises:
        ContractError: it is one.
    """
    values = schema["enum"] if isinstance(schema.get("enum"), list) else [schema.get("const")]
    given = [value for value in values if value is not None]
    kinds = {name for value in given for name in TYPES_OF_VALUES[type(value)]}
    kinds |= {"integer"} if any(isinstance(value, float) and value.is_integer() for value in given) else set()
    if given and types_of(schema) and not kinds & {*types_of(schema)}:
        wanted = " or ".join(types_of(schema))
        raise ContractError(f"{where}: no value is of type {wanted}: {given[0]!r} is none")


def union_in(schema: Document) -> list[Any]:
    """Return the members of the union that a schema has."""
    found: object = next((schema[name] for name in UNIONS if schema.get(name)), [])
    return found if isinstance(found, list) else []
