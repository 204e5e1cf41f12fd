"""The contracts, read from the files that ship with the generated clients: operations, schemas and their validators.

Only the data files are used. The packages around them are located but never imported, so that nothing in the client
can lend the mock its mistakes.

A contract may spell its values otherwise than the documents do. Within the mock there is one spelling, the documents';
a contract of another says beside its values, under `x-python-values`, what they are in it.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text

from .dialect import Respelling, respelled, respelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema_rs import Draft202012Validator

DOCUMENTS, BETA = NAMES = ("documents", "beta")
PACKAGE = "axtasks_api"
FILES = {DOCUMENTS: "openapi.json", BETA: "openapi.beta.json"}
DEFAULT = DOCUMENTS
"""The name of the contract that a mock serves which is not told otherwise."""
STORED, TAG = "StoredRunConfiguration", "experiment_type"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ContractMissingError(RuntimeError):
    """The data file of a contract is not where it should be."""


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
def of(name: str) -> Contract:
    """The contract of a name, read once per process.

    Raises:
        ValueError: there is none of that name.
    """
    if name not in FILES:
        raise ValueError(f"the contract has to be one of {', '.join(NAMES)}, not {name!r}")
    return Contract(name, document(FILES[name]))


@cache
def inside(name: str = BETA) -> Contract:
    """A contract in the one spelling there is within the mock. That of beta has all that any has: worlds go by it."""
    return Contract("inside", as_object(respelled(of(name).document)))


def document(name: str) -> JsonObject:
    """The contract of this file, which ships with the generated client, as data."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in folders:
        file = Path(folder) / name
        if file.is_file():
            return as_object(json.loads(file.read_text(encoding="utf-8")))
    where = ", ".join(folders) or f"no package {PACKAGE!r} is installed"
    raise ContractMissingError(
        f"the mock needs {name} of {PACKAGE!r}, looked for it in: {where}. "
        "Reinstall ax-tasks, or run `make generate` in a checkout."
    )


