"""The generated tables about the mock's data in docs/reference: `make docs` writes them, a test compares them.

The keys of world files come from the schema of world files, the operations below /__mock from their OpenAPI document.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from axtasks.mock.contract.contract import inside
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text
from axtasks.mock.worldfiles import schema as worlds

from tests.docs.pages import page
from tests.docs.written import renewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.docs.pages import Page

WORLD_FILE, CONTROL_PLANE = page("reference/world-file"), page("reference/control-plane")
DEFINITIONS = "#/$defs/"
WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "object": "object",
    "array": "list",
    "null": "`null`",
}
KINDS = {"id": "id", "moment": "time", "moment_or_null": "time or `null`"}
"""Definitions of the schema of worlds that have a word of their own."""


def anchor(*words: str) -> str:
    """Return an anchor made of these words."""
    return "-".join(words).replace("_", "-").replace(".", "-").lower()


def defined(name: str, target: str) -> str:
    """Return a name as the place that defines it."""
    return f"[`{name}`]{{#{target}}}"


def cell(text: str) -> str:
    """Return text as it stands in a cell of a table."""
    return " ".join(text.split()).replace("|", "&#124;")


def world_file() -> str:
    """Return the tables of all keys that a world file can have."""
    whole = worlds.schema()
    lines = ["## Top level", "", *_table(whole, "")]
    for place, keys in _places(whole, ""):
        lines += ["", _heading(place), "", *_table(keys, place)]
    return "\n".join(lines)


def _heading(place: str) -> str:
    *above, name = place.split(".")
    return f"### {name} of {'.'.join(above)}" if above else f"## {name}"


def _places(node: JsonObject, above: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield all objects below this one that have keys of their own, each with its path."""
    for name, declared in as_object(node["properties"]).items():
        inner = as_object(declared)
        inner = as_object(inner.get("items", inner))
        if "properties" in inner:
            place = f"{above}.{name}" if above else name
            yield place, inner
            yield from _places(inner, place)


def _table(node: JsonObject, place: str) -> list[str]:
    required = as_list(node.get("required", []))
    rows = ["| Key | Type | Meaning |", "| --- | --- | --- |"]
    for name, declared in as_object(node["properties"]).items():
        what = _type(as_object(declared)) + (", required" if name in required else "")
        target = anchor("world", *filter(None, (place, name)))
        rows.append(f"| {defined(name, target)} | {what} | {cell(_meaning(place, name, as_object(declared)))} |")
    return rows


def _type(declared: JsonObject) -> str:
    reference = as_text(declared.get("$ref", ""))
    if reference.removeprefix(DEFINITIONS) in KINDS:
        return KINDS[reference.removeprefix(DEFINITIONS)]
    declared = {**_referenced(reference), **declared}
    if "enum" in declared:
        return " or ".join(f"`{value}`" for value in as_list(declared["enum"]))
    types = declared.get("type", "any")
    named = [WORDS.get(as_text(each), "any") for each in (types if isinstance(types, list) else [types])]
    items = as_object(declared.get("items", {}))
    if "array" in (types if isinstance(types, list) else [types]) and "properties" not in items and items:
        named[0] += f" of {_type(items)}"
    return " or ".join(named) + _range(declared)


def _range(declared: JsonObject) -> str:
    least, most = declared.get("minimum"), declared.get("maximum")
    if least is None:
        return ""
    return f", {least} or more" if most is None else f", {least} to {most:,}"


def _referenced(reference: str) -> JsonObject:
    """Return the target schema of a reference; an empty one for none."""
    at: JsonValue = worlds.schema()
    if not reference:
        return {}
    for step in reference.removeprefix("#/").split("/"):
        at = as_object(at)[step]
    return as_object(at)


def _meaning(place: str, name: str, declared: JsonObject) -> str:
    """Return the description of a key: from the schema of worlds, else from the contract."""
    if "description" in declared:
        return as_text(declared["description"])
    if place in worlds.SHOWN:
        of_contract = inside().properties(worlds.SHOWN[place][0]).get(name, {})
        if "description" in as_object(of_contract):
            return as_text(as_object(of_contract)["description"])
    found = _referenced(as_text(declared.get("$ref", ""))).get("description")
    if found is not None:
        return as_text(found)
    if not place:
        return f"Its resources of this kind; [the keys of each](#{name})."
    raise LookupError(f"{place}.{name} has no description in the schema of world files")


def control_plane() -> str:
    """Return the table of all operations below /__mock."""
    document = as_object(json.loads(files("axtasks.mock.admin").joinpath("control.openapi.json").read_bytes()))
    rows = ["| Request | What it does | Query | Body |", "| --- | --- | --- | --- |"]
    for path, operations in as_object(document["paths"]).items():
        for method, declared in as_object(operations).items():
            if method != "parameters":
                operation = as_object(declared)
                name = defined(f"{method.upper()} {path}", anchor("control", as_text(operation["operationId"])))
                what = f"{as_text(operation['summary'])}. {as_text(operation['description'])}"
                rows.append(f"| {name} | {cell(what)} | {_query(document, operation)} | {_body(document, operation)} |")
    return "\n".join(rows)


def _query(document: JsonObject, operation: JsonObject) -> str:
    parameters = [_resolved(document, as_object(each)) for each in as_list(operation.get("parameters", []))]
    return ", ".join(f"`{as_text(each['name'])}`" for each in parameters if each["in"] == "query")


def _body(document: JsonObject, operation: JsonObject) -> str:
    if "requestBody" not in operation:
        return ""
    content = as_object(_resolved(document, as_object(operation["requestBody"]))["content"])
    schema = _resolved(document, as_object(as_object(next(iter(content.values())))["schema"]))
    if operation["operationId"] in {"put_world", "patch_world"}:
        return "a [world file](world-file.md), JSON or YAML"
    return ", ".join(f"`{name}`" for name in as_object(schema["properties"]))


def _resolved(document: JsonObject, node: JsonObject) -> JsonObject:
    at: JsonValue = document
    if "$ref" not in node:
        return node
    for step in as_text(node["$ref"]).removeprefix("#/").split("/"):
        at = as_object(at)[step]
    return as_object(at)


WRITTEN: dict[Page, str] = {WORLD_FILE: world_file(), CONTROL_PLANE: control_plane()}
"""The pages, each with what stands between its marks."""


if __name__ == "__main__":
    for each, content in WRITTEN.items():
        each.path.write_text(renewed(each.text, content), encoding="utf-8")
        sys.stdout.write(f"{each} is what the mock says\n")
