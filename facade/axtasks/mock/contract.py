"""The contract, read from the file that ships with the generated client: operations, schemas and their validators.

Only the data file is used. The package around it is located but never imported, so that nothing in the client can
lend the mock its mistakes.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .jsontypes import JsonObject, JsonValue, as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema_rs import Draft202012Validator

PACKAGE = "axtasks_api"
FILE = "openapi.json"
DEFAULT = "documents"
"""The name of the contract that a mock serves which is not told otherwise."""
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ContractMissingError(RuntimeError):
    """The data file of the contract is not where it should be."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path: its query parameters with their schemas, the shapes of its body, and its statuses."""

    id: str
    method: str
    path: str
    query: Mapping[str, JsonObject]
    bodies: tuple[str, ...]
    body_required: bool
    statuses: frozenset[str]


@cache
def document() -> JsonObject:
    """The whole contract as data."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in folders:
        file = Path(folder) / FILE
        if file.is_file():
            return as_object(json.loads(file.read_text(encoding="utf-8")))
    where = ", ".join(folders) or f"no package {PACKAGE!r} is installed"
    raise ContractMissingError(
        f"the mock needs {FILE} of {PACKAGE!r}, looked for it in: {where}. "
        "Reinstall ax-tasks, or run `make generate` in a checkout."
    )


def schema(name: str) -> JsonObject:
    """A schema of the contract by its name."""
    return as_object(as_object(as_object(document()["components"])["schemas"])[name])


def properties(name: str) -> JsonObject:
    """The properties of an object schema."""
    return as_object(schema(name)["properties"])


def resolve(value: JsonValue) -> JsonObject:
    """The object meant, when it stands somewhere else and is only referred to."""
    found = as_object(value)
    while "$ref" in found:
        at: JsonValue = document()
        for step in as_text(found["$ref"]).removeprefix("#/").split("/"):
            at = as_object(at)[step]
        found = as_object(at)
    return found


def _name_of(reference: JsonValue) -> str:
    return as_text(as_object(reference)["$ref"]).rpartition("/")[2]


def variants(reference: JsonValue) -> tuple[str, ...]:
    """The names of the schemas that a reference stands for: the branches of a union, or the one it names."""
    whole = resolve(reference)
    for union in ("oneOf", "anyOf"):
        if union in whole:
            return tuple(_name_of(branch) for branch in as_list(whole[union]))
    return (_name_of(reference),)


def _body_shapes(declared: JsonObject) -> tuple[str, ...]:
    content = as_object(resolve(declared["requestBody"])["content"])
    return variants(as_object(content["application/json"])["schema"])


@cache
def operations() -> dict[str, Operation]:
    """Every operation of the contract, by its id."""
    found: dict[str, Operation] = {}
    for path, entry in as_object(document()["paths"]).items():
        item = as_object(entry)
        for method in METHODS:
            if method not in item:
                continue
            declared = as_object(item[method])
            shared, own = as_list(item.get("parameters", [])), as_list(declared.get("parameters", []))
            parameters = [resolve(each) for each in (*shared, *own)]
            in_query = [each for each in parameters if each["in"] == "query"]
            with_body = "requestBody" in declared
            operation = Operation(
                id=as_text(declared["operationId"]),
                method=method.upper(),
                path=path,
                query={as_text(each["name"]): as_object(each["schema"]) for each in in_query},
                bodies=_body_shapes(declared) if with_body else (),
                body_required=with_body and resolve(declared["requestBody"]).get("required") is True,
                statuses=frozenset(as_object(declared["responses"])),
            )
            found[operation.id] = operation
    return found


def variant_with(names: Iterable[str], field: str) -> str:
    """The first of these schemas that has a field of this name."""
    for name in names:
        if field in properties(name):
            return name
    raise LookupError(f"the contract has no such shape with a field {field!r}")


def body_with(operation_id: str, field: str) -> str:
    """The name of the body shape of an operation that has this field."""
    return variant_with(operations()[operation_id].bodies, field)


def validator(core: JsonObject) -> Draft202012Validator:
    """A validator of a schema that may refer to those of the contract."""
    from jsonschema_rs import Draft202012Validator  # compiled code, only for those who validate

    components = {"schemas": as_object(document()["components"])["schemas"]}
    whole = {"$schema": DIALECT, **core, "components": components}
    # Formats are a matter of meaning, not of shape: a date that cannot be read is refused later, with another status.
    return Draft202012Validator(cast("dict[str, object]", whole), validate_formats=False)


@cache
def body_validator(name: str) -> Draft202012Validator:
    """The validator of one schema, made once per process."""
    return validator({"$ref": f"#/components/schemas/{name}"})


@cache
def query_validator(operation_id: str) -> Draft202012Validator:
    """The validator of an operation's query parameters, made once per process."""
    declared = operations()[operation_id].query
    return validator({"type": "object", "properties": {name: dict(each) for name, each in declared.items()}})
