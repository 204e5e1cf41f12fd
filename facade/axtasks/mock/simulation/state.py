"""The state that a mock keeps between requests."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import JsonObject, as_list, as_object, as_text
from axtasks.mock.world.lifecycle import Lifecycle, parse
from axtasks.mock.world.visibility import EVERYTHING, Visibility, has_words_for

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks.mock.clock import Clock
    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.world.model import Task
    from axtasks.mock.world.world import World

DEFAULT, TASKS = "default", "tasks"
UNCHECKED = frozenset({IdKind.EVALUATOR_VERSION, IdKind.PROMPT_VERSION})
"""The kinds that a task may name without their being there: it keeps them as links."""


@dataclass(slots=True)
class State:
    """The world, the contract it is served by, the clock, how runs go, and the seed that all chance comes from.

    `visibility` is what the caller of the present request sees, and `is_watched` tells that there is one: runs that go
    by reads only count those. `continued_at` is when continuous tasks last ran by themselves, at first the start.
    """

    world: World
    contract: Contract
    clock: Clock
    lifecycles: Lifecycles
    seed: int
    now: datetime
    visibility: Visibility = EVERYTHING
    is_watched: bool = True
    continued_at: datetime = field(init=False)
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.continued_at = self.now
        self.rng = random.Random(self.seed)  # noqa: S311  # repeatable chance is what is wanted, not secrecy

    def replace_world(self, world: World, lifecycles: Lifecycles) -> None:
        """Go on with a world, which may be the present one; with another, chance begins anew."""
        if world is not self.world:
            self.rng.seed(self.seed)
            self.continued_at = self.now
        self.world, self.lifecycles = world, lifecycles

    def holds(self, kind: IdKind, identifier: str) -> bool | None:
        """Return whether the caller can know of such a resource; None for kinds that are not checked."""
        if kind not in self.world.tables or kind in UNCHECKED:
            return None
        found = self.world.find(kind, identifier)
        return found is not None and self.sees(found)

    def sees(self, thing: object) -> bool:
        """Return whether the caller may know of a resource, and the contract can show it."""
        return self.visibility.sees(self.world, thing) and has_words_for(self.contract, thing)

    def new_id(self, kind: IdKind) -> str:
        """An identifier for a new thing."""
        return self.world.new_id(kind, self.rng)

    def rng_for(self, identifier: str) -> random.Random:
        """Chance that depends on a thing alone, whatever else happens in the meantime."""
        return random.Random(f"{self.seed}:{identifier}")  # noqa: S311  # as above


@dataclass(slots=True)
class Lifecycles:
    """The lifecycles of new runs: the next one that was ordered, that of the task, or the default.

    Tasks are named by identifier or by exact name, and need not be there yet. `ordered` has the names of the parts that
    are not as at the start.
    """

    default: Lifecycle
    tasks: dict[str, Lifecycle] = field(default_factory=dict)
    following: list[Lifecycle] = field(default_factory=list)
    ordered: frozenset[str] = frozenset()

    def for_run_of(self, task: Task, *, is_requested: bool) -> Lifecycle:
        """The lifecycle of a new run; only one that somebody triggered uses up what was ordered for the next."""
        if is_requested and self.following:
            return self.following.pop(0)
        return self.tasks.get(task.id) or self.tasks.get(task.name) or self.default

    def overlaid(self, orders: Lifecycles) -> Lifecycles:
        """These with what was ordered besides."""
        return Lifecycles(
            default=orders.default if DEFAULT in orders.ordered else self.default,
            tasks=dict(orders.tasks if TASKS in orders.ordered else self.tasks),
            following=list(orders.following),
            ordered=orders.ordered,
        )


def written_orders(orders: Lifecycles) -> JsonObject:
    """Return the orders as data."""
    written: JsonObject = {"next": [each.text for each in orders.following]}
    if DEFAULT in orders.ordered:
        written[DEFAULT] = orders.default.text
    if TASKS in orders.ordered:
        written[TASKS] = {name: each.text for name, each in orders.tasks.items()}
    return written


def read_orders(data: JsonObject, default: Lifecycle) -> Lifecycles:
    """The orders that the data tells; the default stands where they have none."""
    return Lifecycles(
        default=parse(as_text(data[DEFAULT])) if DEFAULT in data else default,
        tasks={name: parse(as_text(each)) for name, each in as_object(data.get(TASKS, {})).items()},
        following=[parse(as_text(each)) for each in as_list(data["next"])],
        ordered=frozenset({DEFAULT, TASKS} & set(data)),
    )
