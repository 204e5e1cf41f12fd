"""The part of a contract that is checked before anything is made of it: what no code is made of may be as it likes."""

from __future__ import annotations

from typing import Any

from .contract import METHODS, mapping, operations, path_items

# The tags of an operation are used, those of the contract are not.
_UNUSED = "callbacks examples externalDocs headers links security securitySchemes servers webhooks"
UNUSED = frozenset(_UNUSED.split())
# The kinds of security scheme that a client with a token serves as it is.
OF_TOKENS = frozenset({"http bearer", "oauth2", "openIdConnect"})
UNUSED_IN_SCHEMAS = frozenset(("const", "default", "example", "examples", "externalDocs", "xml"))
# The members of a schema that are schemas, or hold some by name or in a list.
ONE = "additionalProperties contains else if items not propertyNames then unevaluatedItems unevaluatedProperties"
BY_NAME = "$defs definitions dependentSchemas patternProperties properties"
IN_A_LIST = "allOf anyOf oneOf prefixItems"
HOLDING = {
    **dict.fromkeys(ONE.split(), "schema"),
    **dict.fromkeys(BY_NAME.split(), "by name"),
    **dict.fromkeys(IN_A_LIST.split(), "in a list"),
}


def as_checked(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a contract without what no code is made of, and with `{}` for schemas that are `true` or `false`."""
    checked: dict[str, Any] = _others({name: value for name, value in contract.items() if name != "tags"})
    schemas = mapping(contract.get("components")).get("schemas")
    return (
        {**checked, "components": {**checked["components"], "schemas": _schemas(schemas, "by name")}}
        if schemas
        else checked
    )


def fill_in(contract: dict[str, Any]) -> None:
    """Put `{}` in the places of named schemas that are `true` or `false`, and leave out what is null, in place."""
    drop_nulls(contract)
    schemas = mapping(mapping(contract.get("components")).get("schemas"))
    schemas.update({name: {} for name, schema in schemas.items() if isinstance(schema, bool)})


def drop_nulls(contract: dict[str, Any]) -> None:
    """Leave out what is null in a contract, in its components, and in its paths and their operations, in place."""
    components = mapping(contract.get("components"))
    items = [*mapping(contract.get("paths")).values(), *mapping(components.get("pathItems")).values()]
    operations = [mapping(mapping(item).get(method)) for item in items for method in METHODS]
    for each in (contract, components, *map(mapping, items), *operations):
        for name in [name for name, value in each.items() if value is None]:
            del each[name]


def left_out(contract: dict[str, Any]) -> list[str]:
    """Return what requests may need and no code is made of, each in a line.

    Raises:
        ContractError: the reference of a path leads nowhere, out of the contract, or in a circle.
    """
    schemes = mapping(mapping(contract.get("components")).get("securitySchemes"))
    kinds = {name: _kind_of_scheme(mapping(scheme)) for name, scheme in schemes.items()}
    others = [f"{name} ({kind})" for name, kind in kinds.items() if kind not in OF_TOKENS]
    items = path_items(contract)
    told = f"security schemes are left out, requests have a bearer token alone: {', '.join(sorted(others))}"
    return [
        *([told] if others else []),
        *(
            f"{method.upper()} {path} has servers of its own, which are left out"
            for path, method, operation in operations(contract)
            if operation.get("servers") or items[path].get("servers")
        ),
    ]


def _kind_of_scheme(scheme: dict[str, Any]) -> str:
    more = {"http": f" {scheme.get('scheme')}".lower(), "apiKey": f" in {scheme.get('in')}"}
    return f"{scheme.get('type')}{more.get(str(scheme.get('type')), '')}"


def _others(node: Any) -> Any:
    if not isinstance(node, dict):
        return [_others(item) for item in node] if isinstance(node, list) else node
    found = {
        key: _schemas(value, "schema") if key == "schema" else _others(value)
        for key, value in node.items()
        if key not in UNUSED and not key.startswith("x-")
    }
    # An operation may be without responses.
    return {
        key: {"responses": {}, **value} if key in METHODS and isinstance(value, dict) else value
        for key, value in found.items()
    }


def _schemas(node: Any, kind: str) -> Any:
    if not kind:
        return node
    if kind == "in a list":
        return [_schemas(item, "schema") for item in node] if isinstance(node, list) else node
    if kind == "schema" and isinstance(node, bool):
        return {}
    if not isinstance(node, dict):
        return node
    if kind == "by name":
        return {key: _schemas(value, "schema") for key, value in node.items()}
    found = {key: _schemas(value, HOLDING.get(key, "")) for key, value in node.items() if key not in UNUSED_IN_SCHEMAS}
    if isinstance(node.get("enum"), list):
        found["enum"] = ["" if isinstance(value, dict | list) else value for value in node["enum"]]
    return found
