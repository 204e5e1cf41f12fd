"""Resources as JSON: the properties of the contract's schema, in its order and its spelling, and no others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from axtasks.mock.clock import timestamp
from axtasks.mock.jsontypes import JsonObject, as_object
from axtasks.mock.world.resource_types import BY_MODEL, TYPES, type_of
from axtasks.mock.world.tracking import Tracked
from axtasks.mock.world.visibility import has_words_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.jsontypes import JsonValue
    from axtasks.mock.world.world import World


@dataclass(frozen=True, slots=True)
class Encoded:
    """A payload that is JSON already."""

    text: bytes


class Renderer:
    """Shows resources by the schemas of one contract.

    For the admin API it does so in the spelling within the mock, with the attributes that only this API shows.
    """

    def __init__(self, contract: Contract, *, for_admin: bool = False) -> None:
        self._contract = contract
        self._for_admin = for_admin
        self._names: dict[tuple[str, type], tuple[list[str], list[str]]] = {}

    def show(self, resource: object, *, in_list: bool = False) -> JsonObject:
        """Return a resource as JSON, in a list perhaps without some of its attributes."""
        described = type_of(resource)
        left_out = described.unlisted if in_list else ()
        shown = self._part(described.schema, resource, left_out)
        return shown if described.schema is None or self._for_admin else self._spelled(described.schema, shown)

    def encoded(self, resource: object, *, in_list: bool = False) -> bytes:
        """Return the JSON text of a resource; that of one that can change is kept until it does."""
        if isinstance(resource, Tracked):
            return resource.written(lambda it: encode(self.show(it)))
        return encode(self.show(resource, in_list=in_list))

    def one(self, resource: object) -> Encoded:
        """Return a resource as a payload."""
        return Encoded(self.encoded(resource))

    def world(self, world: World) -> JsonObject:
        """Return everything there is, in lists by type."""
        return {
            each.name: [self.show(it) for it in world.tables[each.kind].all() if has_words_for(self._contract, it)]
            for each in TYPES
        }

    def _part(self, schema: str | None, thing: object, left_out: tuple[str, ...] = ()) -> JsonObject:
        """Show a resource or a part of one, in the spelling within the mock."""
        described = BY_MODEL.get(type(thing))
        own, gained = self._names_of(schema, type(thing))
        shown: JsonObject = {}
        for name in own:
            value: object = getattr(thing, name)
            if described is not None and name in described.parts:
                shown[name] = [self._part(described.parts[name].schema, each) for each in getattr(thing, name)]
            elif (
                described is None
                or name not in described.conditions
                or described.conditions[name](self._contract, value)
            ):
                shown[name] = _plain(value)
        for name in left_out:
            shown.pop(name, None)
        extra = getattr(thing, "extra", None) or {}
        shown.update({name: extra[name] for name in gained if name in extra})
        return shown

    def _names_of(self, schema: str | None, model: type) -> tuple[list[str], list[str]]:
        """The properties that a model has attributes for, and those that a contract gained since."""
        key = (schema or "", model)
        if key not in self._names:
            declared = [] if schema is None else list(self._contract.properties(schema))
            described = BY_MODEL.get(model)
            admin = described.admin if described is not None and self._for_admin else ()
            own = [name for name in (*declared, *admin) if hasattr(model, name)]
            self._names[key] = own, [name for name in declared if name not in own]
        return self._names[key]

    def _spelled(self, schema: str, shown: JsonObject) -> JsonObject:
        return as_object(self._contract.outward(schema, shown))


@cache
def renderer_of(contract: Contract, *, for_admin: bool = False) -> Renderer:
    """Return what shows resources by a contract."""
    return Renderer(contract, for_admin=for_admin)


def _plain(value: object) -> JsonValue:
    """Return the value of an attribute as JSON has it."""
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    plain: JsonValue = value  # type: ignore[assignment]  # attributes of the model are JSON but for these two
    return plain


def encode(payload: object) -> bytes:
    """Return the payload as JSON text."""
    if isinstance(payload, Encoded):
        return payload.text
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def listed(name: str, rows: Iterable[bytes], pagination: JsonObject) -> Encoded:
    """Return a page of resources, which are JSON text already, as a payload."""
    return Encoded(b'{%s:[%s],"pagination":%s}' % (encode(name), b",".join(rows), encode(pagination)))
