"""The settings section of a world file, read and written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text
from axtasks.mock.suggestions import hint
from axtasks.mock.world import lifecycle
from axtasks.mock.world.api_keys import ApiKey, distinct, read_key
from axtasks.mock.world.settings import Settings
from axtasks.mock.world.visibility import space_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.world.lifecycle import Lifecycle
    from axtasks.mock.world.world import World

    from .document import Document

SECTION = "settings"


def read_settings(document: Document, data: JsonObject, before: Settings) -> Settings:
    """Return the settings with what the section says; what it leaves out stays as it was."""
    given: dict[str, Any] = {name: data[name] for name in ("continuous_seconds", "empty_runs") if name in data}
    if "lifecycle" in data:
        given["lifecycle"] = _lifecycle(document, data["lifecycle"], "lifecycle")
    if "task_lifecycles" in data:
        given["task_lifecycles"] = {
            name: _lifecycle(document, text, "task_lifecycles", name)
            for name, text in as_object(data["task_lifecycles"]).items()
        }
    if "keys" in data:
        given["keys"] = _keys(document, as_list(data["keys"]))
    try:
        return replace(before, **given) if given else before
    except ValueError as error:
        raise document.error((SECTION, "continuous_seconds"), str(error)) from error


def check_names(document: Document, data: JsonObject, world: World) -> None:
    """Refuse lifecycles of tasks that are not in the world, and keys that are for spaces which are not."""
    ordered = as_object(data.get("task_lifecycles", {}))
    for task in unknown_tasks(world, ordered):
        names = {each.name for each in world.tasks.all()}
        raise document.error((SECTION, "task_lifecycles", task), f"no task is named {task!r}{hint(task, names)}")
    known = sorted(space_names(world))
    for index, key in enumerate(as_list(data.get("keys", []))):
        for position, name in enumerate(as_list(as_object(key).get("spaces") or [])):
            if name not in known:
                steps = (SECTION, "keys", index, "spaces", position)
                raise document.error(steps, f"no space is named {name!r}{hint(as_text(name), known)}")


def unknown_tasks(world: World, names: Iterable[str]) -> list[str]:
    """Return which of these are neither the id nor the name of a task in the world."""
    wanted = set(names)
    if not wanted:
        return []
    known = {text for task in world.tasks.all() for text in (task.id, task.name)}
    return sorted(wanted - known)


def written_settings(settings: Settings) -> JsonObject:
    """The section that says the same; what stands at its default is left out."""
    section: JsonObject = {}
    if settings.lifecycle is not None:
        section["lifecycle"] = settings.lifecycle.text
    if settings.task_lifecycles:
        section["task_lifecycles"] = {name: each.text for name, each in settings.task_lifecycles.items()}
    if settings.continuous_seconds != Settings().continuous_seconds:
        section["continuous_seconds"] = settings.continuous_seconds
    if settings.empty_runs is not None:
        section["empty_runs"] = settings.empty_runs
    if settings.keys:
        section["keys"] = [
            {"key": key.token, "role": key.role.value, **({} if key.spaces is None else {"spaces": list(key.spaces)})}
            for key in settings.keys
        ]
    return section


def _lifecycle(document: Document, text: JsonValue, *steps: str) -> Lifecycle:
    try:
        return lifecycle.parse(as_text(text))
    except ValueError as error:
        raise document.error((SECTION, *steps), str(error)) from error


def _keys(document: Document, listed: list[JsonValue]) -> tuple[ApiKey, ...]:
    found: list[ApiKey] = []
    for index, each in enumerate(listed):
        try:
            found.append(read_key(each))
            distinct(found)
        except ValueError as error:
            raise document.error((SECTION, "keys", index), str(error)) from error
    return tuple(found)
