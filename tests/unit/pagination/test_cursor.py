"""Tests of cursors: those that are followed, and those that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks import RepeatedCursorError
from axtasks.pagination.cursor import each_page, follow
from axtasks_api.models import TaskListResponse
from axtasks_api.types import UNSET, Unset

if TYPE_CHECKING:
    from axtasks.engine.effects import Flow


def page_before(cursor: str) -> TaskListResponse:
    return TaskListResponse.from_dict({"tasks": [], "pagination": {"has_more": True, "next_cursor": cursor}})


@pytest.mark.parametrize("cursor", ["a", "a" * 10_000, "é", "\ud800"], ids=["a", "long", "é", "half"])
def test_a_cursor_is_followed_once(cursor: str) -> None:
    """A repeated cursor is recognized, whatever its text, and no other is refused."""
    followed = {"another"}

    assert follow(page_before(cursor), followed, "tasks", most_pages=9) == cursor
    assert follow(page_before(f"{cursor}."), followed, "tasks", most_pages=9) == f"{cursor}."
    with pytest.raises(RepeatedCursorError):
        follow(page_before(cursor), followed, "tasks", most_pages=9)


def test_an_empty_cursor_ends_the_list() -> None:
    assert follow(page_before(""), set(), "tasks", most_pages=9) is None


def test_pages_are_read_until_the_reader_has_enough() -> None:
    cursors: list[str | Unset] = []

    def read(cursor: str | Unset) -> Flow[TaskListResponse | None]:
        cursors.append(cursor)
        yield from ()
        return None if cursor == "second" else page_before("second" if cursor is UNSET else "third")

    assert list(each_page(read, "tasks", most_pages=2)) == []
    assert cursors == [UNSET, "second"]
