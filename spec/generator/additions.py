"""Additions of the overlays to a contract, so that programs can name what a server lacks before they send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .contract import mapping, operations, resolve

if TYPE_CHECKING:
    from .contract import Document

# Schema or operation, to the names of the properties, values or parameters it has more; none where all of it is new.
Additions = dict[str, tuple[str, ...]]


def additions(before: Document, after: Document) -> Additions:
    """Return what one contract has more than another.

    Args:
        before: the other, with values by their names in Python.
        after: the contract, likewise.
    """
    found: Additions = {}
    for had, has in ((_schemas(before), _schemas(after)), (_operations(before), _operations(after))):
        for name, members in has.items():
            more = tuple(member for member in members if member not in had.get(name, ()))
            if name not in had:
                found[name] = ()
            elif more:
                found[name] = more
    return found


def keep_open(before: Document, after: Document) -> None:
    """Let models of a contract take further fields where those of another do, so that one class does for both.

    Args:
        before: the other.
        after: the contract; changed in place.
    """
    schemas = after.get("components", {}).get("schemas", {})
    for name, schema in before.get("components", {}).get("schemas", {}).items():
        closes = schemas.get(name, {}).get("additionalProperties") is False
        if closes and schema.get("additionalProperties") is not False:
            del schemas[name]["additionalProperties"]


def _schemas(contract: Document) -> dict[str, list[str]]:
    """The schemas with their properties or values."""
    schemas = contract.get("components", {}).get("schemas", {})
    return {name: [*mapping(schema.get("properties")), *(schema.get("enum") or [])] for name, schema in schemas.items()}


def _operations(contract: Document) -> dict[str, list[str]]:
    """The operations with their parameters."""
    return {
        operation["operationId"]: [
            str(resolve(contract, parameter, f"parameters of {operation['operationId']}")[0].get("name"))
            for parameter in operation.get("parameters", [])
        ]
        for _, _, operation in operations(contract)
        if "operationId" in operation
    }
