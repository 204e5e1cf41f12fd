"""Look names up in the lists of the server, or in the cache of names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from axtasks_api_beta import models
from axtasks_api_beta.api.datasets import get_dataset
from axtasks_api_beta.api.projects import get_project
from axtasks_api_beta.types import UNSET, Unset

from axtasks.engine.caches import CachedId, NameKey
from axtasks.engine.effects import Flow, gather, may_use_cached, now, send
from axtasks.errors import AmbiguousNameError, ResponseError, UnknownNameError
from axtasks.pagination.cursor import Cursors, follow
from axtasks.validation import LARGEST_PAGE, LONGEST_NAME_FILTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks.engine.context import ClientContext

    from .kinds import ResourceKind


MOST_NEAR_NAMES = 5
# How many tasks of one name are shown with what they run over, at a request each.
MOST_LOCATED_TASKS = 5
# From how many names on a look at all there is may take fewer requests than one for each.
LEAST_FOR_SWEEP = 2


class Named(Protocol):
    """Anything with a name and an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


def find_exact(
    context: ClientContext, kind: ResourceKind[Any], name: str, *, within: str | Unset, afresh: bool = False
) -> Flow[str]:
    """The id of the one resource that bears exactly this name, over all pages.

    Args:
        context: the client's settings, which limit the pages, and what it remembers.
        kind: what it is.
        name: its name, matched with its case.
        within: the id of the space, or for experiments of the dataset, that it belongs to; UNSET for everything that
            the key may see.
        afresh: whether it is looked up even where it is remembered.
    """
    if not afresh and (known := (yield from _recalled(context, kind, name, within))) is not None:
        return known
    since = _Since(context.names.changes, (yield from now()))
    # The filter of the server is a substring in any case, and takes no longer text.
    seen = yield from list_by_name(context, kind, name[:LONGEST_NAME_FILTER], within)
    found = yield from _bearer(kind, name, seen, within)
    if found is None:
        around = seen
        if not seen:
            # Nothing contains the name, so it may be misspelt: one page of what there is tells near names.
            around = getattr((yield from kind.list(UNSET, within, UNSET, LARGEST_PAGE)), kind.page.wire_name)
        raise _unknown(kind, name, seen, around)
    _remember(context, _key(kind, name, within), found, since)
    return found.id


def find_all(
    context: ClientContext, kind: ResourceKind[Any], names: Sequence[str], *, within: str | Unset
) -> Flow[dict[str, str]]:
    """The ids of the resources that bear these names, by name, in as few requests as that takes.

    Args:
        context: the client's settings, and what it remembers.
        kind: what they are.
        names: their names, each once.
        within: the id of the space that they belong to.
    """
    ids: dict[str, str] = {}
    for name in names:
        known = yield from _recalled(context, kind, name, within)
        if known is not None:
            ids[name] = known
    missing = [name for name in names if name not in ids]
    if len(missing) >= LEAST_FOR_SWEEP:
        since = _Since(context.names.changes, (yield from now()))
        page = yield from kind.list(UNSET, within, UNSET, LARGEST_PAGE)
        # Only all there is tells that nothing else bears a name.
        if not page.pagination.next_cursor:
            items: list[Named] = getattr(page, kind.page.wire_name)
            for name in missing:
                found = yield from _bearer(kind, name, items, within)
                if found is None:
                    seen = [item for item in items if name.casefold() in str(item.name).casefold()]
                    raise _unknown(kind, name, seen, seen or items)
                _remember(context, _key(kind, name, within), found, since)
                ids[name] = found.id
            return ids
    looked_up = yield from gather([find_exact(context, kind, name, within=within) for name in missing])
    return {**ids, **dict(zip(missing, looked_up, strict=True))}


def _recalled(context: ClientContext, kind: ResourceKind[Any], name: str, within: str | Unset) -> Flow[str | None]:
    """The id that a name led to lately; None if it is not remembered, or the call may not go by that."""
    memory = context.settings.names
    if memory is None:
        return None
    key = _key(kind, name, within)
    known = context.names.recall(key, memory, moment=(yield from now()))
    if known is None or not (yield from may_use_cached(context.names, key, known)):
        return None
    return known.id


class _Since(NamedTuple):
    """What there was before a look-up: how often the client had changed names, and the monotonic time in seconds."""

    changes: int
    moment: float


