"""List the resources of a kind: what all lists of what has a name have in common."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from axtasks_api.types import UNSET, Unset

from axtasks.pagination.page import first_page
from axtasks.validation import LONGEST_NAME_FILTER, page_size, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.cursor import ListResponse
    from axtasks.pagination.page import AsyncPage, Fetch, Page, Paged, PageKinds
    from axtasks.resolution.kinds import ResourceKind

    PageT = TypeVar("PageT", bound=Page[Any])
    AsyncPageT = TypeVar("AsyncPageT", bound=AsyncPage[Any])


def list_kind(
    context: ClientContext,
    kind: ResourceKind[PageKinds[PageT, AsyncPageT]],
    within: Flow[str | Unset],
    filters: Mapping[str, object] = MappingProxyType({}),
    *,
    name: str | None,
    limit: int,
    cursor: str | None,
) -> Flow[Paged[PageT, AsyncPageT]]:
    """Return the first page; the id that limits the list is looked up once the other arguments are checked."""
    limit = page_size(limit)
    name_filter = UNSET if name is None else text("name", name, most=LONGEST_NAME_FILTER)
    within_id = yield from within

    def fetch(context: ClientContext, at: str | Unset) -> Flow[ListResponse]:
        return kind.list(context, name_filter, within_id, at, limit, **filters)

    return (yield from first_page_within(context, kind.pages, fetch, cursor=cursor))


def first_page_within(
    context: ClientContext, kinds: PageKinds[PageT, AsyncPageT], fetch: Fetch, *, cursor: str | None
) -> Flow[Paged[PageT, AsyncPageT]]:
    """Return the first page of a list that ids limit; if it is empty and one of them was cached, restart the call."""
    page = yield from first_page(context, kinds, fetch, cursor=cursor)
    if not cast("Page[Any]", page).items:
        # A server of the documents' dialect returns an empty list for a deleted space, project or dataset.
        context.call.restart_uncached()
    return page
