"""Waiting for runs of the mock in virtual time: the delay of each report, and the number of requests."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Any

from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock
from axtasks.mock import default_world as known
from axtasks.mock.world.lifecycle import Lifecycle
from axtasks.testing.clients import client_of

from tests.unit.support import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from axtasks import AxClient
    from axtasks_api.models import TaskRun

TASK = known.GOLDEN_REVIEW
SHORTEST, LONGEST = 0.3, 30.0


@dataclass(frozen=True)
class Wait:
    """A wait for one run: its length, delay and number of requests."""

    length: float
    late: float
    requests: int

    @property
    def share_late(self) -> float:
        """The delay of the report, as a share of the run's length."""
        return self.late / self.length


@dataclass
class Play:
    """A mock whose time passes only while a client waits."""

    mock: Mock = field(default_factory=lambda: Mock(clock=MockClock(now=START, frozen=True)))

    def __post_init__(self) -> None:
        self.client = client_of(self.mock)

    def trigger(self, seconds: float, *, task: str = TASK) -> TaskRun:
        """Trigger a run of this length."""
        self.mock.state.lifecycles.following.append(Lifecycle(seconds=seconds))
        return self.client.tasks.trigger_run(task, override_evaluations=True)

    def earlier(self, lengths: Sequence[float], *, task: str = TASK) -> None:
        """Let runs of these lengths pass one after another."""
        for seconds in lengths:
            self.trigger(seconds, task=task)
            self.mock.clock.advance(seconds + 1.1)

    def requests_of(self, call: Callable[[], Any]) -> int:
        """Return the number of requests of a call."""
        before = self.mock.journal.last_number
        call()
        return self.mock.journal.last_number - before

    def seconds_late(self, run: TaskRun) -> float:
        """Return the seconds since a run ended."""
        assert run.run_finished_at is not None
        return (self.mock.clock.now() - run.run_finished_at).total_seconds()

    def wait(self, length: float, *, by: AxClient | None = None) -> Wait:
        """Wait for a run of this length.

        Args:
            length: the length in seconds.
            by: the client that waits; the one that triggered the run when left out.
        """
        # Not at the beginning of a second, which is all that a `Date` tells.
        self.mock.clock.advance(1 + random.Random(length).random())  # noqa: S311  played, no secret
        run = self.trigger(length)
        ended: list[TaskRun] = []
        requests = self.requests_of(lambda: ended.append((by or self.client).tasks.wait_for_run(run.id)))
        assert ended[0].status in {"completed", "cancelled"}
        return Wait(length, self.seconds_late(ended[0]), requests)

    def hundred(self, *, newer: int = 0) -> list[TaskRun]:
        """Trigger a hundred runs of one task that end evenly within twelve seconds, in random order.

        Args:
            newer: the number of other runs triggered after them.
        """
        runs = [self.trigger(0.3 + 11.7 * number / 99) for number in range(100)]
        random.Random(8).shuffle(runs)  # noqa: S311  played, no secret
        for _ in range(newer):
            self.trigger(1)
        return runs

    def told(self, runs: Iterable[TaskRun]) -> tuple[float, int]:
        """Return the mean delay of the reported runs in seconds, and the number of requests.

        Args:
            runs: the runs as they are reported, such as the result of `as_completed`.
        """
        late: list[float] = []
        requests = self.requests_of(lambda: late.extend(map(self.seconds_late, runs)))
        return fmean(late), requests


def any_lengths(count: int) -> list[float]:
    """Return run lengths spread evenly on a logarithmic scale."""
    steps = ((number + 0.5) / count for number in range(count))
    return [math.exp(math.log(SHORTEST) + step * math.log(LONGEST / SHORTEST)) for step in steps]
