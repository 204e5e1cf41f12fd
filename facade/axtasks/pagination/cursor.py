"""Cursors of a list: follow `next_cursor` from page to page, never in circles and up to a page limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from axtasks_api.types import UNSET, Unset

from axtasks.errors import RepeatedCursorError, TooManyPagesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.codec import Spelling
    from axtasks_api.models import PaginationMetadata

    from axtasks.engine.effects import Flow


class Spellable(Protocol):
    """The common part of all results: models, variants and list responses."""

    def to_dict(self, spelling: Spelling = ...) -> dict[str, Any]:
        """The JSON object of the result, in a spelling of values."""
        ...


class ListResponse(Spellable, Protocol):
    """The common part of all list responses of the contract."""

    pagination: PaginationMetadata


def each_page(read: Callable[[str | Unset], Flow[ListResponse | None]], what: str, *, most_pages: int) -> Flow[None]:
    """Read one page after another, until the list ends or `read` returns None.

    Args:
        read: fetches and handles the page at a cursor, and returns its response; None to stop.
        what: what is listed, for messages.
        most_pages: how many pages may be read.

    Raises:
        RepeatedCursorError: the list goes in circles.
        TooManyPagesError: there are more pages.
    """
    cursor: str | Unset | None = UNSET
    followed: set[str] = set()
    while cursor is not None and (response := (yield from read(cursor))) is not None:
        cursor = follow(response, followed, what, most_pages=most_pages)


def next_cursor(response: ListResponse) -> str | None:
    """Return the cursor of the next page; None on the last page, which one without `pagination` is too."""
    pagination: PaginationMetadata | None = getattr(response, "pagination", None)
    return None if pagination is None else pagination.next_cursor or None


def follow(response: ListResponse, followed: set[str], what: str, *, most_pages: int) -> str | None:
    """Return the cursor of the next page and add it to those `followed` before; None after the last page."""
    cursor = next_cursor(response)
    if cursor is None:
        return None
    if cursor in followed:
        raise RepeatedCursorError(
            f"the list of {what} goes in circles: cursor {cursor!r} was followed before", cursor=cursor
        )
    followed.add(cursor)
    if len(followed) >= most_pages:
        raise TooManyPagesError(
            f"the list of {what} has more than {most_pages} pages; narrow it down, go on with cursor={cursor!r}, or"
            " give the client other limits: Limits(pages=...)",
            cursor=cursor,
        )
    return cursor
