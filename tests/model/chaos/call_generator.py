"""A generator of calls of all kinds, about as often as users make them, decided by a seed."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from axtasks.mock import default_world as known

from tests.model.chaos.ledger import EXPERIMENT, OVER_DATASET, OVER_PROJECT, Ledger
from tests.model.chaos.reads import Read, read_list, read_one, read_until_ended
from tests.model.chaos.writes import FIRST_WINDOW, Cancel, Create, Delete, Ensure, Trigger, Update, Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.chaos.ledger import ExpectedTask

    Step = Read | Write

MOST_WAIT_SECONDS = 8.0
# The probability that another user writes something similar just before.
INTERFERENCE_RATE = 0.15
# The probability that a run is ensured again.
AGAIN = 0.5


class CallGenerator:
    """Generates the calls of a user.

    Args:
        seed: the seed of the calls, which also depend on the outcomes.
        ledger: the expected state.
    """

    def __init__(self, seed: int, ledger: Ledger) -> None:
        self.rng = random.Random(seed)  # noqa: S311  # repeatable chance is what is wanted, not secrecy
        self.ledger = ledger
        self.number = 0
        self._ensured: list[Ensure] = []
        self._steps: dict[Callable[[], Step | None], int] = {
            self.create: 16,
            self.update: 12,
            self.delete: 7,
            self.trigger_window: 6,
            self.trigger_bare: 3,
            self.trigger_experiment: 7,
            self.ensure: 9,
            self.cancel: 5,
            self.get: 8,
            self.get_by_name: 7,
            self.list_tasks: 4,
            self.list_runs: 5,
            self.get_run: 7,
            self.wait: 5,
            self.look_up: 8,
        }

    def next(self) -> Step:
        """Return the next call."""
        self.number += 1
        while True:
            (make,) = self.rng.choices(list(self._steps), list(self._steps.values()))
            step = make()
            if step is not None:
                return step

    def create(self) -> Step:
        kind = self.rng.choices((OVER_PROJECT, OVER_DATASET, EXPERIMENT), (5, 3, 4))[0]
        return Create(f"Chaos {self.number}", kind, self.number)

    def update(self) -> Step | None:
        if (task := self._task()) is None:
            return None
        fields = {"name": f"Changed {self.number}", "query_filter": f"changed = {self.number}", "sampling_rate": 0.25}
        valid = {OVER_PROJECT: 3, OVER_DATASET: 2, EXPERIMENT: 1}[task.kind]
        names = self.rng.sample(list(fields)[:valid], self.rng.randint(1, valid))
        return Update(task.id, {name: fields[name] for name in names})

    def delete(self) -> Step | None:
        if (task := self._task()) is None:
            return None
        return Delete(task.id, self.rng.choice((task.id, task.fields["name"])))

    def trigger_window(self) -> Step | None:
        if (task := self._task(OVER_PROJECT)) is None:
            return None
        # All windows differ, so that they identify runs.
        start = FIRST_WINDOW + timedelta(minutes=self.number)
        return Trigger(task.id, {"data_start_time": start, "data_end_time": start + timedelta(days=1)})

    def trigger_bare(self) -> Step | None:
        """Trigger a task without arguments: one that has run before, or one over a dataset."""
        ran = set(self.ledger.runs.values())
        tasks = [task for task in self.ledger.of_kind(OVER_PROJECT) if task.id in ran]
        tasks += self.ledger.of_kind(OVER_DATASET)
        return Trigger(self.rng.choice(tasks).id, {}) if tasks else None

    def trigger_experiment(self) -> Step | None:
        if (task := self._task(EXPERIMENT)) is None:
            return None
        return Trigger(task.id, {"experiment_name": f"experiment {self.number}", "max_examples": 3})

    def ensure(self) -> Step | None:
        """Ensure a run; half of the time the run of an earlier call."""
        again = [each for each in self._ensured if each.task_id in self.ledger.tasks]
        if again and self.rng.random() < AGAIN:
            earlier = self.rng.choice(again)
            return Ensure(earlier.task_id, earlier.fields, is_again=True)
        trigger = self.rng.choice((self.trigger_window, self.trigger_experiment))()
        if not isinstance(trigger, Trigger):
            return None
        self._ensured.append(Ensure(trigger.task_id, trigger.fields))
        return self._ensured[-1]

    def cancel(self) -> Step | None:
        """Cancel the latest run, which may have ended."""
        return Cancel(list(self.ledger.runs)[-1]) if self.ledger.runs else None

    def get(self) -> Step | None:
        task = self._task()
        return None if task is None else read_one(lambda client: client.tasks.get(task.id), task.id)

    def get_by_name(self) -> Step | None:
        task = self._task()
        return None if task is None else read_one(lambda client: client.tasks.get(task.fields["name"]), task.id)

    def list_tasks(self) -> Step:
        ids = {task.id for task in self.ledger.of_kind(OVER_PROJECT)}
        limit = self.rng.choice((10, 25))
        return read_list(lambda client: client.tasks.list(project="chat-prod", limit=limit), ids)

    def list_runs(self) -> Step | None:
        if (task := self._task()) is None:
            return None
        ids = {run for run, owner in self.ledger.runs.items() if owner == task.id}
        return read_list(lambda client: client.tasks.list_runs(task.id, limit=2), ids)

    def get_run(self) -> Step | None:
        if not self.ledger.runs:
            return None
        run_id = self.rng.choice(list(self.ledger.runs))
        return read_one(lambda client: client.tasks.get_run(run_id), run_id)

    def wait(self) -> Step | None:
        if not self.ledger.runs:
            return None
        return read_until_ended(self.rng.choice(list(self.ledger.runs)), most_seconds=MOST_WAIT_SECONDS)

    def look_up(self) -> Step:
        return self.rng.choice(
            (
                read_one(lambda client: client.spaces.get("demo"), known.DEMO),
                read_one(lambda client: client.projects.get("chat-prod"), known.CHAT_PROD),
                read_one(lambda client: client.datasets.get("golden-set"), known.GOLDEN_SET),
                read_one(lambda client: client.experiments.get("baseline", dataset="golden-set"), known.BASELINE),
                read_one(lambda client: client.evaluators.get("Relevance Eval"), known.RELEVANCE),
                read_list(lambda client: client.spaces.list(limit=2), {known.DEMO, known.DEMO_EU}),
                read_list(lambda client: client.projects.list(limit=1), {known.CHAT_PROD}),
                read_list(lambda client: client.datasets.list(), {known.GOLDEN_SET}),
                read_list(lambda client: client.experiments.list(limit=20), {known.BASELINE}),
                read_list(lambda client: client.evaluators.list(limit=2), {known.RELEVANCE, known.JSON_SHAPE}),
            )
        )

    def _task(self, *kinds: str) -> ExpectedTask | None:
        tasks = self.ledger.of_kind(*kinds) if kinds else list(self.ledger.tasks.values())
        return self.rng.choice(tasks) if tasks else None
