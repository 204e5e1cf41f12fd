"""Tests that the contract and the table of the documents' facts agree, both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.contract.facts import (
    ENUMS,
    OPERATIONS,
    REQUESTS,
    RESPONSES,
    SCHEMAS,
    TWINS,
    UNIONS,
    Field,
    Operation,
    Schema,
    Union,
)
from tests.contract.rows import each

Node = Mapping[str, Any]

NAMED = frozenset((*ENUMS, *(s.name for s in SCHEMAS), *(u.name for u in UNIONS)))
LIMITS = frozenset(
    (
        *("default", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minProperties", "maxProperties"),
    )
)
METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))


# --- reading the contract --------------------------------------------------------------------------------------------


def resolved(contract: Node, node: Node) -> Node:
    """Return the target of a local `$ref`; keywords beside the `$ref` win over those behind it."""
    while "$ref" in node:
        target: Any = contract
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def flattened(contract: Node, node: Node) -> Node:
    """Return an object schema with the properties and required names of its `allOf` parts."""
    node = resolved(contract, node)
    properties, required = dict(node.get("properties", {})), list(node.get("required", ()))
    for part in node.get("allOf", ()):
        if "if" not in part:
            base = flattened(contract, part)
            properties = {**base.get("properties", {}), **properties}
            required += base.get("required", ())
    return {**node, "properties": properties, "required": required}


def without_null(contract: Node, node: Node) -> tuple[Node, bool]:
    """Return the node without its null, and whether it had one."""
    for keyword in ("anyOf", "oneOf"):
        choices = [c for c in node.get(keyword, ()) if resolved(contract, c).get("type") != "null"]
        if len(choices) < len(node.get(keyword, ())):
            rest = {k: v for k, v in node.items() if k != keyword}
            return ({**rest, **choices[0]} if len(choices) == 1 else {**rest, keyword: choices}), True
    types = node.get("type")
    if isinstance(types, list) and "null" in types:
        kept = [t for t in types if t != "null"]
        return {**node, "type": kept[0] if len(kept) == 1 else kept}, True
    return node, False


def written(contract: Node, node: Node) -> str:
    """Return the type of a property or parameter, in the table's notation."""
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name in NAMED:
        return name
    node, nullable = without_null(contract, resolved(contract, node))
    if "$ref" in node or nullable:
        return written(contract, node) + "|null" * nullable
    if len(node.get("allOf", ())) == 1 and "type" not in node:
        return written(contract, node["allOf"][0])
    if node.get("type") == "array":
        return f"{written(contract, node.get('items', {}))}[]"
    values = node.get("additionalProperties")
    if node.get("type") == "object" and isinstance(values, Mapping) and values:
        return f"map<{written(contract, values)}>"
    return f"const:{node['const']}" if "const" in node else str(node.get("format", node.get("type", "any")))


def limits(contract: Node, node: Node) -> dict[str, object]:
    """Return the limits of a property or parameter beyond its type, those of its items and values included."""
    if node.get("$ref", "").rpartition("/")[2] in NAMED:
        return {k: node[k] for k in LIMITS & node.keys()}
    node, _ = without_null(contract, resolved(contract, node))
    if "$ref" in node:
        return limits(contract, node)
    found: dict[str, object] = {k: node[k] for k in LIMITS & node.keys()}
    for inner in ("items", "additionalProperties"):
        if isinstance(node.get(inner), Mapping):
            found |= {f"{inner}.{k}": v for k, v in limits(contract, node[inner]).items()}
    return found


def schema_of(contract: Node, name: str) -> Node:
    """Return the schema of that name, flattened."""
    return flattened(contract, contract["components"]["schemas"][name])


