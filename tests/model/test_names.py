"""A task name is taken while a task has it, and free afterwards, over any sequence of writes."""

from __future__ import annotations

import pytest
from axtasks import AxClient, ConflictError, NotFoundError
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic
from tests.unit import support

NAMES = st.sampled_from(["Monitor", "monitor", "Other", "Other "])
STEPS = st.tuples(st.sampled_from(["create", "create", "rename", "rename", "delete"]), NAMES, st.integers(0, 9))


@deterministic(40)
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_a_name_is_taken_exactly_while_a_task_has_it(steps: list[tuple[str, str, int]]) -> None:
    ax = support.Stage().client()
    borne: dict[str, str] = {}
    gone: set[str] = set()
    for what, name, number in steps:
        chosen = list(borne)[number % len(borne)] if borne else None
        if what == "create":
            if name in borne.values():
                with pytest.raises(ConflictError):
                    create(ax, name)
            else:
                borne[create(ax, name)] = name
        elif chosen is not None and what == "rename":
            if name in borne.values() and borne[chosen] != name:
                with pytest.raises(ConflictError):
                    ax.tasks.update(chosen, name=name)
            else:
                assert ax.tasks.update(chosen, name=name).name == name
                borne[chosen] = name
        elif chosen is not None:
            ax.tasks.delete(chosen)
            gone.add(chosen)
            del borne[chosen]
    for identifier, name in borne.items():
        assert ax.tasks.get(name, space="demo").id == identifier
        assert ax.tasks.get(identifier).name == name
    for identifier in gone:
        with pytest.raises(NotFoundError):
            ax.tasks.get(identifier)


def create(ax: AxClient, name: str) -> str:
    """Create a task and return its id."""
    task = ax.tasks.create_evaluation_task(
        name, task_type="template_evaluation", project=support.CHAT_PROD, evaluators=[support.HALLUCINATION]
    )
    return task.id


@pytest.mark.parametrize("place", [0, 99, 100, 128, 129], ids=lambda place: f"number-{place}")
def test_a_name_is_found_at_any_place_among_names_that_contain_it(place: int) -> None:
    """The server matches parts of names in any case, and shows at most 100 items on a page."""
    ax = support.Stage().client()
    tasks = [task for task in ax.tasks.list(space="archive", limit=100) if task.name.startswith("nightly-")]
    assert len(tasks) == 130

    ax.tasks.update(tasks[place].id, name="nightly-")

    assert ax.tasks.get("nightly-", space="archive").id == tasks[place].id
    assert [run.id for run in ax.tasks.list_runs("nightly-", space="archive")] == [
        run.id for run in ax.tasks.list_runs(tasks[place].id)
    ]
