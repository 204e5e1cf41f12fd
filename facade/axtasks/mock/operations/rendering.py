"""Resources as JSON: the properties of the contract's schema, in its order and its spelling, and no others."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from axtasks.mock.clock import timestamp
from axtasks.mock.world.resource_types import BY_MODEL, TYPES
from axtasks.mock.world.tracking import Tracked
from axtasks.mock.world.visibility import has_words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.world.resource_types import Part, ResourceType
    from axtasks.mock.world.world import World

# `json.dumps` would make one each time, which is a tenth of the time of a resource.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Encoded:
    """A payload that is text already."""

    text: bytes


@dataclass(frozen=True, slots=True)
class _Plan:
    """The attributes of a model that a schema shows, those among them that are not JSON, and properties without one."""

    names: list[str]
    values: Callable[[Any], tuple[Any, ...]]
    converted: list[tuple[str, Callable[[Any], JsonValue]]]
    conditions: list[tuple[str, Callable[[Contract, Any], bool]]]
    gained: list[str]


class Renderer:
    """Shows resources by the schemas of one contract.

    For the admin API it does so in the spelling within the mock, with the attributes that only this API shows.
    """

    def __init__(self, contract: Contract, *, for_admin: bool = False) -> None:
        self._contract = contract
        self._for_admin = for_admin
        self._plans: dict[tuple[str, type], _Plan] = {}

    def show(self, resource: object, described: ResourceType | None = None, *, in_list: bool = False) -> JsonObject:
        """Return a resource as JSON, in a list perhaps without some of its attributes."""
        described = described or BY_MODEL[type(resource)]
        left_out = described.unlisted if in_list else ()
        shown = self._part(described.schema, resource, left_out)
        if self._for_admin:
            return shown
        return cast("JsonObject", self._contract.outward(described.schema, shown))

    def encoded(self, resource: object, described: ResourceType | None = None, *, in_list: bool = False) -> bytes:
        """Return the JSON text of a resource; that of one that can change is kept until it does."""
        if isinstance(resource, Tracked) and resource.written is not None:
            return resource.written
        text = encode(self.show(resource, described, in_list=in_list))
        if isinstance(resource, Tracked):
            resource.keep(text)
        return text

    def one(self, resource: object, described: ResourceType | None = None) -> Encoded:
        """Return a resource as a payload."""
        return Encoded(self.encoded(resource, described))

    def world(self, world: World) -> JsonObject:
        """Return everything there is, in lists by type."""
        return {
            each.name: [self.show(it) for it in world.tables[each.kind].all() if has_words_for(self._contract, it)]
            for each in TYPES
        }

    def _part(self, schema: str, thing: object, left_out: tuple[str, ...] = ()) -> JsonObject:
        """Show a resource or a part of one, in the spelling within the mock."""
        plan = self._plans.get((schema, type(thing))) or self._plan(schema, type(thing))
        shown: JsonObject = dict(zip(plan.names, plan.values(thing), strict=True))
        for name, as_json in plan.converted:
            shown[name] = None if shown[name] is None else as_json(shown[name])
        for name, is_met in plan.conditions:
            if not is_met(self._contract, shown[name]):
                del shown[name]
        for name in left_out:
            shown.pop(name, None)
        if plan.gained and (extra := getattr(thing, "extra", None)):
            shown.update({name: extra[name] for name in plan.gained if name in extra})
        return shown

    def _converter(self, declared: str, part: Part | None) -> Callable[[Any], JsonValue] | None:
        """Return what makes JSON of the values of an attribute that is declared so, or is a part."""
        if declared.startswith("datetime"):
            return timestamp
        if declared.startswith("tuple"):
            return list if part is None else lambda parts: [self._part(part.schema, each) for each in parts]
        return None if part is None else partial(self._part, part.schema)

    def _plan(self, schema: str, model: type[Any]) -> _Plan:
        """Work out how a model is shown by a schema, once."""
        declared = list(self._contract.properties(schema))
        described = BY_MODEL.get(model)
        admin = described.admin if described is not None and self._for_admin else ()
        own = [name for name in dict.fromkeys((*declared, *admin)) if hasattr(model, name)]
        types = {each.name: str(each.type) for each in fields(model)}
        parts = {} if described is None else described.parts
        conditions = {} if described is None else described.conditions
        self._plans[schema, model] = plan = _Plan(
            names=own,
            values=attrgetter(*own),
            converted=[
                (name, as_json) for name in own if (as_json := self._converter(types.get(name, ""), parts.get(name)))
            ],
            conditions=[(name, conditions[name]) for name in own if name in conditions],
            gained=[name for name in declared if name not in own],
        )
        return plan


@cache
def renderer_of(contract: Contract, *, for_admin: bool = False) -> Renderer:
    """Return what shows resources by a contract."""
    return Renderer(contract, for_admin=for_admin)


def encode(payload: object) -> bytes:
    """Return the payload as JSON text."""
    return _ENCODER.encode(payload).encode()


def listed(name: str, rows: Iterable[bytes], pagination: JsonObject) -> Encoded:
    """Return a page of resources, which are JSON text already, as a payload."""
    return Encoded(b'{%s:[%s],"pagination":%s}' % (encode(name), b",".join(rows), encode(pagination)))
