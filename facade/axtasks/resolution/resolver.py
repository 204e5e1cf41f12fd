"""Resolve a name or an id to the id of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api.types import UNSET, Unset

from axtasks.errors import ResolutionError, SpaceRequiredError
from axtasks.validation import none_if_unset, reference

from .ids import expect_kind, is_id, parse_id
from .kinds import SPACE, ResourceKind
from .lookup import find_all, find_exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow


class AllSpaces(str):
    """The type of `ALL_SPACES`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ALL_SPACES"


# In place of a space: all that the key may see, whatever the default space is.
ALL_SPACES = AllSpaces("all spaces")


def check_reference(kind: ResourceKind[Any], value: str) -> str | None:
    """Return the value if it is an id, None for a name; raise WrongKindError for an id of another kind."""
    resource_id = parse_id(reference(kind.noun, value))
    return None if resource_id is None else expect_kind(resource_id, kind.noun)


def is_name(value: object) -> bool:
    """Return True if a value is a name rather than an id."""
    return isinstance(value, str) and not is_id(value)


def resolve_space(context: ClientContext, space: str, *, bypass_cache: bool = False) -> Flow[str]:
    """Return the id of a space that is given by name or id."""
    if (space_id := check_reference(SPACE, space)) is not None:
        return space_id
    return (yield from find_exact(context, SPACE, space, within=UNSET, bypass_cache=bypass_cache))


def resolve_scope(context: ClientContext, space: str | None, *, bypass_cache: bool = False) -> Flow[str | Unset]:
    """Return the id of the space that a list or look-up is limited to; UNSET if there is no default space either."""
    if isinstance(space, AllSpaces):
        return UNSET
    if space is not None:
        return (yield from resolve_space(context, space, bypass_cache=bypass_cache))
    return (yield from resolve_default_space(context, bypass_cache=bypass_cache))


def resolve_default_space(context: ClientContext, *, bypass_cache: bool = False) -> Flow[str | Unset]:
    """Return the id of the default space of the client; UNSET if there is none, or it is ALL_SPACES."""
    space = context.settings.space
    if space is None or isinstance(space, AllSpaces):
        return UNSET
    try:
        return (yield from resolve_space(context, space, bypass_cache=bypass_cache))
    except ResolutionError as error:
        # Nobody gave this name to the call.
        error.args = (f"{error}; it is the default space, of ARIZE_SPACE or AxClient(space=...)",)
        raise


def narrow_space(
    context: ClientContext, space: str | None, *values: object, bypass_cache: bool = False
) -> Flow[str | None]:
    """Return the id of the space if a name is among the values, else the space as it is.

    A call with several names so looks the space itself up only once.
    """
    if isinstance(space, AllSpaces) or not any(is_name(value) for value in values):
        return space
    return none_if_unset((yield from resolve_scope(context, space, bypass_cache=bypass_cache)))


def resolve(
    context: ClientContext, kind: ResourceKind[Any], value: str, *, space: str | None, bypass_cache: bool = False
) -> Flow[str]:
    """Return the id of a resource that is given by name or id. An id is taken as it is; names are matched exactly.

    Without a space, and without a default space, a name is looked up over all that the key may see. Writes that cannot
    be undone bypass the cache.

    Raises:
        UnknownNameError: no resource has that name.
        AmbiguousNameError: several resources have it.
        WrongKindError: it is the id of another kind.
    """
    if (resource_id := check_reference(kind, value)) is not None:
        return resource_id
    within = yield from resolve_scope(context, space, bypass_cache=bypass_cache)
    return (yield from find_exact(context, kind, value, within=within, bypass_cache=bypass_cache))


def resolve_all(
    context: ClientContext, kind: ResourceKind[Any], values: Sequence[str], *, space: str | None
) -> Flow[list[str]]:
    """Return the ids of several resources of one kind, as `resolve` does, in as few requests as possible.

    The values are names or ids, each once; the ids are in their order.
    """
    within: str | Unset = UNSET
    if any(check_reference(kind, value) is None for value in values):
        within = yield from resolve_scope(context, space)
    return (yield from resolve_within(context, kind, values, within=within))


def resolve_within(
    context: ClientContext, kind: ResourceKind[Any], values: Sequence[str], *, within: str | Unset
) -> Flow[list[str]]:
    """Return the ids of several resources, as `resolve_all` does, within the space or dataset of this id."""
    ids = {value: resource_id for value in values if (resource_id := check_reference(kind, value)) is not None}
    names = [value for value in dict.fromkeys(values) if value not in ids]
    if names:
        ids.update((yield from find_all(context, kind, names, within=within)))
    return [ids[value] for value in values]


def check_space_given(context: ClientContext, kind: ResourceKind[Any], value: str, space: str | None) -> None:
    """Raise SpaceRequiredError for a name without a space to look it up in, before a write that cannot be undone."""
    scope = context.settings.space if space is None else space
    is_given = scope is not None and not isinstance(scope, AllSpaces)
    if not is_given and check_reference(kind, value) is None:
        raise SpaceRequiredError(
            f"{kind.noun} {value!r} is a name, and here a name is looked up only within a space: give space=..., set"
            f" ARIZE_SPACE, or give the {kind.noun}'s id",
            noun=kind.noun,
            value=value,
        )
