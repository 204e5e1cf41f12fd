"""The strategy for calls about runs: boundary values, and sometimes invalid ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from tests.model.contract import is_beta
from tests.model.model_backfill import is_endless
from tests.model.model_calls import ALL, Call
from tests.model.model_draws_values import ValueDraws
from tests.model.model_state import EVALUATIONS, RUN_EXPERIMENT, Run, Task
from tests.model.model_world import (
    DATASETS,
    ENTITY,
    GOLDEN,
    UNUSED_IDS,
    Json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


TAKEN_NAMES = ["base", "Base", "base-2", "new", "new-2", "NEW", ""]
UNFIT_NAMES = ['new "quoted"', "new\\slash", "x" * 256, "x" * 255]
EDGE = timedelta(milliseconds=1)
MONTH = timedelta(days=30)


def _odd_backfills(now: datetime) -> list[Json]:
    return [
        {"window": timedelta(minutes=30)},
        {"window": timedelta(days=31)},
        {"window": 5},
        {"concurrency": 0},
        {"max_spans": 0},
        {"start": now},
        {"end": datetime(2026, 3, 1)},  # noqa: DTZ001  # to be refused
        {"end": now + timedelta(hours=2)},
        {"split": 1},
        {"since": now + timedelta(hours=1)},
    ]


class RunCalls(ValueDraws):
    """Draws calls that trigger, read, cancel and wait for runs."""

    def trigger(self) -> Call:
        return self._trigger(*self.task())

    def _trigger(self, reference: Any, space: Json) -> Call:
        known = [it for it in self.model.tasks.values() if reference in {it.id, it.name}]
        task = known[0] if known else None
        named = {**space}
        if task is None or self.one_in(8):
            flaws = self._flaws_of_triggers()
            for name, values in self.some(flaws):
                named[name] = self.pick(values)
        elif task.type == RUN_EXPERIMENT:
            self._experiment_run(named)
        elif task.is_over_project:
            self._window(task, named)
        elif self.one_in(2):
            dataset = task.fields["dataset_id"] if not self.one_in(4) else DATASETS[1].id
            named["experiment_ids"] = self.experiments(dataset)
        if task is not None and task.type in EVALUATIONS:
            if self.one_in(4):
                named["max_spans"] = self.pick([1, 3, 7, 10_000])
            if self.one_in(3):
                named["override_evaluations"] = self.pick([True, False])
        return Call("tasks.trigger_run", (reference,), named)

    def ensure(self) -> Call:
        """Draw a call of `ensure_run`, mostly for a run that was triggered before."""
        known = [it for it in self.model.tasks.values() if it.runs]
        is_known = bool(known) and not self.one_in(4)
        reference, space = self.thing(self.pick(known)) if is_known else self.task()
        named = dict(self._trigger(reference, space).named)
        task = next((it for it in self.model.tasks.values() if reference in {it.id, it.name}), None)
        runs = [] if task is None else [run for run in task.runs if run.id is not None]
        if task is not None and task.is_over_project and not self.one_in(6):
            named["data_start_time"], named["data_end_time"] = self._known_window(runs)
        names = [run.experiment_name for run in runs if run.experiment_name is not None]
        if names and self.one_in(2):
            named["experiment_name"] = self.pick(names)
        needs_since = named.get("override_evaluations") or (task is not None and task.fields["dataset_id"] is not None)
        if not self.one_in(8) if needs_since else self.one_in(3):
            named["since"] = self._since(runs)
        if named.get("max_spans") and self.one_in(2):
            named["max_spans"] = self.pick([10_001, 50_000])
        if self.one_in(4):
            named["retrigger"] = self.pick([[], ["failed"], ["empty"], ["cancelled", "failed"], "failed", ["done"], 5])
        return Call("tasks.ensure_run", (reference,), named)

    def backfill(self) -> Call:
        """Draw a backfill of a few windows, mostly an earlier one; an `ensure_run` if runs do not end."""
        fitting = [it for it in self.model.tasks.values() if it.is_over_project]
        if not fitting and not self.one_in(8):
            return self.ensure()
        is_fitting = bool(fitting) and not self.one_in(8)
        reference, space = self.thing(self.pick(fitting)) if is_fitting else self.task(EVALUATIONS)
        task = next((it for it in self.model.tasks.values() if reference in {it.id, it.name}), None)
        if task is None or is_endless(self.model, task):
            return self.ensure()
        if task.backfills and not self.one_in(3):
            named = {**space, **self.pick(task.backfills)}
        else:
            length, end = timedelta(hours=self.pick([1, 2, 3, 4])), self._end_of_backfill(task)
            rest = self.pick([timedelta(), timedelta(), timedelta(minutes=30), timedelta(seconds=1.5)])
            named = {**space, "start": end - self.pick([1, 2, 3, 4]) * length + rest, "end": end, "window": length}
            if self.one_in(2):
                named["max_spans"] = self.pick([1000, 4000, 10_000, 20_000])
            task.backfills.append({key: value for key, value in named.items() if key not in space})
        if self.one_in(2):
            named["concurrency"] = self.pick([1, 2, 3])
        for flag in ("split", "newest_first", "retry_failed", "override_evaluations"):
            if self.one_in(5):
                named[flag] = self.pick([flag != "split", flag == "split", flag != "split"])
        if self.one_in(6):
            named["since"] = self.pick([self.model.now, self.model.now - timedelta(hours=1)])
        if self.one_in(10):
            named.update(self.pick(_odd_backfills(self.model.now)))
        return Call("tasks.backfill", (reference,), named, reading=ALL)

    def _end_of_backfill(self, task: Task) -> datetime:
        now = self.model.now
        known = [run.window[1] for run in task.runs if run.window is not None]
        ends = [now, now - timedelta(hours=1), now - timedelta(days=40)]
        return min(now, self.pick(known)) if known and self.one_in(2) else self.pick(ends)

    def _known_window(self, runs: Sequence[Run]) -> tuple[datetime, datetime]:
        """Draw the window of a run, a nearly equal one, or another one that has ended."""
        now = self.model.now
        known = [(run.window[0], run.window[1]) for run in runs if run.window is not None and run.window[0] is not None]
        if not known or self.one_in(3):
            end = self.pick([now, now - timedelta(hours=1), now - timedelta(microseconds=1500), now - MONTH])
            return end - self.pick([timedelta(hours=1), timedelta(hours=4), MONTH, EDGE]), end
        start, end = self.pick(known)
        nearly = [timedelta(), timedelta(), timedelta(seconds=0.999), -timedelta(seconds=0.999), timedelta(seconds=1)]
        return start + self.pick(nearly), end + self.pick(nearly)

    def _since(self, runs: Sequence[Run]) -> Any:
        now = self.model.now
        if runs and self.one_in(2):
            return self.pick(runs).created_at + self.pick(
                [timedelta(), timedelta(minutes=5), timedelta(minutes=5) + EDGE]
            )
        odd = [now + timedelta(hours=1), datetime(2026, 3, 1), "2026-03-01"]  # noqa: DTZ001  # to be refused
        return self.pick([now, now - timedelta(hours=1), now + timedelta(minutes=4), *(odd if self.one_in(4) else [])])

    def _window(self, task: Task, named: Json) -> None:
        now, last = self.model.now, task.last_run_at
        ends = [now, now - timedelta(hours=1), now + timedelta(hours=2), now - MONTH]
        end = self.pick(ends)
        spans = [timedelta(hours=1), MONTH, MONTH + EDGE, MONTH - EDGE, EDGE, timedelta(), -timedelta(hours=1)]
        kind = self.pick(
            ["neither", "both", "end", "start", "neither"] if last or self.one_in(6) else ["both", "start"]
        )
        zone = self.pick([UTC, timezone(timedelta(hours=5, minutes=30))])
        if kind in {"both", "end"}:
            named["data_end_time"] = end.astimezone(zone)
        if kind == "both":
            named["data_start_time"] = (end - self.pick(spans)).astimezone(zone)
        elif kind == "start":
            named["data_start_time"] = (now - self.pick(spans)).astimezone(zone)

    def _experiment_run(self, named: Json) -> None:
        # The name is new, or the name of a run whose experiment does not exist yet.
        coming = f"new-{len(self.model.experiments)}"
        names = [coming] * 5 + TAKEN_NAMES + (UNFIT_NAMES if is_beta() else [])
        named["experiment_name"] = self.pick(names)
        if is_beta() and self.one_in(4):
            named["query_filter"] = self.pick(["x = 1", "", 5])
        if self.one_in(3):
            named["dataset_version_id"] = self.pick(
                [GOLDEN.versions[0].id, GOLDEN.versions[1].id, DATASETS[1].versions[0].id,
                 UNUSED_IDS["dataset version"], GOLDEN.id, "v1", ENTITY, ""]
            )  # fmt: skip
        if self.one_in(3):
            named["max_examples"] = self.pick([1, 2, 3, 4, 100, 0])
        elif self.one_in(3):
            named["example_ids"] = self.pick([["example-001"], ["example-001", "nobody"], [], ["nobody"],
                                              ["example-005", "example-005", "example-002"]])  # fmt: skip
        if self.one_in(3):
            followers = [it.id for it in self.model.tasks.values() if it.type != RUN_EXPERIMENT or self.one_in(9)]
            others = [[UNUSED_IDS["task"]], ["a"], [GOLDEN.id]]
            ids = self.some(followers) if followers else [ENTITY]
            named["evaluation_task_ids"] = self.pick(others) if self.one_in(6) else ids
        if self.one_in(6):
            named["tracing_metadata"] = self.pick([{"k": "v"}, {}, {"k": 5}])

    def _flaws_of_triggers(self) -> list[tuple[str, Sequence[Any]]]:
        now = self.model.now
        return [
            ("data_start_time", [now - timedelta(hours=1), datetime(2026, 3, 1), "2026-03-01"]),  # noqa: DTZ001  # to be refused
            ("data_end_time", [now, now.replace(tzinfo=None), 5]),
            ("max_spans", [1, 0, -1, 1.5, True, "1"]),
            ("override_evaluations", [True, 1, "no"]),
            ("experiment_ids", [[it.id for it in self.model.experiments[:1]], ["base"], [GOLDEN.id], [""], "base", [5],
                                [UNUSED_IDS["experiment"]]]),
            ("experiment_name", ["another", "", 5]),
            ("max_examples", [1, 0, "1"]),
            ("example_ids", [["example-001"], "example-001", [5]]),
            ("dataset_version_id", [GOLDEN.versions[0].id]),
            ("evaluation_task_ids", [[ENTITY]]),
            ("tracing_metadata", [{"k": "v"}, {"k": None}, "k"]),
        ]  # fmt: skip

    def get_run(self) -> Call:
        return Call("tasks.get_run", (self.run(),))

    def cancel(self) -> Call:
        return Call("tasks.cancel_run", (self.run(),))

    def wait(self) -> Call:
        named: Json = {}
        if not self.one_in(3):
            named["timeout"] = self.pick([600, 1, 30, 12, 0] if self.one_in(5) else [600, 60, 12, 48])
        if self.one_in(2):
            named["poll_interval"] = self.pick([1, 7, 30, 0.5, -1] if self.one_in(5) else [1, 7, 30, 12])
        if self.one_in(3):
            named["raise_on_failure"] = True
        return Call("tasks.wait_for_run", (self.run(),), named)
