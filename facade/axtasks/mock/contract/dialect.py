"""From one spelling of the wire's values to another, guided by the schemas that say where such values stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

INSIDE = "x-python-values"
UNIONS = ("oneOf", "anyOf", "allOf")

Resolve = Callable[[JsonValue], JsonObject]


@dataclass(frozen=True, slots=True)
class Respelling:
    """A table of spellings for a value: for itself, the members of an object, the items of a list."""

    words: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Respelling] = field(default_factory=dict)
    items: Respelling | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.members or self.items)

    def of(self, value: JsonValue) -> JsonValue:
        """The value in the other spelling; what has none stays as it is."""
        if isinstance(value, str):
            return self.words.get(value, value)
        if isinstance(value, dict) and self.members:
            members = self.members
            return {name: members[name].of(each) if name in members else each for name, each in value.items()}
        if isinstance(value, list) and self.items:
            return [self.items.of(each) for each in value]
        return value

    def merged(self, other: Respelling) -> Respelling:
        """Return the table for a value that fits one of two schemas."""
        members = dict(self.members)
        for name, each in other.members.items():
            members[name] = members[name].merged(each) if name in members else each
        items = self.items.merged(other.items) if self.items and other.items else self.items or other.items
        return Respelling({**self.words, **other.words}, members, items)


def respelling(schema: JsonValue, resolve: Resolve, *, inward: bool) -> Respelling:
    """Return the spellings of what fits a schema on the other side: within the mock, or on the wire."""
    declared = resolve(schema)
    pairs = dict(_pairs(declared))
    found = Respelling(pairs if inward else {inside: wire for wire, inside in pairs.items()})
    for union in UNIONS:
        for branch in as_list(declared.get(union, [])):
            found = found.merged(respelling(branch, resolve, inward=inward))
    members = {
        name: each
        for name, declared_member in as_object(declared.get("properties", {})).items()
        if (each := respelling(declared_member, resolve, inward=inward))
    }
    items = respelling(declared["items"], resolve, inward=inward) if "items" in declared else None
    return found.merged(Respelling({}, members, items or None))


def _pairs(declared: JsonObject) -> Iterator[tuple[str, str]]:
    """Each value on the wire with what it is within the mock."""
    if INSIDE in declared:
        values = [declared["const"]] if "const" in declared else as_list(declared.get("enum", []))
        for wire, inside in zip(values, as_list(declared[INSIDE]), strict=True):
            yield as_text(wire), as_text(inside)


def respelled(node: JsonValue) -> JsonValue:
    """A contract, or a part of one, whose values are spelled as within the mock."""
    if isinstance(node, list):
        return [respelled(each) for each in node]
    if not isinstance(node, dict):
        return node
    words = Respelling(dict(_pairs(node)))
    if not words:
        return {name: respelled(each) for name, each in node.items()}
    table = Respelling(members={"enum": Respelling(items=words), "const": words, "default": words})
    return table.of({name: each for name, each in node.items() if name != INSIDE})
