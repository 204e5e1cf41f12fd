"""Resolve a name or an id to the id of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from axtasks_api_beta.types import UNSET, Unset

from axtasks.errors import SpaceRequiredError
from axtasks.validation import reference

from .ids import expect_kind, is_id, parse_id
from .kinds import SPACE, ResourceKind
from .lookup import find_all, find_exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.page import Page

PageT = TypeVar("PageT", bound="Page[Any]")


def check_reference(kind: ResourceKind[Any], value: str) -> str | None:
    """The id that a value is, or None for a name, which is still to be looked up.

    Args:
        kind: what it should be the name or id of.
        value: a name or an id.

    Raises:
        InvalidArgumentError: it is no text, or empty.
        WrongKindError: it is the id of something else.
    """
    found = parse_id(reference(kind.noun, value))
    return None if found is None else expect_kind(found, kind.noun)


def resolve_space(context: ClientContext, value: str, *, afresh: bool = False) -> Flow[str]:
    """The id of a space that is given by name or id.

    Args:
        context: the client's settings, and what it remembers.
        value: its name or id.
        afresh: whether a name is looked up even where it is remembered.
    """
    if (space_id := check_reference(SPACE, value)) is not None:
        return space_id
    return (yield from find_exact(context, SPACE, value, within=UNSET, afresh=afresh))


def narrow_space(context: ClientContext, space: str | None, *values: object, afresh: bool = False) -> Flow[str | None]:
    """The space to look several names up in, as an id, so that it is itself looked up only once.

    Args:
        context: the client's settings, which may name a default space.
        space: name or id of the space; the default space when None.
        values: what may have to be looked up; without a name among them the space is left as it is.
        afresh: whether the space is looked up even where it is remembered.
    """
    scope = space if space is not None else context.settings.space
    if scope is None or not any(is_name(value) for value in values):
        return space
    return (yield from resolve_space(context, scope, afresh=afresh))


def is_name(value: object) -> bool:
    """Whether a value is a name rather than an id."""
    return isinstance(value, str) and not is_id(value)


def resolve(
    context: ClientContext, kind: ResourceKind[Any], value: str, *, space: str | None, afresh: bool = False
) -> Flow[str]:
    """Return the id of a resource that is given by name or id.

    Args:
        context: the client's settings, which may name a default space, and what it remembers.
        kind: what it is.
        value: its name or id. An id is taken as it is; names are matched exactly.
        space: name or id of the space to look in; without one, and without a default space, a name is looked up over
            everything that the key may see.
        afresh: whether names are looked up even where they are remembered, as befits what cannot be undone.

    Raises:
        UnknownNameError: nothing bears that name.
        AmbiguousNameError: several things do.
        WrongKindError: it is the id of something else.
    """
    if (found := check_reference(kind, value)) is not None:
        return found
    within = yield from _scope(context, space, afresh=afresh)
    return (yield from find_exact(context, kind, value, within=within, afresh=afresh))


def resolve_all(
    context: ClientContext, kind: ResourceKind[Any], values: Sequence[str], *, space: str | None
) -> Flow[list[str]]:
    """The ids of several resources of one kind, in their order, with as few requests as that takes.

    Args:
        context: the client's settings, which may name a default space, and what it remembers.
        kind: what they are.
        values: their names or ids, each once.
        space: name or id of the space to look in, as for `resolve`.

    Raises:
        UnknownNameError: nothing bears one of the names.
        AmbiguousNameError: several things do.
        WrongKindError: one is the id of something else.
    """
    ids = {value: found for value in values if (found := check_reference(kind, value)) is not None}
    names = [value for value in values if value not in ids]
    if names:
        within = yield from _scope(context, space)
        ids.update((yield from find_all(context, kind, names, within=within)))
    return [ids[value] for value in values]


def _scope(context: ClientContext, space: str | None, *, afresh: bool = False) -> Flow[str | Unset]:
    """Return the id of the space to look names up in; UNSET where there is none to look in."""
    scope = space if space is not None else context.settings.space
    return UNSET if scope is None else (yield from resolve_space(context, scope, afresh=afresh))


def check_space_given(context: ClientContext, kind: ResourceKind[Any], value: str, space: str | None) -> None:
    """Check that a name comes with a space to look it up in, for what cannot be undone.

    Args:
        context: the client's settings, which may name a default space.
        kind: what is named.
        value: its name or id.
        space: name or id of the space.

    Raises:
        SpaceRequiredError: it is a name, and there is no space.
    """
    if space is None and context.settings.space is None and check_reference(kind, value) is None:
        raise SpaceRequiredError(
            f"{kind.noun} {value!r} is a name, and here a name is looked up only within a space: give space=..., set"
            f" ARIZE_SPACE, or give the {kind.noun}'s id",
            noun=kind.noun,
            value=value,
        )
