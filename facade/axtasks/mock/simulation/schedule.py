"""When continuous tasks run by themselves: at even intervals, counted from the start of the mock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from axtasks.mock.world.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock.world.model import Task
    from axtasks.mock.world.world import World

    from .state import State

MOST_ROUNDS = 168
MOST_RUNS = 5000
CONTINUOUS = Query({"is_continuous": (True,)})


def tasks(world: World) -> list[Task]:
    """The tasks that run by themselves, the oldest first."""
    return [task for _, task in world.tasks.newest_first(query=CONTINUOUS)][::-1]


def rounds(state: State) -> Iterator[datetime]:
    """The moments at which continuous tasks should have run by now and have not.

    After a long jump of the clock only the last ones are caught up with, so that no request waits for years of runs.
    """
    seconds = state.world.settings.continuous_seconds
    if seconds == 0:
        return
    interval = timedelta(seconds=seconds)
    missed = (state.now - state.continued_at) // interval
    if missed <= 0:
        return
    runs_each = max(1, len(tasks(state.world)))
    left_out = missed - min(missed, MOST_ROUNDS, max(1, math.ceil(MOST_RUNS / runs_each)))
    state.continued_at += left_out * interval
    for _ in range(missed - left_out):
        state.continued_at += interval
        yield state.continued_at