class Contract:
    """A contract as the mock uses it.

    Attributes:
        name: what it is called.
        document: all of it, as data.
        has_beta_rules: tells that the rules hold that are not the documents' (those with a B).
    """

    def __init__(self, name: str, document: JsonObject) -> None:
        self.name = name
        self.document = document
        self.has_beta_rules = name != DOCUMENTS
        self._schemas = as_object(as_object(document["components"])["schemas"])
        self._bodies: dict[str, Draft202012Validator] = {}
        self._queries: dict[str, Draft202012Validator] = {}
        self._respellings: dict[tuple[str, bool], Respelling | None] = {}

    def schema(self, name: str) -> JsonObject:
        """A schema of the contract by its name."""
        return as_object(self._schemas[name])

    def properties(self, name: str) -> JsonObject:
        """The properties of an object schema; none of one that the contract lacks."""
        return as_object(self.schema(name)["properties"]) if name in self._schemas else {}

    def resolve(self, value: JsonValue) -> JsonObject:
        """The object meant, when it stands somewhere else and is only referred to."""
        found = as_object(value)
        while "$ref" in found:
            at: JsonValue = self.document
            for step in as_text(found["$ref"]).removeprefix("#/").split("/"):
                at = as_object(at)[step]
            found = as_object(at)
        return found

    def variants(self, reference: JsonValue) -> tuple[str, ...]:
        """The names of the schemas that a reference stands for: the branches of a union, or the one it names."""
        whole = self.resolve(reference)
        for union in ("oneOf", "anyOf"):
            if union in whole:
                return tuple(_name_of(branch) for branch in as_list(whole[union]))
        return (_name_of(reference),)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation of the contract, by its id."""
        found: dict[str, Operation] = {}
        for path, entry in as_object(self.document["paths"]).items():
            item = as_object(entry)
            for method in METHODS:
                if method in item:
                    operation = self._operation(method, path, as_object(item[method]), item.get("parameters", []))
                    found[operation.id] = operation
        return found

    def _operation(self, method: str, path: str, declared: JsonObject, shared: JsonValue) -> Operation:
        listed = (*as_list(shared), *as_list(declared.get("parameters", [])))
        in_query = [each for each in map(self.resolve, listed) if each["in"] == "query"]
        body = self.resolve(declared["requestBody"]) if "requestBody" in declared else {}
        content = as_object(body.get("content", {}))
        return Operation(
            id=as_text(declared["operationId"]),
            method=method.upper(),
            path=path,
            query={as_text(each["name"]): as_object(each["schema"]) for each in in_query},
            bodies=self.variants(as_object(content["application/json"])["schema"]) if content else (),
            body_required=body.get("required") is True,
            statuses=frozenset(as_object(declared["responses"])),
        )

    def variant_with(self, names: Iterable[str], field: str) -> str:
        """The first of these schemas that has a field of this name."""
        for name in names:
            if field in self.properties(name):
                return name
        raise LookupError(f"the contract has no such shape with a field {field!r}")

    def body_with(self, operation_id: str, field: str) -> str:
        """The name of the body shape of an operation that has this field."""
        return self.variant_with(self.operations[operation_id].bodies, field)

    def validator(self, core: JsonObject, *, check_formats: bool = False) -> Draft202012Validator:
        """A validator of a schema that may refer to those of the contract."""
        from jsonschema_rs import Draft202012Validator  # compiled code, only for those who validate

        whole = {"$schema": DIALECT, **core, "components": {"schemas": self._schemas}}
        # In requests formats are a matter of meaning, not of shape: a date that cannot be read is refused later, with
        # another status.
        return Draft202012Validator(cast("dict[str, object]", whole), validate_formats=check_formats)

    def body_validator(self, name: str) -> Draft202012Validator:
        """The validator of one schema, made once per process."""
        if name not in self._bodies:
            self._bodies[name] = self.validator({"$ref": f"#/components/schemas/{name}"})
        return self._bodies[name]

    def query_validator(self, operation_id: str) -> Draft202012Validator:
        """The validator of an operation's query parameters, made once per process."""
        if operation_id not in self._queries:
            declared = self.operations[operation_id].query
            schema: JsonObject = {"type": "object", "properties": {name: dict(each) for name, each in declared.items()}}
            self._queries[operation_id] = self.validator(schema)
        return self._queries[operation_id]

    def inward(self, name: str, value: JsonValue) -> JsonValue:
        """Return what fits a schema of the contract, in the spelling within the mock."""
        return self._respelled(name, value, inward=True)

    def outward(self, name: str, value: JsonValue) -> JsonValue:
        """Return what is spelled as within the mock, as a schema of the contract has it."""
        return self._respelled(name, value, inward=False)

    def _respelled(self, name: str, value: JsonValue, *, inward: bool) -> JsonValue:
        """Return what fits a schema, or the query of an operation, in the spelling of the other side."""
        if (name, inward) not in self._respellings:
            operation = self.operations.get(name)
            declared: JsonValue = self.schema(name) if operation is None else {"properties": {**operation.query}}
            self._respellings[name, inward] = respelling(declared, self.resolve, inward=inward) or None
        found = self._respellings[name, inward]
        return value if found is None else found.of(value)

    @cached_property
    def _configurations(self) -> frozenset[JsonValue]:
        """The tags of all stored run configurations, in the spelling within the mock."""
        names = self.variants({"$ref": f"#/components/schemas/{STORED}"})
        tags = [as_object(self.properties(name)[TAG])["const"] for name in names]
        return frozenset(as_object(self.inward(STORED, {TAG: tag}))[TAG] for tag in tags)

    def knows_configuration(self, configuration: JsonObject) -> bool:
        """Return whether the contract can show a stored run configuration."""
        return configuration[TAG] in self._configurations

    def has_word(self, enum: str, word: str) -> bool:
        """Return whether an enum has a value, which is spelled as within the mock."""
        return self.word(enum, word) in as_list(self.schema(enum)["enum"])

    def word(self, enum: str, word: str) -> str:
        """A value of an enum as the contract spells it."""
        return as_text(self.outward(enum, word))

    def query_inward(self, operation_id: str, values: JsonObject) -> JsonObject:
        """The query parameters of an operation in the spelling within the mock."""
        return as_object(self._respelled(operation_id, values, inward=True))

    def body_inward(self, operation_id: str, value: JsonObject) -> JsonObject:
        """A body that an operation was sent, of whatever shape, in the spelling within the mock."""
        for name in self.operations[operation_id].bodies:
            value = as_object(self.inward(name, value))
        return value


def _name_of(reference: JsonValue) -> str:
    return as_text(as_object(reference)["$ref"]).rpartition("/")[2]
