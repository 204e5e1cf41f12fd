"""From a name to the one id that bears it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from axtasks_api_beta.api.datasets import list_datasets
from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.experiments import list_experiments
from axtasks_api_beta.api.projects import list_projects
from axtasks_api_beta.api.spaces import list_spaces
from axtasks_api_beta.api.tasks import list_tasks
from axtasks_api_beta.types import UNSET, Unset

from .arguments import LARGEST_PAGE, LONGEST_NAME_FILTER, text
from .cursors import Cursors, follow
from .effects import Flow, send
from .errors import AmbiguousNameError, SpaceRequiredError, UnknownNameError
from .ids import expect_kind, parse_id
from .pages import DatasetPage, EvaluatorPage, ExperimentPage, ProjectPage, SpacePage, TaskPage

if TYPE_CHECKING:
    from .core import Core
    from .paging import ListResponse, Page

PageT = TypeVar("PageT", bound="Page[Any]")

MOST_NEAR_NAMES = 5


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
    found = parse_id(text(kind.noun, value))
    return None if found is None else expect_kind(found, kind.noun)


def resolve_space(core: Core, value: str) -> Flow[str]:
    """The id of a space that is given by name or id."""
    if (space_id := check_reference(SPACE, value)) is not None:
        return space_id
    return (yield from find_exact(core, SPACE, value, within=UNSET))


def narrow(core: Core, space: str | None, *values: object) -> Flow[str | None]:
    """The space to look several names up in, as an id, so that it is itself looked up only once.

    Args:
        core: the client's settings, which may name a default space.
        space: name or id of the space; the default space when None.
        values: what may have to be looked up; without a name among them the space is left as it is.
    """
    scope = space if space is not None else core.settings.space
    if scope is None or not any(isinstance(value, str) and parse_id(value) is None for value in values):
        return space
    return (yield from resolve_space(core, scope))


def resolve(core: Core, kind: Kind[Any], value: str, *, space: str | None) -> Flow[str]:
    """The id of a resource that is given by name or id.

    Args:
        core: the client's settings, which may name a default space.
        kind: what it is.
        value: its name or id. An id is taken as it is; names are matched exactly.
        space: name or id of the space to look in.

    Raises:
        SpaceRequiredError: it is a name, and there is no space to look in.
        UnknownNameError: nothing bears that name.
        AmbiguousNameError: several things do.
        WrongKindError: it is the id of something else.
    """
    if (found := check_reference(kind, value)) is not None:
        return found
    scope = space if space is not None else core.settings.space
    if scope is None:
        raise SpaceRequiredError(
            f"{kind.noun} {value!r} is a name, and names are looked up within a space: give space=..., set ARIZE_SPACE,"
            f" or give the {kind.noun}'s id",
            noun=kind.noun,
            value=value,
        )
    return (yield from find_exact(core, kind, value, within=(yield from resolve_space(core, scope))))


def find_exact(core: Core, kind: Kind[Any], name: str, *, within: str | Unset) -> Flow[str]:
    """The id of the one resource that bears exactly this name, over all pages.

    Args:
        core: the client's settings, which limit the pages.
        kind: what it is.
        name: its name, matched with its case.
        within: the id of the space, or for experiments of the dataset, that it belongs to.
    """
    # The filter of the server is a substring in any case, and takes no longer text.
    seen = yield from named(core, kind, name[:LONGEST_NAME_FILTER], within)
    # A list that grows while it is paged through may show one thing twice.
    matches = list(dict.fromkeys(item.id for item in seen if item.name == name))
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise AmbiguousNameError(
            f"{len(matches)} {kind.page.wire_name} are named {name!r}: give one of their ids: {', '.join(matches)}",
            noun=kind.noun,
            value=name,
            candidates=matches,
        )
    containing = [item.name for item in seen]
    if not seen:
        # Nothing contains the name, so it may be misspelt: one page of what there is tells near names.
        response = yield from kind.list(UNSET, within, UNSET, LARGEST_PAGE)
        seen = getattr(response, kind.page.wire_name)
    near = nearest(name, (item.name for item in seen)) or containing[:MOST_NEAR_NAMES]
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise UnknownNameError(
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


def named(core: Core, kind: Kind[Any], name: str, within: str | Unset) -> Flow[list[Named]]:
    """Everything on all pages of a filtered list.

    Args:
        core: the client's settings, which limit the pages.
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
        following = follow(response, followed, kind.page.wire_name, most_pages=core.settings.limits.pages)
        if following is None:
            return seen
        cursor = following
