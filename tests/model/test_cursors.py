"""A cursor continues its own list, with any page size, and no other list (decision J18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import BadRequestError
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic
from tests.unit import support

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks import AxClient

LISTS: dict[str, Callable[..., Any]] = {
    "tasks": lambda ax, **paging: ax.tasks.list(**paging),
    "tasks-by-name": lambda ax, **paging: ax.tasks.list(name="n", **paging),
    "tasks-by-another-name": lambda ax, **paging: ax.tasks.list(name="nightly", **paging),
    "tasks-by-type": lambda ax, **paging: ax.tasks.list(task_type="template_evaluation", **paging),
    "tasks-of-a-space": lambda ax, **paging: ax.tasks.list(space=support.DEMO, **paging),
    "tasks-over-a-project": lambda ax, **paging: ax.tasks.list(project=support.CHAT_PROD, **paging),
    "runs": lambda ax, **paging: ax.tasks.list_runs(support.CHAT_QUALITY, **paging),
    "runs-by-status": lambda ax, **paging: ax.tasks.list_runs(support.CHAT_QUALITY, status="completed", **paging),
    "spaces": lambda ax, **paging: ax.spaces.list(**paging),
    "projects": lambda ax, **paging: ax.projects.list(**paging),
    "projects-of-a-space": lambda ax, **paging: ax.projects.list(space=support.DEMO, **paging),
    "evaluators": lambda ax, **paging: ax.evaluators.list(**paging),
    "experiments": lambda ax, **paging: ax.experiments.list(**paging),
}


def client() -> AxClient:
    """Return a client of a mock in which every list has several items."""
    ax = support.Stage().client()
    for name in ("n1", "n2", "nightly"):
        ax.tasks.create_evaluation_task(
            name, task_type="template_evaluation", project=support.CHAT_PROD, evaluators=[support.HALLUCINATION]
        )
    return ax


@pytest.mark.parametrize("origin", LISTS)
def test_a_cursor_continues_only_its_own_list(origin: str) -> None:
    ax = client()
    cursors = {name: LISTS[name](ax, limit=1).next_cursor for name in LISTS}

    for other, ask in LISTS.items():
        if other == origin:
            assert ask(ax, limit=2, cursor=cursors[origin]).items
        elif cursors[origin] is not None:
            with pytest.raises(BadRequestError, match="cursor"):
                ask(ax, cursor=cursors[origin])


def test_most_lists_have_a_second_page() -> None:
    ax = client()

    assert len([name for name in LISTS if LISTS[name](ax, limit=1).next_cursor]) >= len(LISTS) - 2


@deterministic(15)
@given(st.sampled_from(sorted(LISTS)), st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_pages_of_any_sizes_are_the_whole_list_once(name: str, sizes: list[int]) -> None:
    ax = client()
    whole = [item.id for item in LISTS[name](ax, limit=100)]

    page = LISTS[name](ax, limit=sizes[0])
    seen = [item.id for item in page.items]
    later = iter(sizes[1:])
    while page.next_cursor is not None:
        size = next(later, 100)
        page = LISTS[name](ax, limit=size, cursor=page.next_cursor)
        assert 0 < len(page.items) <= size
        seen += [item.id for item in page.items]

    assert seen == whole
    assert page.pagination.has_more is False
