"""From a name to the one id that bears it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta.api.datasets import list_datasets
from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.experiments import list_experiments
from axtasks_api_beta.api.projects import list_projects
from axtasks_api_beta.api.spaces import list_spaces
from axtasks_api_beta.api.tasks import list_tasks
from axtasks_api_beta.types import UNSET, Unset

from .effects import Flow, send
from .errors import SpaceRequiredError
from .finding import find_all, find_exact
from .ids import expect_kind, is_id, parse_id
from .pages import DatasetPage, EvaluatorPage, ExperimentPage, ProjectPage, SpacePage, TaskPage
from .validation import reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .core import Core
    from .paging import ListResponse, Page

PageT = TypeVar("PageT", bound="Page[Any]")

# Sends one page's request: a name filter, the id of what it is limited to, a cursor, a page size.
ListNamed = Callable[[str | Unset, str | Unset, str | Unset, int], Flow["ListResponse"]]


class Kind(NamedTuple, Generic[PageT]):
    """A kind of resource that can be listed, and found by its name.

    Attributes:
        noun: what it is called in messages, and the argument it is given by.
        page: the kind of page its lists come in.
        list: sends the request for one page.
    """

    noun: str
    page: type[PageT]
    list: ListNamed


SPACE = Kind(
    "space", SpacePage, lambda n, o, c, size: send(list_spaces.operation, name=n, org_id=o, limit=size, cursor=c)
)
TASK = Kind(
    "task", TaskPage, lambda n, s, c, size: send(list_tasks.operation, name=n, space_id=s, limit=size, cursor=c)
)
PROJECT = Kind(
    "project",
    ProjectPage,
    lambda n, s, c, size: send(list_projects.operation, name=n, space_id=s, limit=size, cursor=c),
)
DATASET = Kind(
    "dataset",
    DatasetPage,
    lambda n, s, c, size: send(list_datasets.operation, name=n, space_id=s, limit=size, cursor=c),
)
EVALUATOR = Kind(
    "evaluator",
    EvaluatorPage,
    lambda n, s, c, size: send(list_evaluators.operation, name=n, space_id=s, limit=size, cursor=c),
)
# The names of experiments are unique within a dataset rather than a space.
EXPERIMENT = Kind(
    "experiment",
    ExperimentPage,
    lambda n, d, c, size: send(list_experiments.operation, name=n, dataset_id=d, limit=size, cursor=c),
)
# Only in the beta dialect.
EXPERIMENT_OF_SPACE = Kind(
    "experiment",
    ExperimentPage,
    lambda n, s, c, size: send(list_experiments.operation, name=n, space_id=s, limit=size, cursor=c),
)


def check_reference(kind: Kind[Any], value: str) -> str | None:
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


def resolve_space(core: Core, value: str, *, afresh: bool = False) -> Flow[str]:
    """The id of a space that is given by name or id.

    Args:
        core: the client's settings, and what it remembers.
        value: its name or id.
        afresh: whether a name is looked up even where it is remembered.
    """
    if (space_id := check_reference(SPACE, value)) is not None:
        return space_id
    return (yield from find_exact(core, SPACE, value, within=UNSET, afresh=afresh))


def narrow(core: Core, space: str | None, *values: object, afresh: bool = False) -> Flow[str | None]:
    """The space to look several names up in, as an id, so that it is itself looked up only once.

    Args:
        core: the client's settings, which may name a default space.
        space: name or id of the space; the default space when None.
        values: what may have to be looked up; without a name among them the space is left as it is.
        afresh: whether the space is looked up even where it is remembered.
    """
    scope = space if space is not None else core.settings.space
    if scope is None or not any(is_name(value) for value in values):
        return space
    return (yield from resolve_space(core, scope, afresh=afresh))


def is_name(value: object) -> bool:
    """Whether a value is a name rather than an id."""
    return isinstance(value, str) and not is_id(value)


def resolve(core: Core, kind: Kind[Any], value: str, *, space: str | None, afresh: bool = False) -> Flow[str]:
    """Return the id of a resource that is given by name or id.

    Args:
        core: the client's settings, which may name a default space, and what it remembers.
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
    within = yield from _scope(core, space, afresh=afresh)
    return (yield from find_exact(core, kind, value, within=within, afresh=afresh))


def resolve_all(core: Core, kind: Kind[Any], values: Sequence[str], *, space: str | None) -> Flow[list[str]]:
    """The ids of several resources of one kind, in their order, with as few requests as that takes.

    Args:
        core: the client's settings, which may name a default space, and what it remembers.
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
        within = yield from _scope(core, space)
        ids.update((yield from find_all(core, kind, names, within=within)))
    return [ids[value] for value in values]


def _scope(core: Core, space: str | None, *, afresh: bool = False) -> Flow[str | Unset]:
    """Return the id of the space to look names up in; UNSET where there is none to look in."""
    scope = space if space is not None else core.settings.space
    return UNSET if scope is None else (yield from resolve_space(core, scope, afresh=afresh))


def check_space_given(core: Core, kind: Kind[Any], value: str, space: str | None) -> None:
    """Check that a name comes with a space to look it up in, for what cannot be undone.

    Args:
        core: the client's settings, which may name a default space.
        kind: what is named.
        value: its name or id.
        space: name or id of the space.

    Raises:
        SpaceRequiredError: it is a name, and there is no space.
    """
    if space is None and core.settings.space is None and check_reference(kind, value) is None:
        raise SpaceRequiredError(
            f"{kind.noun} {value!r} is a name, and here a name is looked up only within a space: give space=..., set"
            f" ARIZE_SPACE, or give the {kind.noun}'s id",
            noun=kind.noun,
            value=value,
        )
