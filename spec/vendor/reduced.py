"""A contract, reduced to what generated Python code tells of one.

Words, formats, defaults, headers, media types and conditions do not show in a package, so they are left out of both
sides of a comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .operations import JSON

if TYPE_CHECKING:
    from collections.abc import Iterable

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
# The words of a schema that code shows as they are.
KEPT = (
    "type",
    "enum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
)
SHAPING = {*KEPT, "required", "properties", "additionalProperties", "items"}
NULL = {"type": "null"}


def reduce_contract(document: Document) -> Document:
    """Return the operations and schemas of a contract, with nothing but what generated code shows of them."""
    paths = {
        path: {method: _operation(document, item, item[method]) for method in METHODS if method in item}
        for path, item in document["paths"].items()
    }
    return document_of(paths, {n: _schema(document, s) for n, s in document["components"]["schemas"].items()})


def limit_contract(document: Document, roots: Iterable[str]) -> Document:
    """Return a contract with the paths alone that begin with one of some roots, such as `/v2/tasks`."""
    chosen = set(roots)
    paths = {path: item for path, item in document["paths"].items() if root_of(path) in chosen}
    return document_of(paths, document["components"]["schemas"])


def root_of(path: str) -> str:
    """Return the path of the collection that a path is below."""
    return "/".join(path.split("/")[:3])


def document_of(paths: Document, schemas: Document) -> Document:
    """Return a contract of paths and schemas."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tasks", "version": "2"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(document: Document, item: Document, operation: Document) -> Document:
    parameters = [_resolved(document, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    reduced: Document = {
        "parameters": [
            {
                "name": each["name"],
                "in": each["in"],
                "required": each.get("required", False),
                "schema": _schema(document, each["schema"]),
            }
            for each in parameters
            if each["in"] in {"path", "query"}
        ],
        "responses": {
            status: _response(document, _resolved(document, response))
            for status, response in operation["responses"].items()
        },
    }
    if "requestBody" in operation:
        body = _resolved(document, operation["requestBody"])
        reduced["requestBody"] = {"required": body.get("required", False), **_content(document, body)}
    return reduced


def _response(document: Document, response: Document) -> Document:
    return {"description": "", **(_content(document, response) if "content" in response else {})}


def _content(document: Document, holder: Document) -> Document:
    media = next(iter(holder["content"].values()))
    return {"content": {JSON: {"schema": _schema(document, media["schema"])}}}


def _resolved(document: Document, node: Document) -> Document:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _schema(document: Document, schema: Document) -> Document:
    if "allOf" in schema:
        schema = _merged(document, schema)
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    reduced: Document = {word: schema[word] for word in KEPT if word in schema}
    if schema.get("format") == "date-time":
        reduced["format"] = schema["format"]
    if "const" in schema:
        reduced["enum"] = [schema["const"]]
    reduced |= _members(document, schema)
    for word in ("oneOf", "anyOf"):
        if word in schema and "properties" not in schema:
            reduced |= _choice(word, [_schema(document, variant) for variant in schema[word]])
    return reduced


def _members(document: Document, schema: Document) -> Document:
    """Return what a schema says of the fields and the items of a value."""
    reduced: Document = {}
    if schema.get("required"):
        reduced["required"] = sorted(schema["required"])
    if "properties" in schema:
        reduced["properties"] = {name: _schema(document, inner) for name, inner in schema["properties"].items()}
    if "items" in schema:
        reduced["items"] = _schema(document, schema["items"])
    others = schema.get("additionalProperties")
    if others is False or (isinstance(others, dict) and others):
        reduced["additionalProperties"] = others and _schema(document, others)
    return reduced


def _choice(word: str, variants: list[Document]) -> Document:
    """Return a choice; one between a type and null is that type, or null."""
    others = [variant for variant in variants if variant != NULL]
    if len(others) == 1 and len(others) < len(variants):
        if isinstance(others[0].get("type"), str) and "enum" not in others[0]:
            return {**others[0], "type": [others[0]["type"], "null"]}
        return {"oneOf": [others[0], NULL]}
    return {word: variants}


def _merged(document: Document, schema: Document) -> Document:
    """Return the schema that all parts of another make together, as generated code has it; conditions are left out."""
    parts = [part for part in schema["allOf"] if "if" not in part and "not" not in part]
    rest = {name: value for name, value in schema.items() if name != "allOf"}
    if len(parts) == 1 and "$ref" in parts[0] and not rest.keys() & SHAPING:
        return {"$ref": parts[0]["$ref"]}
    merged: Document = {}
    for part in (*(_resolved(document, part) for part in parts), rest):
        properties = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*merged.get("required", ()), *part.get("required", ())]
        merged = {**merged, **part}
        merged |= {"properties": properties} if properties else {}
        merged |= {"required": list(dict.fromkeys(required))} if required else {}
    return merged
