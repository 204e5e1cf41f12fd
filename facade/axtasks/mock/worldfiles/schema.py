"""The schema of a world: the packaged one, with the words of the contracts in it, and with the fields they gained."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axtasks.mock.contract.contract import inside
from axtasks.mock.contract.violations import expectation
from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text
from axtasks.mock.suggestions import hint
from axtasks.mock.world.query import NAME
from axtasks.mock.world.resource_types import TYPES, written_name

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

    from axtasks.mock.world.resource_types import ResourceType

    from .document import Document, Steps

FILE = "world_schema.json"
COMPONENTS = "#/components/schemas/"

SHOWN: dict[str, tuple[str, type[Any]]] = {each.name: (each.schema, each.model) for each in TYPES} | {
    f"{each.name}.{name}": (part.schema, part.model)
    for each in TYPES
    for name, part in each.parts.items()
    if name in each.attributes
}
"""Lists of a world file, and lists in their items, with the contract's schema and the model of what stands there."""
UNWRITTEN = frozenset({"counts", "extra"})
"""Attributes that world files have no field for."""
ROUND = {"id": "id", "name": "name", "created_at": "moment", "updated_at": "moment", "created_by_user_id": "user"}
"""Attributes that have one meaning wherever they stand, and the schemas of their fields."""


@cache
def schema() -> JsonObject:
    """The whole schema, which stands by itself."""
    whole = deepcopy(_packaged())
    for place in SHOWN:
        _properties(whole, place).update(extra_fields(place))
    return {**whole, "components": {"schemas": _referenced(whole)}}


@cache
def extra_fields(place: str) -> JsonObject:
    """The optional fields that answers have for the things at a place and our model has not, with their schemas.

    They are what a contract gained since the code was written: a world file may set them, and answers carry them.
    """
    if place not in SHOWN:
        return {}
    name, model = SHOWN[place]
    required = map(as_text, as_list(inside().schema(name).get("required", [])))
    known = {*required, *dir(model)}
    own = _properties(_packaged(), place)
    gained = inside().properties(name).items()
    return {field: declared for field, declared in gained if field not in known and field not in own}


def extra_values(place: str, data: JsonObject) -> JsonObject | None:
    """Return the values that a thing at a place has for those fields."""
    return {name: data[name] for name in extra_fields(place) if name in data} or None


@cache
def _packaged() -> JsonObject:
    """The schema without what contracts gained: what the packaged file says, and what follows from the types."""
    whole = as_object(json.loads(Path(__file__).with_name(FILE).read_text(encoding="utf-8")))
    lists = as_object(whole["properties"])
    for each in TYPES:
        own = as_object(lists.get(each.name, {}))
        items: JsonObject = {
            "type": "object",
            "additionalProperties": False,
            "required": _required(each, own),
            "properties": _fields(each, own),
        }
        lists[each.name] = {"type": "array", "items": items}
    return whole


def _fields(described: ResourceType, own: JsonObject) -> JsonObject:
    """The fields of a type's items: those with a word of their own in the file, and the others by their attributes."""
    found: JsonObject = {"count": {"$ref": "#/$defs/count"}}
    for attribute in described.attributes:
        name = written_name(attribute, described.references)
        if attribute not in UNWRITTEN:
            found[name] = own.get(name) or _field(described, attribute)
    return {**found, **own}


def _field(described: ResourceType, attribute: str) -> JsonValue:
    kind = described.references.get(attribute)
    if attribute in ROUND or kind is IdKind.SPACE:
        return {"$ref": f"#/$defs/{ROUND.get(attribute, 'space')}"}
    if kind is not None:
        return {"description": f"The {kind.noun}, by name or identifier.", "type": ["string", "null"]}
    return inside().properties(described.schema)[attribute]


def _required(described: ResourceType, own: JsonObject) -> list[JsonValue]:
    """The fields that an item cannot do without."""
    if NAME not in described.attributes:
        return [written_name(described.owner or "", described.references)]
    known = {*ROUND, *described.references, *described.defaults, *own}
    needed = [each.name for each in fields(described.model) if each.default is each.default_factory is MISSING]
    return [NAME, *(name for name in needed if name not in known)]


def _properties(whole: JsonObject, place: str) -> JsonObject:
    """The fields of the things at a place, in a schema of worlds."""
    found = as_object(whole["properties"])
    for step in place.split("."):
        found = as_object(as_object(as_object(found[step])["items"])["properties"])
    return found


def _referenced(whole: JsonObject) -> JsonObject:
    """The schemas of the contract that a schema of worlds refers to, and those that they refer to."""
    found: JsonObject = {}
    waiting: list[JsonValue] = [whole]
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        reference = node.get("$ref") if isinstance(node, dict) else None
        name = reference.removeprefix(COMPONENTS) if isinstance(reference, str) else ""
        if name != reference and name and name not in found:
            found[name] = inside().schema(name)
            waiting.append(found[name])
    return dict(sorted(found.items()))


@cache
def _validator() -> Draft202012Validator:
    return inside().validator(schema(), check_formats=True)


def check(document: Document) -> JsonObject:
    """The world as an object of the right shape."""
    data = {} if document.data is None else document.data
    try:
        complaint = next(map(_complaint, _validator().iter_errors(data)), None)
    except (ValueError, RecursionError) as error:
        # What a JSON document cannot have, in a world that is given as data, or one with too many levels.
        complaint = (), f"is no JSON that can be read: {error}"
    if complaint is None and isinstance(data, dict):
        return data
    raise document.error(*(complaint or ((), "a world is an object")))


def _complaint(error: ValidationError) -> tuple[Steps, str]:
    """Return the place of an error, and its message."""
    steps = tuple(error.instance_path)
    keyword, facts = error.kind.name, error.kind.as_dict()
    if keyword == "additionalProperties":
        name = facts["unexpected"][0]
        return (*steps, name), f"is not a known field{_suggestion(name, error)}"
    if keyword == "required":
        return (*steps, facts["property"]), "is required"
    return steps, ("" if steps else "a world ") + expectation(error)


def _suggestion(name: str, error: ValidationError) -> str:
    """The known field that was probably meant, or all of them."""
    here: object = schema()
    for step in map(str, tuple(error.schema_path)[:-1]):
        here = here[step] if isinstance(here, dict) and step in here else {}
    properties = here.get("properties") if isinstance(here, dict) else None
    known = list(properties) if isinstance(properties, dict) else []
    return hint(name, known, f"; known are {', '.join(known)}" if known else "")
