"""From what the library returns to what the output layer shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .output import Result, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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
    """The result that shows objects which no list request returned; one alone is shown as itself."""
    if len(items) == 1:
        return one(items[0], noun)
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
    """
    rows: list[dict[str, Any]] = []
    followed = {cursor}
    while True:
        wanted = LARGEST_PAGE if everything else min(limit - len(rows), LARGEST_PAGE)
        page = fetch(limit=wanted, cursor=cursor)
        document = page.to_dict()
        rows += document[page.wire_name]
        following = page.next_cursor
        if following is None or (not everything and len(rows) >= limit):
            document[page.wire_name] = rows
            return Result(document=document, rows=rows, noun=noun, single=False, next_cursor=following)
        if following in followed:
            from axtasks import RepeatedCursorError

            message = f"the list of {page.wire_name} goes in circles: cursor {following!r} was followed before"
            raise RepeatedCursorError(message, cursor=following)
        followed.add(following)
        cursor = following


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
