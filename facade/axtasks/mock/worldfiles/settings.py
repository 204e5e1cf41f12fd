"""The settings section of a world file, read and written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object, as_text
from axtasks.mock.suggestions import near
from axtasks.mock.world import lifecycle
from axtasks.mock.world.api_keys import Key, distinct, read_key
from axtasks.mock.world.settings import Settings
from axtasks.mock.world.visibility import space_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.world.lifecycle import Lifecycle
    from axtasks.mock.world.world import World

    from .document import Document

SECTION = "settings"


class _Given(TypedDict, total=False):
    lifecycle: Lifecycle
    task_lifecycles: dict[str, Lifecycle]
    continuous_seconds: float
    keys: tuple[Key, ...]
    empty_runs: str


def read_settings(document: Document, data: JsonObject, before: Settings) -> Settings:
    """The settings with what the section says; what it leaves out stays as it was."""
    given: _Given = {}
    if "lifecycle" in data:
        given["lifecycle"] = _lifecycle(document, data["lifecycle"], "lifecycle")
    if "task_lifecycles" in data:
        given["task_lifecycles"] = {
            name: _lifecycle(document, text, "task_lifecycles", name)
            for name, text in as_object(data["task_lifecycles"]).items()
        }
    if "keys" in data:
        given["keys"] = _keys(document, as_list(data["keys"]))
    if "empty_runs" in data:
        given["empty_runs"] = as_text(data["empty_runs"])
    seconds = data.get("continuous_seconds")
    if isinstance(seconds, int | float):
        given["continuous_seconds"] = seconds
    try:
        return replace(before, **given) if given else before
    except ValueError as error:
        raise document.error((SECTION, "continuous_seconds"), str(error)) from error


def check_names(document: Document, data: JsonObject, world: World) -> None:
    """Refuse lifecycles of tasks that are not in the world, and keys that are for spaces which are not."""
    ordered = as_object(data.get("task_lifecycles", {}))
    for task in unknown_tasks(world, ordered):
        names = {each.name for each in world.tasks.all()}
        raise document.error((SECTION, "task_lifecycles", task), _unnamed("task", task, names))
    known = sorted(space_names(world))
    for index, key in enumerate(as_list(data.get("keys", []))):
        for position, name in enumerate(as_list(as_object(key).get("spaces") or [])):
            if name not in known:
                steps = (SECTION, "keys", index, "spaces", position)
                raise document.error(steps, _unnamed("space", as_text(name), known))


def _unnamed(noun: str, name: str, known: Iterable[str]) -> str:
    """Say that nothing has a name, and which one was meant perhaps."""
    close = near(name, known)
    return f"no {noun} is named {name!r}" + (f"; did you mean {close!r}?" if close else "")


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
        section["keys"] = [_written_key(key) for key in settings.keys]
    return section


def _lifecycle(document: Document, text: JsonValue, *steps: str) -> Lifecycle:
    try:
        return lifecycle.parse(as_text(text))
    except ValueError as error:
        raise document.error((SECTION, *steps), str(error)) from error


def _keys(document: Document, listed: list[JsonValue]) -> tuple[Key, ...]:
    found: list[Key] = []
    for index, each in enumerate(listed):
        try:
            found.append(read_key(each))
            distinct(found)
        except ValueError as error:
            raise document.error((SECTION, "keys", index), str(error)) from error
    return tuple(found)


def _written_key(key: Key) -> JsonObject:
    written: JsonObject = {"key": key.token, "role": key.role.value}
    if key.spaces is not None:
        written["spaces"] = list(key.spaces)
    return written
