"""The prediction for `tasks.ensure_run`, which triggers a run exactly once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from axtasks import AmbiguousOutcomeError, ConflictError, FutureTimeError, InvalidArgumentError

from tests.model.contract import is_beta
from tests.model.model_compare import check_equal, check_run
from tests.model.model_names import ARGUMENT, CLIENT, Refusal, invalid_argument
from tests.model.model_prediction import Prediction, Problems
from tests.model.model_runs import A_CALL, is_aware_time, trigger
from tests.model.model_script import DifferenceError
from tests.model.model_state import (
    CANCELLED,
    COMPLETED,
    DEFAULT_MAX_SPANS,
    EVALUATIONS,
    FAILED,
    Model,
    Run,
    Task,
    latest_first,
)
from tests.model.model_tasks import found_task
from tests.model.rules_tasks import WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tests.model.model_world import Json

    Window = tuple[datetime, datetime]

ACTIVE, DONE, CUT, EMPTY, LEFT = "active", "done", "cut short", "empty", {FAILED: "failed", CANCELLED: "cancelled"}
ENDS = ("failed", "cancelled", "empty")
SECOND, SKEW = timedelta(seconds=1), timedelta(minutes=5)
MOST_RUNS = 100


def to_milliseconds(moment: datetime) -> datetime:
    """Cut a time to the milliseconds that the server keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def is_over(run: Run, window: Window) -> bool:
    """Return True if both ends of a run are less than a second from those of a window."""
    start, end = run.window or (None, None)
    return start is not None and end is not None and abs(start - window[0]) < SECOND and abs(end - window[1]) < SECOND


def did_work(run: Run) -> bool:
    """Return True if a run evaluated something."""
    return run.counts is not None and run.counts[0] + run.counts[1] > 0


def state_of(run: Run, is_cut: Callable[[int], bool]) -> str | None:
    """Return the state of a run; None if its end was not seen yet.

    Args:
        run: the run.
        is_cut: returns True for a number of items after which a completed run may have left some.
    """
    if not run.has_ended:
        return ACTIVE
    if len(run.statuses) > 1 or run.counts is None:
        return None
    (status,) = run.statuses
    if status == COMPLETED:
        if is_cut(sum(run.counts)):
            return CUT
        return DONE if sum(run.counts) else EMPTY
    if status == FAILED:
        return LEFT[FAILED] if did_work(run) else EMPTY
    # The documents' contract gives no failure reasons.
    has_reason = is_beta() and run.lifecycle.outcome == COMPLETED and not run.was_cancelled
    return EMPTY if has_reason and run.started_at is not None and not did_work(run) else LEFT[CANCELLED]


@dataclass(frozen=True)
class CombinedState:
    """The combined state of several runs for the same work, and the runs that may decide it."""

    state: str | None
    runs: tuple[Run, ...] = ()


def combined_state(runs: Iterable[Run], is_cut: Callable[[int], bool]) -> CombinedState | None:
    """Return the combined state of runs: None without runs, a state of None if it is not known."""
    ordered = sorted(runs, key=lambda run: (run.created_at, run.id or ""))
    if not ordered:
        return None
    states = [state_of(run, is_cut) for run in ordered]
    if ACTIVE in states:
        return CombinedState(ACTIVE, (ordered[states.index(ACTIVE)],))
    if None in states:
        return CombinedState(None, tuple(ordered))
    for state in (DONE, CUT):
        if state in states:
            return CombinedState(state, tuple(run for run, each in zip(ordered, states, strict=True) if each == state))
    if states[-1] == EMPTY and any(map(did_work, ordered)):
        return CombinedState(DONE, (ordered[-1],))
    return CombinedState(states[-1], (ordered[-1],))


