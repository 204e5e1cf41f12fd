"""Worlds as world files have them, with identifiers and dates, so that loading one makes the same world again."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from axtasks.mock.clock import timestamp
from axtasks.mock.world.model import AttachedEvaluator, Counts, DatasetVersion, RunPlan, example_ids
from axtasks.mock.world.resource_types import REFERENCES, TYPES, written_name

from .settings import SECTION, unknown_tasks, written_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.mock.ids import IdKind
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.world.resource_types import ResourceType
    from axtasks.mock.world.world import World


def dump_world(world: World) -> JsonObject:
    """Return a world as data for JSON or YAML; a file of it loads as a world with the same content and order."""
    kept = dict(world.settings.task_lifecycles)
    for gone in unknown_tasks(world, kept):
        del kept[gone]
    settings = written_settings(replace(world.settings, task_lifecycles=kept))
    return {
        **({SECTION: settings} if settings else {}),
        **{each.name: [_item(each, it) for _, it in world.tables[each.kind].as_put()] for each in TYPES},
    }


def _item(described: ResourceType, resource: object) -> JsonObject:
    """Write a resource: what stands at its default is left out, as is a space that is that of another resource."""
    written = _fields(resource, described.explicit, described.references)
    if any(written_name(name, described.references) in written for name in described.placed_by):
        written.pop("space", None)
    return written


def _fields(thing: Any, explicit: tuple[str, ...], references: Mapping[str, IdKind]) -> JsonObject:
    written: JsonObject = {}
    for each in fields(thing):
        value = getattr(thing, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if each.name in explicit or not (value == default or (value is None and each.name in references)):
            if isinstance(value, Counts):
                written.update({f"num_{name.name}": getattr(value, name.name) for name in fields(value)})
            elif each.name != "extra":
                written[written_name(each.name, references)] = _plain(value)
    return {**written, **(thing.extra or {})} if hasattr(thing, "extra") else written


def _plain(value: Any) -> JsonValue:
    match value:
        case datetime():
            return timestamp(value)
        case DatasetVersion():
            return _version(value)
        case AttachedEvaluator():
            given = {name: each for name, each in _fields(value, (), REFERENCES).items() if each is not None}
            return {name: each for name, each in given.items() if name != "evaluator_name"}
        case RunPlan():
            import msgspec  # 4 MB, for worlds with runs under way

            plan: JsonObject = msgspec.to_builtins(value)
            return {name: each for name, each in plan.items() if each is not None}
        case tuple() | list():
            return [_plain(each) for each in value]
    plain: JsonValue = value
    return plain


def _version(version: DatasetVersion) -> JsonObject:
    written = {name: each for name, each in _fields(version, ("example_ids",), {}).items() if name != "dataset_id"}
    count = len(version.example_ids)
    if version.example_ids == example_ids(count):
        del written["example_ids"]
        written["examples"] = count
    return written
