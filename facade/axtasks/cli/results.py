"""From what the library returns to what the output layer shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .output import Result, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Protocol

    from axtasks import Page

    class Shown(Protocol):
        """Anything the API returns one of."""

        def to_dict(self) -> dict[str, Any]:
            """Its JSON object."""
            ...


LARGEST_PAGE = 100


def one(item: Shown, noun: str) -> Result:
    """The result that shows one object."""
    document = item.to_dict()
    return Result(document=document, rows=[document], noun=noun, single=True)


def several(items: Sequence[Shown], noun: str) -> Result:
    """The result that shows objects which no list request returned, as a list however many they are."""
    rows = [item.to_dict() for item in items]
    return Result(document={f"{noun}s": rows}, rows=rows, noun=noun, single=False)


def listing(fetch: Callable[..., Page[Any]], noun: str, *, limit: int, cursor: str | None, everything: bool) -> Result:
    """The result that shows a list, for which as many pages are fetched as it takes.

    Args:
        fetch: asks for a page, given `limit` and `cursor`.
        noun: what the items are.
        limit: the most items to show.
        cursor: where to begin; at the start when None.
        everything: whether to show all there is, whatever the limit.

    Raises:
        RepeatedCursorError: the list goes in circles.
        TooManyPagesError: all of it was asked for, and it has more pages than the client follows.
    """
    pages = fetch(limit=LARGEST_PAGE, cursor=cursor).pages() if everything else _pages_of(fetch, limit, cursor)
    rows: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    following: str | None = None
    for page in pages:
        document, following = page.to_dict(), page.next_cursor
        rows += document[page.wire_name]
        document[page.wire_name] = rows
    return Result(document=document, rows=rows, noun=noun, single=False, next_cursor=following)


def _pages_of(fetch: Callable[..., Page[Any]], limit: int, cursor: str | None) -> Iterator[Page[Any]]:
    """The pages that have a number of items together, the last of which is asked for no more than is missing."""
    followed = {cursor}
    while True:
        page = fetch(limit=min(limit, LARGEST_PAGE), cursor=cursor)
        yield page
        limit -= len(page.items)
        cursor = page.next_cursor
        if cursor is None or limit <= 0:
            return
        if cursor in followed:
            from axtasks import RepeatedCursorError

            message = f"the list of {page.wire_name} goes in circles: cursor {cursor!r} was followed before"
            raise RepeatedCursorError(message, cursor=cursor)
        followed.add(cursor)


def present(result: Result, options: Mapping[str, Any]) -> None:
    """Shows a result as the command's options say.

    Args:
        result: what to show.
        options: the command's options by name, those of `output_options` among them.
    """
    show(
        result,
        output=options["output"],
        columns=options["columns"],
        query=options["query"],
        quiet=options["quiet"],
    )
