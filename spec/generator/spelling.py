"""Names in Python for the values of a contract, where they are not as the contract spells them.

`x-python-values` beside an enum or a constant holds those names in the order of the values. The generator then sees the
names, and the package gets the table that translates.
"""

from __future__ import annotations

from typing import Any

from .contract import ContractError, Document, mapping

EXTENSION = "x-python-values"

# Name of the enum, or "Model.field" of a constant, to: name in Python to spelling in the contract.
Spellings = dict[str, dict[str, str]]


def take_spellings(contract: Document) -> Spellings:
    """Puts the names in Python into the places of the values, and returns how the contract spells them.

    Raises:
        ContractError: the names are not as many as the values, or stand where no class is made of the values.
    """
    spellings: Spellings = {}
    for name, schema in contract.get("components", {}).get("schemas", {}).items():
        if EXTENSION in schema:
            spellings[name] = _swapped(schema, name)
        for field, inner in mapping(schema.get("properties")).items():
            if EXTENSION in mapping(inner):
                spellings[f"{name}.{field}"] = _swapped(inner, f"{name}.{field}")
    _refuse_leftovers(contract, "$")
    _translate_defaults(contract, spellings)
    return spellings


def _swapped(schema: dict[str, Any], where: str) -> dict[str, str]:
    names = schema.pop(EXTENSION)
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ContractError(f"{where} has {EXTENSION} that are no list of texts: {names!r}")
    if len(names) != len(values) or len(set(names)) != len(names):
        raise ContractError(f"{where} has {len(values)} values but {len(names)} {EXTENSION}, or one of them twice")
    if "enum" in schema:
        schema["enum"] = list(names)
    else:
        schema["const"] = names[0]
    spelled = dict(zip(names, values, strict=True))
    if "default" in schema:
        schema["default"] = _name_of(schema["default"], spelled)
    return spelled


def _name_of(value: object, spelled: dict[str, str]) -> object:
    """The name of a value in Python."""
    return next((name for name, spelling in spelled.items() if spelling == value), value)


def _translate_defaults(contract: Document, spellings: Spellings) -> None:
    """Renames the defaults that stand beside a reference to an enum, as the values themselves were."""
    waiting: list[Any] = [contract]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for reference in [node, *node.get("allOf", [])] if "default" in node else []:
                name = str(reference.get("$ref", "")).rpartition("/")[2] if isinstance(reference, dict) else ""
                node["default"] = _name_of(node["default"], spellings.get(name, {}))
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _refuse_leftovers(node: Any, where: str) -> None:
    if isinstance(node, dict):
        if EXTENSION in node:
            raise ContractError(f"{where} has {EXTENSION}, which only named enums and constant fields can have")
        for key, value in node.items():
            _refuse_leftovers(value, f"{where}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _refuse_leftovers(value, f"{where}[{index}]")