def _remember(context: ClientContext, key: NameKey, found: Named, since: _Since) -> None:
    """Notes what bears a name, and what is known of it if it is a task."""
    if isinstance(found, models.Task):
        context.tasks.note(found, moment=since.moment)
    if context.settings.names is not None:
        context.names.remember(key, CachedId(found.id, since.moment), context.settings.names, changes=since.changes)


def _key(kind: ResourceKind[Any], name: str, within: str | Unset) -> NameKey:
    return NameKey(kind.noun, "" if isinstance(within, Unset) else within, name)


def _bearer(kind: ResourceKind[Any], name: str, seen: Iterable[Named], within: str | Unset) -> Flow[Named | None]:
    """Return the one thing that bears exactly this name, if any does.

    Raises:
        AmbiguousNameError: several do.
    """
    # A list that grows while it is paged through may show one thing twice.
    bearers = {item.id: item for item in seen if item.name == name}
    if len(bearers) <= 1:
        return next(iter(bearers.values()), None)
    # Within a space the ids are all there is to tell the bearers apart.
    is_anywhere = isinstance(within, Unset)
    places = (yield from _places(list(bearers.values()))) if is_anywhere else {}
    shown = ", ".join(f"{each} ({places[each]})" if each in places else each for each in bearers)
    choice = "give a space, or one of their ids" if is_anywhere and kind.noun != "space" else "give one of their ids"
    raise AmbiguousNameError(
        f"{len(bearers)} {kind.page.wire_name} are named {name!r}: {choice}: {shown}",
        noun=kind.noun,
        value=name,
        candidates=list(bearers),
    )


def _places(bearers: Sequence[Named]) -> Flow[dict[str, str]]:
    """Return where things of one name are, by their ids.

    The space of a task stands with what it runs over, which is read for the first few tasks.
    """
    tasks = [item for item in bearers if isinstance(item, models.Task)][:MOST_LOCATED_TASKS]
    read = yield from gather([_source(task) for task in tasks])
    places = {task.id: place for task, place in zip(tasks, read, strict=True) if place is not None}
    spaces = {item.id: getattr(item, "space_id", None) for item in bearers}
    return places | {identifier: f"space {space}" for identifier, space in spaces.items() if isinstance(space, str)}


def _source(task: models.Task) -> Flow[str | None]:
    """Return what a task runs over and in which space; None where that cannot be read."""
    try:
        if isinstance(task.project_id, str):
            project = yield from send(get_project.operation, task.project_id)
            return f"over project {project.name!r}, space {project.space_id}"
        if isinstance(task.dataset_id, str):
            dataset = yield from send(get_dataset.operation, task.dataset_id)
            return f"over dataset {dataset.name!r}, space {dataset.space_id}"
    except ResponseError:
        # The place is a hint: the ids are told without it.
        return None
    return None


def _unknown(
    kind: ResourceKind[Any], name: str, containing: Sequence[Named], around: Iterable[Named]
) -> UnknownNameError:
    """The error for a name that nothing bears.

    Args:
        kind: what should bear it.
        name: the name.
        containing: what has it in its name.
        around: where near names are looked for.
    """
    near = nearest(name, (item.name for item in around)) or [item.name for item in containing][:MOST_NEAR_NAMES]
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return UnknownNameError(
        f"no {kind.noun} is named {name!r}{hint} (names are matched exactly, case included)",
        noun=kind.noun,
        value=name,
        near=near,
    )


def nearest(name: str, names: Iterable[str]) -> Sequence[str]:
    """The names that are close to a name, whatever their case, nearest first."""
    by_folded: dict[str, list[str]] = {}
    for other in dict.fromkeys(map(str, names)):
        by_folded.setdefault(other.casefold(), []).append(other)
    close = get_close_matches(name.casefold(), by_folded, n=MOST_NEAR_NAMES)
    return [other for folded in close for other in by_folded[folded]][:MOST_NEAR_NAMES]


def list_by_name(context: ClientContext, kind: ResourceKind[Any], name: str, within: str | Unset) -> Flow[list[Named]]:
    """Everything on all pages of a filtered list.

    Args:
        context: the client's settings, which limit the pages.
        kind: what is listed.
        name: what the names have to contain.
        within: the id of what it has to belong to.
    """
    seen: list[Named] = []
    cursor: str | Unset = UNSET
    followed = Cursors()
    while True:
        response = yield from kind.list(name, within, cursor, LARGEST_PAGE)
        seen += getattr(response, kind.page.wire_name)
        following = follow(response, followed, kind.page.wire_name, most_pages=context.settings.limits.pages)
        if following is None:
            return seen
        cursor = following
