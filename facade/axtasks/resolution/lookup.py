"""Look names up in the lists of the server, or in the cache of names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from axtasks_api import models
from axtasks_api.api.datasets import get_dataset
from axtasks_api.api.projects import get_project
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send
from axtasks.engine.caches import CachedId, NameKey
from axtasks.engine.effects import Flow, gather
from axtasks.errors import AmbiguousNameError, MissingFieldError, ResponseError, UnknownNameError
from axtasks.pagination.cursor import each_page, next_cursor
from axtasks.validation import LARGEST_PAGE, LONGEST_NAME_FILTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks.engine.context import ClientContext
    from axtasks.pagination.cursor import ListResponse

    from .kinds import ResourceKind


MOST_NEAR_NAMES = 5
# Most tasks of one name that are located for the error, at one request each.
MOST_LOCATED_TASKS = 5
# From this many names on, one page of the whole list may take fewer requests than one for each name.
LEAST_FOR_SWEEP = 2


class Named(Protocol):
    """A resource with a name and an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


def find_exact(
    context: ClientContext, kind: ResourceKind[Any], name: str, *, within: str | Unset, bypass_cache: bool = False
) -> Flow[str]:
    """Return the id of the one resource with exactly this name, case included, over all pages.

    `within` is the id of its space, or for experiments of its dataset; UNSET searches all that the key may see.
    """
    if not bypass_cache and (cached := _cached_id(context, kind, name, within)) is not None:
        return cached
    start = _LookupStart(context.names.changes, context.clock.monotonic())
    items = yield from list_by_name(context, kind, name, within)
    match = yield from _only_match(context, kind, name, items, within)
    if match is None:
        # If no name contains it, it may be misspelt: one page of the whole list suggests near names.
        page = None if items else (yield from kind.list(context, UNSET, within, UNSET, LARGEST_PAGE))
        others: Sequence[Named] = items if page is None else getattr(page, kind.wire_name)
        raise _unknown_name(kind, name, items, others, where=_where(context, kind, within))
    _cache(context, _key(kind, name, within), match, start)
    return match.id


def find_all(
    context: ClientContext, kind: ResourceKind[Any], names: Sequence[str], *, within: str | Unset
) -> Flow[dict[str, str]]:
    """Return the ids of the resources with these names, by name, in as few requests as possible.

    Each name is given once; `within` is as for `find_exact`.
    """
    ids: dict[str, str] = {}
    for name in names:
        cached = _cached_id(context, kind, name, within)
        if cached is not None:
            ids[name] = cached
    missing = [name for name in names if name not in ids]
    if len(missing) >= LEAST_FOR_SWEEP:
        start = _LookupStart(context.names.changes, context.clock.monotonic())
        page = yield from kind.list(context, UNSET, within, UNSET, LARGEST_PAGE)
        # Only a complete list shows that no other resource has the same name.
        if next_cursor(page) is None:
            items: list[Named] = getattr(page, kind.wire_name)
            for name in missing:
                match = yield from _only_match(context, kind, name, items, within)
                if match is None:
                    containing = [item for item in items if name.casefold() in str(item.name).casefold()]
                    raise _unknown_name(kind, name, containing, items, where=_where(context, kind, within))
                _cache(context, _key(kind, name, within), match, start)
                ids[name] = match.id
            return ids
    looked_up = yield from gather([find_exact(context, kind, name, within=within) for name in missing])
    return {**ids, **dict(zip(missing, looked_up, strict=True))}


def _cached_id(context: ClientContext, kind: ResourceKind[Any], name: str, within: str | Unset) -> str | None:
    """Return the cached id of a name; None without one, or if the call may not use the cache."""
    policy = context.settings.names
    if policy is None or context.call.bypasses_cache:
        return None
    key = _key(kind, name, within)
    cached = context.names.find(key, policy, now=context.clock.monotonic())
    if cached is None:
        return None
    context.call.used_ids.append((key, cached))
    return cached.id


class _LookupStart(NamedTuple):
    """State before a look-up: the client's count of name changes, and the monotonic time in seconds."""

    changes: int
    started_at: float


def _cache(context: ClientContext, key: NameKey, match: Named, start: _LookupStart) -> None:
    """Cache the id of a name, and the task itself if it is one."""
    if isinstance(match, models.Task):
        context.tasks.store_if_complete(match, requested_at=start.started_at)
    if context.settings.names is not None:
        cached = CachedId(match.id, start.started_at)
        context.names.store(key, cached, context.settings.names, changes=start.changes)


def _key(kind: ResourceKind[Any], name: str, within: str | Unset) -> NameKey:
    return NameKey(kind.noun, "" if isinstance(within, Unset) else within, name)