def operations_of(contract: Node) -> dict[str, tuple[str, str, Node]]:
    """Return every operation of the contract by its id: method, path, and the operation itself."""
    return {
        operation.get("operationId", f"{method} {path}"): (method.upper(), path, operation)
        for path, item in contract["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def parameters_of(contract: Node, operation_id: str) -> dict[tuple[str, str], Node]:
    """Return the operation's parameters, those of its path included, by name and place."""
    _, path, operation = operations_of(contract)[operation_id]
    given = [*contract["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
    return {(p["name"], p["in"]): p for p in (resolved(contract, g) for g in given)}


def response_of(contract: Node, operation_id: str, status: int) -> Node:
    """Return the declared response of the operation for that status."""
    return resolved(contract, operations_of(contract)[operation_id][2]["responses"][str(status)])


def nodes(node: object, where: str = "#") -> Iterator[tuple[str, Node]]:
    """Yield every object of the contract with its place, examples left out."""
    if isinstance(node, Mapping):
        yield where, node
        for key, value in node.items():
            if key not in {"example", "examples"}:
                yield from nodes(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{where}/{index}")


# --- the rows --------------------------------------------------------------------------------------------------------

FIELDS = [(f"{s.name}.{f.name}", (s, f)) for s in SCHEMAS for f in s.fields]
PARAMETERS = [(f"{o.id}?{p.name}", (o, place, p)) for o in OPERATIONS for place, p in o.parameters]
ERRORS = [(f"{o.id}:{status}", (o, status)) for o in OPERATIONS for status in o.errors]
THROTTLED = [row for row in ERRORS if row[0].endswith(":429")]
WRONG_METHODS = [row for row in ERRORS if row[0].endswith(":405")]
SUCCESSES = [(f"{o.id}:{o.success}", o) for o in OPERATIONS]
EACH_OPERATION = [(o.id, o) for o in OPERATIONS]
EACH_SCHEMA = [(s.name, s) for s in SCHEMAS]


# --- operations ------------------------------------------------------------------------------------------------------


def test_the_contract_has_the_documents_operations_and_no_other(contract: Node) -> None:
    """Ids, methods and paths agree both ways."""
    expected = {o.id: (o.method, o.path) for o in OPERATIONS}

    assert {name: (method, path) for name, (method, path, _) in operations_of(contract).items()} == expected


@each(EACH_OPERATION)
def test_an_operation_names_and_describes_itself(contract: Node, row: Operation) -> None:
    """An operation has an id, its one tag, a summary and a description, and its tag is declared."""
    operation = operations_of(contract)[row.id][2]

    assert operation["operationId"] == row.id
    assert operation["tags"] == [row.tag]
    assert row.tag in {tag["name"] for tag in contract["tags"]}
    assert operation["summary"].strip()
    assert operation["description"].strip()


@each(EACH_OPERATION)
def test_an_operation_declares_the_tables_statuses_and_no_other(contract: Node, row: Operation) -> None:
    """The documented statuses and the ones we add, nothing besides."""
    declared = operations_of(contract)[row.id][2]["responses"]

    assert sorted(declared) == sorted(map(str, (row.success, *row.errors)))


@each(SUCCESSES)
def test_a_success_carries_the_documents_schema(contract: Node, row: Operation) -> None:
    """A success has JSON of the table's schema; a deletion has no body."""
    content = response_of(contract, row.id, row.success).get("content", {})

    found = {media: written(contract, value["schema"]) for media, value in content.items()}
    assert found == ({"application/json": row.response} if row.response else {})


@each(ERRORS)
def test_an_error_is_a_problem(contract: Node, row: tuple[Operation, int]) -> None:
    """Every error has a Problem as `application/problem+json`, and only that."""
    operation, status = row

    content = response_of(contract, operation.id, status)["content"]

    found = {media: written(contract, value["schema"]) for media, value in content.items()}
    assert found == {"application/problem+json": "Problem"}


@each(THROTTLED)
def test_being_throttled_says_when_to_come_back(contract: Node, row: tuple[Operation, int]) -> None:
    """429 declares `Retry-After` as a whole number of seconds."""
    operation, status = row

    header = resolved(contract, response_of(contract, operation.id, status)["headers"]["Retry-After"])

    assert written(contract, header["schema"]) == "integer"


@each(WRONG_METHODS)
def test_a_method_that_is_not_there_is_answered_with_those_that_are(contract: Node, row: tuple[Operation, int]) -> None:
    """405 declares `Allow` as text."""
    operation, status = row

    header = resolved(contract, response_of(contract, operation.id, status)["headers"]["Allow"])

    assert written(contract, header["schema"]) == "string"


@each(EACH_OPERATION)
def test_an_operation_takes_the_documents_body(contract: Node, row: Operation) -> None:
    """A body is JSON of the table's schema, required or not as the table says; the others take none."""
    body = resolved(contract, operations_of(contract)[row.id][2].get("requestBody", {}))

    found = {media: written(contract, value["schema"]) for media, value in body.get("content", {}).items()}
    assert found == ({"application/json": row.request} if row.request else {})
    assert body.get("required", False) is row.request_required


@each(PARAMETERS)
def test_a_parameter_is_as_the_table_says(contract: Node, row: tuple[Operation, str, Field]) -> None:
    """Place, type, need and limits agree."""
    operation, place, expected = row

    parameter = parameters_of(contract, operation.id)[expected.name, place]

    assert written(contract, parameter["schema"]) == expected.type
    assert parameter.get("required", False) is expected.required
    assert limits(contract, parameter["schema"]) == expected.limits


@each(EACH_OPERATION)
def test_an_operation_has_no_parameter_the_table_lacks(contract: Node, row: Operation) -> None:
    """The contract's parameters are the table's."""
    assert set(parameters_of(contract, row.id)) == {(p.name, place) for place, p in row.parameters}


def test_every_operation_asks_for_a_bearer_token(contract: Node) -> None:
    """One scheme, HTTP bearer, holds for the whole contract, and no operation lifts it."""
    (name,) = contract["components"]["securitySchemes"]
    scheme = contract["components"]["securitySchemes"][name]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert contract["security"] == [{name: []}]
    assert not [key for key, (_, _, operation) in operations_of(contract).items() if "security" in operation]


def test_the_servers_are_global_regional_and_custom(contract: Node) -> None:
    """The three places a client can be pointed at; the version prefix belongs to the paths."""
    servers = {server["url"]: server.get("variables", {}) for server in contract["servers"]}

    assert list(servers) == ["https://api.arize.com", "https://api.{region}.arize.com", "https://{host}"]
    region = servers["https://api.{region}.arize.com"]["region"]
    assert region["default"] == "eu-west-1a"
    assert {"eu-west-1a", "ca-central-1a"} <= set(region["enum"])
    assert servers["https://{host}"]["host"]["default"] == "api.arize.com"


# --- schemas ---------------------------------------------------------------------------------------------------------


def test_the_contract_has_every_schema_of_the_table(contract: Node) -> None:
    """Enums, objects and unions bear the table's names."""
    assert set(contract["components"]["schemas"]) >= NAMED


def test_every_object_and_union_of_the_contract_is_in_the_table(contract: Node) -> None:
    """Every schema with fields or choices is in the table."""
    structured = {
        name
        for name, schema in contract["components"]["schemas"].items()
        if schema.keys() & {"properties", "oneOf", "anyOf", "allOf", "enum"}
    }

    assert structured <= NAMED


@each((name, (name, values)) for name, values in ENUMS.items())
def test_an_enum_has_the_tables_values_and_no_other(contract: Node, row: tuple[str, tuple[str, ...]]) -> None:
    """The values agree both ways, in the documents' order."""
    name, values = row
    schema = contract["components"]["schemas"][name]

    assert schema["type"] == "string"
    assert tuple(schema["enum"]) == values


@each(FIELDS)
def test_a_field_is_as_the_table_says(contract: Node, row: tuple[Schema, Field]) -> None:
    """Type, null, need and limits agree."""
    schema, expected = row
    found = schema_of(contract, schema.name)

    node = found["properties"][expected.name]

    assert written(contract, node) == expected.type
    assert (expected.name in found["required"]) is expected.required
    assert limits(contract, node) == expected.limits


@each(EACH_SCHEMA)
def test_a_schema_has_no_field_the_table_lacks(contract: Node, row: Schema) -> None:
    """The contract's properties are the table's, and nothing else is required."""
    found = schema_of(contract, row.name)

    assert set(found["properties"]) == {f.name for f in row.fields}
    assert set(found["required"]) == {f.name for f in row.fields if f.required}


@each(EACH_SCHEMA)
def test_a_schema_is_an_object_within_the_tables_limits(contract: Node, row: Schema) -> None:
    """An update has at least one field; nothing else limits the number of fields."""
    found = schema_of(contract, row.name)

    assert found["type"] == "object"
    assert {k: v for k, v in found.items() if k in LIMITS} == row.limits


@each([(s.name, s) for s in REQUESTS])
def test_a_request_refuses_keys_it_does_not_know(contract: Node, row: Schema) -> None:
    """Only invocation parameters are open, since providers add new ones."""
    closed = schema_of(contract, row.name).get("additionalProperties", True) is False

    assert closed is not row.extra


@each([(s.name, s) for s in RESPONSES])
def test_a_response_takes_keys_it_does_not_know(contract: Node, row: Schema) -> None:
    """Responses are tolerant, so that a field added by the server breaks no client."""
    assert schema_of(contract, row.name).get("additionalProperties", True) in (True, {})


@each([(u.name, u) for u in UNIONS])
def test_a_union_offers_the_tables_members(contract: Node, row: Union) -> None:
    """Keyword, members and discriminator agree; where no document names a discriminator there is none."""
    schema = contract["components"]["schemas"][row.name]

    assert [written(contract, member) for member in schema[row.keyword]] == list(row.members)
    discriminator = schema.get("discriminator", {})
    assert discriminator.get("propertyName") == row.discriminator
    mapping = {value: name.rpartition("/")[2] for value, name in discriminator.get("mapping", {}).items()}
    assert mapping == row.tags


@each([(f"{u.name}:{value}", (u, value, member)) for u in UNIONS for value, member in u.tags.items()])
def test_a_variant_carries_its_tag(contract: Node, row: tuple[Union, str, str]) -> None:
    """The discriminator of a variant is a required constant and its own default."""
    union, value, member = row
    schema = schema_of(contract, member)

    found = resolved(contract, schema["properties"][str(union.discriminator)])

    assert (found["const"], found["default"]) == (value, value)
    assert union.discriminator in schema["required"]


@each((name, (name, stored)) for name, stored in TWINS.items())
def test_a_stored_schema_has_the_fields_of_its_request(contract: Node, row: tuple[str, str]) -> None:
    """Fields that can be sent can come back."""
    asked, stored = (schema_of(contract, name) for name in row)

    assert list(stored["properties"]) == list(asked["properties"])


# --- the whole file --------------------------------------------------------------------------------------------------


def test_no_choice_is_made_of_bare_requirements(contract: Node) -> None:
    """The code generator would silently drop a `oneOf` whose members only say `required`."""
    bare = [
        where
        for where, node in nodes(contract)
        if any(
            isinstance(choice, Mapping) and "required" in choice and not choice.keys() & {"$ref", "type", "properties"}
            for choice in node.get("oneOf", ())
        )
    ]

    assert bare == []


def test_every_reference_leads_somewhere(contract: Node) -> None:
    """All references are local and resolve."""
    references = {node["$ref"] for _, node in nodes(contract) if isinstance(node.get("$ref"), str)}

    assert all(reference.startswith("#/") for reference in references)
    assert all(resolved(contract, {"$ref": reference}) for reference in references)


def test_the_contract_is_plain_json(contract: Node) -> None:
    """YAML-only values, such as an unquoted timestamp, are absent."""
    assert json.loads(json.dumps(contract)) == contract
