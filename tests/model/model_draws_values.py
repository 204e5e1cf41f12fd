"""The strategy for the arguments of calls: few names and ids, and sometimes invalid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from tests.model.model_calls import ALL, FIRST, PAGES
from tests.model.model_world import (
    DEFAULT_SPACE,
    ENTITY,
    GOLDEN,
    SPACES,
    TWIN_A,
    UNUSED_IDS,
    Json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api import models
    from hypothesis.strategies import DataObject

    from tests.model.model_state import Model


T = TypeVar("T")

TASK_NAMES = [
    "a", "aa", "A", "a ", "b", "ab", "Only", "task_abc123", "Straße", "VGFzazox", "x" * 256, "x" * 255,
]  # fmt: skip
UNKNOWN_NAMES = ["B", "nothing", "Twenty==", "T25l", "aA"]
FILTERS = ["a", "A", "b", "AB", "x" * 255, "x" * 256, "only", "zz", "ß", " "]


class ValueDraws:
    """Draws arguments of calls.

    Args:
        data: the source of choices.
        model: the existing resources.
        default: the default space of the client.
        is_plain: True if the call has to be valid.
    """

    def __init__(self, data: DataObject, model: Model, default: str | None, *, is_plain: bool = False) -> None:
        self.data = data
        self.model = model
        self.default = default
        self.is_plain = is_plain

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of these options; the first ones are the simplest."""
        return self.data.draw(st.sampled_from(options))

    def one_in(self, count: int) -> bool:
        """Draw True once in so many times."""
        return self.data.draw(st.integers(0, count - 1)) == count - 1

    def oddly(self, count: int) -> bool:
        """Draw True once in so many times, but never for a plain call."""
        return not self.is_plain and self.one_in(count)

    def some(self, options: Sequence[T], most: int = 2) -> list[T]:
        """Draw a few different options, at least one."""
        indices = st.lists(st.integers(0, len(options) - 1), min_size=1, max_size=most, unique=True)
        return [options[index] for index in self.data.draw(indices)]

    def space_of(self, space_id: str) -> Json:
        """Draw the argument for the space of a name; sometimes another space."""
        space = next(it for it in SPACES if it.id == space_id)
        is_only = sum(it.name == space.name for it in SPACES) == 1
        ways: list[Json] = [{"space": space.id}, {"space": space.name}] if is_only else [{"space": space.id}]
        if self.default is not None and space.name == self.default:
            ways.insert(0, {})
        return self.any_space() if self.oddly(8) else self.pick(ways)

    def any_space(self) -> Json:
        """Draw some space, existing or not."""
        spaces = [
            "alpha-2",
            DEFAULT_SPACE,
            "Alpha",
            "twin",
            TWIN_A.id,
            "ALPHA",
            "",
            GOLDEN.id,
            UNUSED_IDS["space"],
            ENTITY,
        ]
        return self.pick([{}, *({"space": each} for each in spaces)])

    def thing(self, it: Any) -> tuple[str, Json]:
        """Draw the id or name of a resource, with the space that a name needs."""
        return (it.id, {}) if self.one_in(2) else (it.name, self.space_of(it.space_id))

    def task(self, kinds: Sequence[models.TaskType] = ()) -> tuple[Any, Json]:
        """Draw the id or name of a task, with the space that a name needs."""
        if self.model.tasks and not self.one_in(7):
            tasks = [it for it in self.model.tasks.values() if not kinds or it.type in kinds]
            return self.thing(self.pick(tasks or list(self.model.tasks.values())))
        others = [
            UNUSED_IDS["task"],
            *self.model.deleted_tasks[-3:],
            *UNKNOWN_NAMES,
            GOLDEN.id,
            ENTITY,
            "",
            *TASK_NAMES,
        ]
        return self.pick(others), self.any_space()

    def run(self) -> Any:
        """Draw the id of a run, existing or not."""
        runs = [run for run in self.model.runs() if run.id is not None]
        if runs and not self.one_in(8):
            active = [run for run in runs if not run.has_ended]
            return self.pick(active if active and not self.one_in(2) else runs).id
        return self.pick([UNUSED_IDS["run"], *self.model.deleted_runs[-3:], "a-name", GOLDEN.id, ENTITY, "", "."])

    def paging(self) -> tuple[Json, str]:
        """Draw the page size, and the way to read a list."""
        limit = self.pick([1, 2, 3, 100, 50, None, 0, 101, "2"] if self.one_in(10) else [2, 1, 3, 1, 2, 100, None])
        return ({} if limit is None else {"limit": limit}), self.pick([ALL, PAGES, FIRST])

    def part(self) -> Json:
        """Draw a filter by a part of the name, or none."""
        return {"name": self.pick(FILTERS)} if self.one_in(3) else {}

    def experiments(self, dataset_id: str) -> list[str]:
        """Draw ids of a few experiments over a dataset."""
        known = [it.id for it in self.model.experiments if it.dataset_id == dataset_id and it.id]
        return self.some(known, most=3) if known else [UNUSED_IDS["experiment"]]