def _only_match(
    context: ClientContext, kind: ResourceKind[Any], name: str, items: Iterable[Named], within: str | Unset
) -> Flow[Named | None]:
    """Return the one item with exactly this name, None without any; raise AmbiguousNameError for several."""
    # A list that grows while it is paged through may contain one item twice.
    matches = {item.id: item for item in items if item.name == name}
    if len(matches) <= 1:
        return next(iter(matches.values()), None)
    # Within a space only the ids differ.
    is_anywhere = isinstance(within, Unset)
    locations = (yield from _locate(context, list(matches.values()))) if is_anywhere else {}
    shown = ", ".join(f"{each} ({locations[each]})" if each in locations else each for each in matches)
    choice = "give a space, or one of their ids" if is_anywhere and kind.noun != "space" else "give one of their ids"
    raise AmbiguousNameError(
        f"{len(matches)} {kind.wire_name} are named {name!r}: {choice}: {shown}",
        noun=kind.noun,
        value=name,
        candidates=list(matches),
    )


def _locate(context: ClientContext, items: Sequence[Named]) -> Flow[dict[str, str]]:
    """Return the locations of items by id; a task's is that of its project or dataset, read for the first few tasks."""
    tasks = [item for item in items if isinstance(item, models.Task)][:MOST_LOCATED_TASKS]
    read = yield from gather([_locate_task(context, task) for task in tasks])
    locations = {task.id: location for task, location in zip(tasks, read, strict=True) if location is not None}
    spaces = {item.id: getattr(item, "space_id", None) for item in items}
    return locations | {item_id: f"space {space}" for item_id, space in spaces.items() if isinstance(space, str)}


def _locate_task(context: ClientContext, task: models.Task) -> Flow[str | None]:
    """Return the project or dataset of a task, and its space; None if it cannot be read."""
    try:
        if isinstance(task.project_id, str):
            project = yield from send(context, get_project.operation, task.project_id)
            return f"over project {project.name!r}, space {project.space_id}"
        if isinstance(task.dataset_id, str):
            dataset = yield from send(context, get_dataset.operation, task.dataset_id)
            return f"over dataset {dataset.name!r}, space {dataset.space_id}"
    except (ResponseError, MissingFieldError):
        # The location is a hint: the error lists the ids without it.
        return None
    return None


def _unknown_name(
    kind: ResourceKind[Any], name: str, containing: Sequence[Named], others: Sequence[Named], *, where: str
) -> UnknownNameError:
    """Return the error for an unknown name, with near names among the items that contain it, or else among others."""
    available = list(dict.fromkeys(str(item.name) for item in containing or others))
    near = nearest(name, available) or (available[:MOST_NEAR_NAMES] if containing else [])
    # What looks the same is written with codes, so that one sees the difference.
    show = ascii if any(look_of(other) == look_of(name) for other in near) else repr
    hint = f"; did you mean {' or '.join(map(show, near))}?" if near else ""
    return UnknownNameError(
        f"no {kind.noun} is named {show(name)}{where}{hint} (names are matched exactly, case included)",
        noun=kind.noun,
        value=name,
        near=near,
        available_names=available,
    )


def _where(context: ClientContext, kind: ResourceKind[Any], within: str | Unset) -> str:
    """Return where a name was looked up, for a message."""
    if isinstance(within, Unset):
        return "" if kind.noun == "space" else " in any space"
    noun = "space" if kind.owner == "space_id" else "dataset"
    name = context.names.name_of(noun, within)
    return f" in {noun} {within if name is None else repr(name)}"


def look_of(name: str) -> str:
    """Return a name as people see it: composed and decomposed accents, and all kinds of blanks, are the same."""
    if name.isascii():
        return name
    # Imported late: most names are ASCII.
    from unicodedata import category, normalize

    seen = "".join(" " if character.isspace() else character for character in normalize("NFKC", name))
    return "".join(character for character in seen if category(character) != "Cf")


def nearest(name: str, names: Iterable[str]) -> Sequence[str]:
    """Return the names that are close to a name, in any case, nearest first."""
    by_folded: dict[str, list[str]] = {}
    for other in dict.fromkeys(map(str, names)):
        by_folded.setdefault(look_of(other).casefold(), []).append(other)
    close = get_close_matches(look_of(name).casefold(), by_folded, n=MOST_NEAR_NAMES)
    return [other for folded in close for other in by_folded[folded]][:MOST_NEAR_NAMES]


def list_by_name(context: ClientContext, kind: ResourceKind[Any], name: str, within: str | Unset) -> Flow[list[Named]]:
    """Return all items whose name contains this one in any case, over all pages; `within` is as for `find_exact`."""
    items: list[Named] = []
    # The server's filter matches substrings in any case, and takes no longer text.
    name_filter = name[:LONGEST_NAME_FILTER]

    def read(cursor: str | Unset) -> Flow[ListResponse]:
        response = yield from kind.list(context, name_filter, within, cursor, LARGEST_PAGE)
        items.extend(getattr(response, kind.wire_name))
        return response

    yield from each_page(read, kind.wire_name, most_pages=context.settings.limits.pages)
    return items
