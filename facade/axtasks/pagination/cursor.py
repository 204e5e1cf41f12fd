"""Cursors of a list: the next one, refused where the list repeats itself or is too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from axtasks.errors import RepeatedCursorError, TooManyPagesError

if TYPE_CHECKING:
    from axtasks_api_beta.models import PaginationMetadata


class ListResponse(Protocol):
    """What all list responses of the contract have."""

    pagination: PaginationMetadata

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the response."""
        ...


def follow(response: ListResponse, followed: set[str], what: str, *, most_pages: int) -> str | None:
    """The cursor to go on with, which must not have been followed before; None at the end.

    Args:
        response: the page just read.
        followed: the cursors that were followed before; the new one is added.
        what: what is listed, for messages.
        most_pages: how many pages may be read.

    Raises:
        RepeatedCursorError: the list goes in circles.
        TooManyPagesError: there are more pages.
    """
    cursor = response.pagination.next_cursor or None
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
