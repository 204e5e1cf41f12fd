"""The context in which items of a world file are built: identifiers, moments and references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from axtasks.mock import ids
from axtasks.mock.clock import EARLIEST, read_date_time
from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import as_list
from axtasks.mock.problems import quoted
from axtasks.mock.world.model import Dataset
from axtasks.mock.world.names import Names, UnknownNameError
from axtasks.mock.world.resource_types import BY_MODEL, written_name

from .schema import extra_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from axtasks.mock.jsontypes import JsonValue
    from axtasks.mock.world.model import Task
    from axtasks.mock.world.resource_types import ResourceType
    from axtasks.mock.world.world import World

    from .document import Steps
    from .repetition import Item

BEFORE_START = re.compile(r"-(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
MADE_BEFORE = timedelta(days=30)
"""The age at the start of what has no date."""


@dataclass(slots=True)
class BuildContext:
    """A world being built from a file. `start` is what moments before the start are counted from."""

    world: World
    seed: int
    start: datetime
    names: Names = field(init=False)
    checked_tasks: dict[Steps, Task] = field(default_factory=dict)
    """Of the tasks that stand at each place, the one that was held against all rules."""

    def __post_init__(self) -> None:
        self.names = Names(self.world)

    def reserve(self, data: JsonValue) -> None:
        """Keep the numbers of all identifiers that are given from those that are going to be made up."""
        if isinstance(data, list):
            for each in data:
                self.reserve(each)
        elif isinstance(data, dict):
            identifier = data.get("id")
            parsed = ids.parse(identifier) if isinstance(identifier, str) else None
            if parsed is not None and parsed.kind is not None:
                self.world.numbers[parsed.kind] = max(parsed.number, self.world.numbers.get(parsed.kind, 0))
            self.reserve(list(data.values()))

    def identifier(self, item: Item, kind: IdKind, given: JsonValue, place: Steps = ("id",)) -> str:
        """The identifier given at a place, which has to be of this kind and nobody else's; without one, a new one."""
        if given is None:
            number = self.world.numbers.get(kind, 0) + 1
            self.world.numbers[kind] = number
            return ids.derived(kind, number, self.seed)
        identifier = str(given)
        parsed = ids.parse(identifier)
        if parsed is None:
            raise item.refuse(f"is not an identifier (base64 of Type:number): {quoted(identifier)}", *place)
        if parsed.kind is not None and parsed.kind is not kind:
            raise item.refuse(f"is an identifier of the kind {parsed.kind.noun}, not {kind.noun}", *place)
        if self.world.find(kind, identifier) is not None:
            raise item.refuse(f"is the identifier of another {kind.noun} already", *place)
        return identifier

    def moment(self, item: Item, name: str, default: datetime) -> datetime:
        """Read a moment from a field that need not be there."""
        return self.moment_or_none(item, name, default) or default

    def moment_or_none(self, item: Item, name: str, default: datetime | None) -> datetime | None:
        """Read a moment from a field that need not be there and can be null."""
        if name not in item.data:
            return default
        text = item.data[name]
        return None if text is None else self.read_moment(item, str(text), name)

    def read_moment(self, item: Item, text: str, *steps: str | int) -> datetime:
        """The moment that a text means: a date and time, or how long before the start."""
        found, moment = BEFORE_START.fullmatch(text), read_date_time(text)
        try:
            if found is not None:
                days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
                moment = self.start - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            moment = None
        if moment is None or moment < EARLIEST:
            raise item.refuse(
                "has to be a date and time with an offset, such as 2026-03-01T00:00:00Z, or a time before the start, "
                f"such as -7d or -1h30m, not {quoted(text)}",
                *steps,
            )
        return moment

    def reference(
        self, item: Item, kind: IdKind, text: str, *steps: str | int, inside: str | None = None, near: str | None = None
    ) -> str:
        """The identifier of what a reference means."""
        try:
            return self.names.find(kind, text, inside=inside, near=near)
        except UnknownNameError as error:
            raise item.refuse(str(error), *steps) from error

    def attributes(
        self, item: Item, described: ResourceType, given: Mapping[str, object], *, place: str | None = None
    ) -> dict[str, Any]:
        """The attributes of a resource: those that are given, and the others as the item says or at their default."""
        values: dict[str, Any] = {"extra": extra_values(place or described.name, item.data), **given}
        for each in fields(described.model):
            name, declared = written_name(each.name, described.references), str(each.type)
            if each.name in given:
                continue
            if each.name == "id":
                values["id"] = self.identifier(item, described.kind, item.data.get("id"))
            elif each.name in described.references:
                values[each.name] = self._referred(item, described.references[each.name], name)
            elif declared == "datetime":
                values[each.name] = self.moment(item, name, values.get("created_at", self.start - MADE_BEFORE))
            elif declared.startswith("datetime"):
                values[each.name] = self.moment_or_none(item, name, None)
            elif each.name == "version_ids" and described.versions is not None:
                listed = as_list(item.data.get("version_ids", [])) or [None]
                values["version_ids"] = tuple(
                    self.identifier(item, described.versions, one, ("version_ids", at)) for at, one in enumerate(listed)
                )
            elif each.name in item.data or each.name in described.defaults:
                value = item.data.get(name, cast("JsonValue", described.defaults.get(name)))
                # To a schema 3.0 is a whole number.
                whole = int(value) if isinstance(value, float) and declared in {"int", "int | None"} else value
                values[each.name] = tuple(whole) if isinstance(whole, list) else whole
        return {name: values[name] for name in described.attributes if name in values}

    def _referred(self, item: Item, kind: IdKind, name: str) -> str | None:
        """The identifier of what a field refers to, which need not be there; that of the space may be clear anyway."""
        if kind is IdKind.SPACE:
            return self.space(item)
        text = item.data.get(name)
        return None if text is None else self.reference(item, kind, str(text), name)

    def put(self, resource: Any) -> None:
        """Put a resource into the world, where others of the file can refer to it."""
        self.world.add(resource)
        for each in (resource, *(resource.versions if isinstance(resource, Dataset) else ())):
            described = BY_MODEL[type(each)]
            self.names.add(described.kind, each.id, each.name, described.owner_of(each))

    def space(self, item: Item) -> str:
        """The space of an item: the one it names, or the only one there is."""
        text = item.data.get("space")
        if isinstance(text, str):
            return self.reference(item, IdKind.SPACE, text, "space")
        known = self.names.all(IdKind.SPACE)
        if len(known) != 1:
            raise item.refuse(f"is required, since there {'are several spaces' if known else 'is no space'}", "space")
        return known[0]