def ensure(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict a triggered run, or an existing one."""
    given = {name: value for name, value in named.items() if name not in {"since", "retrigger"}}
    given |= {name: to_milliseconds(given[name]) for name in WINDOW if is_aware_time(given.get(name))}
    triggered = trigger(model, default, reference, given)
    problems = Problems()
    problems.add(*_wrong_arguments(given, named))
    if problems.found:
        return Prediction([*problems.found, *(it for it in triggered.refusals if it.stage == ARGUMENT)])
    if any(it.stage <= CLIENT for it in triggered.refusals):
        return triggered
    task = found_task(model, Problems(), reference, named.get("space"), default)
    assert task is not None
    if task.type not in EVALUATIONS:
        return _experiment(model, task, given["experiment_name"], triggered)
    problems.add(*_missing_key(model, task, given, named.get("since")))
    if problems.found:
        return Prediction(problems.found)
    return _Evaluation(model, task, given, named, triggered).predict()


def _wrong_arguments(given: Json, named: Json) -> list[Refusal]:
    """Return the refusals of the arguments that only `ensure_run` has or needs."""
    found = []
    ends = named.get("retrigger", ENDS)
    if not isinstance(ends, list | tuple) or not set(ends) <= set(ENDS):
        found.append(invalid_argument("retrigger"))
    if named.get("since") is not None and not is_aware_time(named["since"]):
        found.append(invalid_argument("since"))
    missing = [name for name in WINDOW if given.get(name) is None]
    if len(missing) == 1:
        found.append(invalid_argument(missing[0]))
    if given.get("override_evaluations") and named.get("since") is None:
        found.append(invalid_argument("since"))
    return found


def _missing_key(model: Model, task: Task, given: Json, since: datetime | None) -> list[Refusal]:
    """Return the refusals for a run that could not be found again."""
    end = given.get("data_end_time")
    if end is None and task.is_over_project:
        return [Refusal(CLIENT, InvalidArgumentError, text="data_start_time and data_end_time are needed")]
    if end is None and not task.is_over_project and since is None:
        return [Refusal(CLIENT, InvalidArgumentError, text="since is needed over a dataset")]
    date = model.now.replace(microsecond=0)
    if end is not None and end > date + SECOND:
        return [Refusal(CLIENT, FutureTimeError, text="data_end_time")]
    if since is not None and since > date + SKEW:
        return [Refusal(CLIENT, FutureTimeError, text="since")]
    return []


class _Evaluation:
    """A call for an evaluation, by the key of its run."""

    def __init__(self, model: Model, task: Task, given: Json, named: Json, triggered: Prediction) -> None:
        self.model, self.task, self.triggered = model, task, triggered
        self.window: Window | None = None
        if "data_end_time" in given:
            self.window = given["data_start_time"], given["data_end_time"]
        self.since: datetime | None = named.get("since")
        self.names_experiments = "experiment_ids" in given
        self.retrigger: Collection[str] = named.get("retrigger", ENDS)
        self.most: int | None = given.get("max_spans")

    def runs(self) -> list[Run]:
        """Return the runs that have the key."""
        newest = latest_first(self.task.runs)
        if self.since is None:
            newest = newest[:MOST_RUNS]
        else:
            newest = [run for run in newest if run.created_at >= self.since - SKEW]
        return [run for run in newest if self.window is None or is_over(run, self.window)]

    def found(self) -> CombinedState | None:
        """Return the state of the existing runs; None if a run has to be triggered."""
        found = combined_state(
            self.runs(), lambda items: (self.most or 0) > DEFAULT_MAX_SPANS and items == DEFAULT_MAX_SPANS
        )
        if found is None or found.state in {ACTIVE, DONE, None}:
            return found
        names = {found.state} | ({"failed"} if found.runs[0].statuses == (FAILED,) else set())
        return None if found.state == CUT or not names.isdisjoint(self.retrigger) else found

    def predict(self) -> Prediction:
        runs = self.runs()
        if self.window is None and runs and (self.names_experiments or len(runs) > 1):
            ids = {run.id for run in runs}
            says: Json = {"attempts": 0, "candidates": lambda seen: {run.id for run in seen} == ids}
            return Prediction([Refusal(CLIENT, AmbiguousOutcomeError, says)])
        if self.found() is not None:
            self.prediction = Prediction([], self.apply)
        else:
            self.prediction = replace(self.triggered, apply=self.apply)
        return self.prediction

    def apply(self, seen: Any, first: datetime, last: datetime) -> None:
        known = self.model.run(seen.run.id)
        check_equal("is_findable", seen.is_findable, known is not None or not self.names_experiments)
        if known is None:
            self.model.advance(seen.run.created_at)
            earlier = self.found()
            if earlier is not None and earlier.state is not None:
                raise DifferenceError(f"{seen.run.id} was triggered, although {earlier.runs[0].id} is {earlier.state}")
            self._check_outcome(seen, "triggered")
            self.triggered.in_doubt = self.prediction.in_doubt
            self.triggered.apply(seen.run, first, last)
            return
        self.model.advance(last)
        found = self.found()
        if found is None:
            raise DifferenceError(f"{seen.run.id} was {seen.outcome}, and one should have been triggered")
        if known not in found.runs:
            raise DifferenceError(f"{seen.run.id} was {seen.outcome}, and should be {[run.id for run in found.runs]}")
        check_run(seen.run, known, self.model)
        self._check_outcome(seen, "adopted" if found.state == ACTIVE or not known.has_ended else "done")

    def _check_outcome(self, seen: Any, expected: str) -> None:
        # If the response of a trigger was lost, the search may have found the new run.
        if not self.prediction.in_doubt:
            check_equal("outcome", seen.outcome, expected)


def _experiment(model: Model, task: Task, name: str, triggered: Prediction) -> Prediction:
    """Predict the run whose experiment has a name; if the name is taken, the run that took it."""

    def new(seen: Any, first: datetime, last: datetime) -> None:
        check_equal("is_findable", seen.is_findable, True)
        if not prediction.in_doubt:
            check_equal("outcome", seen.outcome, "triggered")
        triggered.in_doubt = prediction.in_doubt
        triggered.apply(seen.run, first, last)

    def taken(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        run = _run_named(task, name)
        if run is None or run.id != seen.run.id:
            raise DifferenceError(f"{seen.run.id} was {seen.outcome}, and the name is that of {run and run.id}")
        check_run(seen.run, run, model)
        check_equal("outcome", seen.outcome, "done" if run.has_ended else "adopted")

    conflict = next((it for it in triggered.first if it.error is ConflictError), None)
    if conflict is None:
        prediction = replace(triggered, apply=new)
        return prediction
    refusal = _refusal(model, task, name, conflict)
    prediction = Prediction([refusal] if refusal else [], taken, is_searched=True)
    return prediction


def _run_named(task: Task, name: str) -> Run | None:
    """Return the run of a task whose experiment has a name, or is to have it."""
    runs = [run for run in task.runs if run.experiment_name == name]
    return next((run for run in runs if run.experiment is not None or not run.has_ended), None)


def _refusal(model: Model, task: Task, name: str, conflict: Refusal) -> Refusal | None:
    """Return the error for a taken name; None if a run of the task has it and can be returned."""
    dataset = task.fields["dataset_id"]
    own = _run_named(task, name)
    if own is not None and own.experiment is not None:
        if not own.has_ended or COMPLETED in own.statuses:
            return None
        says = {**conflict.says, "run": lambda run: run is not None and run.id == own.id}
        return replace(conflict, text="used up", says=says)
    late = Refusal(conflict.stage, AmbiguousOutcomeError, {"attempts": 1})
    holders = [run for run in model.runs() if run.experiment_name == name and run.experiment is None]
    coming = next((run for run in holders if not run.has_ended and run.task.fields["dataset_id"] == dataset), None)
    experiment = next((it for it in model.experiments if it.dataset_id == dataset and it.name == name), None)
    if experiment is None and (coming is None or not _appears(coming, model)):
        return late
    if own is not None:
        return None
    created_at = model.now + A_CALL if experiment is None else experiment.created_at
    waited_for = [run for run in task.runs if not run.has_ended and run.experiment is None]
    if any(not _is_settled_in_time(run, model) for run in waited_for if run.created_at <= created_at + SKEW):
        return late
    return replace(conflict, text="no run of this task", says={**conflict.says, "run": None})


def _appears(run: Run, model: Model) -> bool:
    """Return True if the experiment of a run appears before the call ends."""
    return CANCELLED not in run.outcomes and run.starts_at is not None and run.starts_at < model.now + A_CALL


def _is_settled_in_time(run: Run, model: Model) -> bool:
    """Return True if the run has an experiment, or has ended, before the call ends."""
    moment = run.ends_at if CANCELLED in run.outcomes else run.starts_at
    return moment is not None and moment < model.now + A_CALL
