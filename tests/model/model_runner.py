"""The runner of the model test: runs steps in a fresh environment, and compares outcomes with predictions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Self

from axtasks import InvalidArgumentError

from tests.model import model_backfill, model_ensure_run, model_lists, model_refusals, model_runs, model_tasks, rules
from tests.model.model_calls import ALL, Call, make
from tests.model.model_compare import check_run, check_task
from tests.model.model_environment import AWAITING, BLOCKING, CALLERS, Environment
from tests.model.model_faults import Fault, OutcomeChecker
from tests.model.model_names import ARGUMENT, CLIENT, noun_of, status
from tests.model.model_prediction import Prediction
from tests.model.model_script import DifferenceError, Script, ScriptError
from tests.model.model_state import Lifecycle, Model, latest_first
from tests.model.model_world import ALPHA_2

CALLS_PER_COMPARISON = 8
"""The number of calls between two comparisons of everything."""
# The pause keeps earlier calls apart from the one with the fault.
SECONDS_BEFORE_FAULTS = 10
PAGE_SIZES = (2, 1, 100, 3)
NOUNS = ("project", "dataset", "evaluator", "space", "project")


@dataclass(frozen=True)
class CallStep:
    """A call by one of the clients, with a fault if any."""

    client: str
    call: Call
    fault: Fault | None = None


@dataclass(frozen=True)
class WaitStep:
    """A step in which time passes."""

    seconds: float


@dataclass(frozen=True)
class LifecycleStep:
    """A step that sets the lifecycle of new runs."""

    lifecycle: str


Step = CallStep | WaitStep | LifecycleStep


@dataclass
class ExecutedStep:
    """An executed step, and the id of the value that it returned, if it has one."""

    step: Step
    made: str | None = None


def is_prefixed(value: Any) -> bool:
    """Return True if a value is an id rather than a name."""
    return isinstance(value, str) and noun_of(value) is not None


class Statistics:
    """Counts of all sequences so far."""

    def __init__(self) -> None:
        self.steps = 0
        self.methods: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.comparisons = 0


STATISTICS = Statistics()


class StepRunner:
    """A fresh environment, and the model of its state.

    Args:
        is_socket: True if the clients use a socket.
        calls_per_comparison: the number of calls between two comparisons of everything.
    """

    def __init__(self, *, is_socket: bool = False, calls_per_comparison: int = CALLS_PER_COMPARISON) -> None:
        self.is_socket = is_socket
        self.env = Environment(is_socket=is_socket)
        self.model = Model()
        self.script = Script(is_socket=is_socket)
        self.executed: list[ExecutedStep] = []
        self.cursors: list[tuple[str, Call]] = []
        self.checker = OutcomeChecker(self.model, lambda: self.env.ax_bare)
        self._calls_per_comparison = calls_per_comparison
        self._calls_since_comparison = 0
        self._comparisons = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.env.disarm()
        self.env.__exit__()

    def run(self, step: Step) -> None:
        """Run a step.

        Raises:
            ScriptError: an outcome differs from its prediction.
        """
        self.executed.append(ExecutedStep(step))
        try:
            if isinstance(step, WaitStep):
                self._wait(step.seconds)
            elif isinstance(step, LifecycleStep):
                self._order(step.lifecycle)
            else:
                self._make(step)
        except ScriptError:
            raise
        except Exception as error:
            raise self.script.failure(error) from error

    def _wait(self, seconds: float) -> None:
        self.script.note(f"env.pass_time({seconds!r})")
        self.env.pass_time(seconds)
        self.model.advance(self.env.now)

    def _order(self, text: str) -> None:
        self.script.note(f"env.set_lifecycle({text!r})")
        self.model.advance(self.env.now)
        self.env.set_lifecycle(text)
        self.model.lifecycle = Lifecycle.of(text)

    def _make(self, step: CallStep) -> None:
        call, fault = step.call, step.fault
        experiments = call.named.get("experiment_ids")
        if call.method in BY_RUNS or (isinstance(experiments, list) and not all(map(is_prefixed, experiments))):
            # The prediction depends on how the runs ended, or on their experiments.
            self.compare_everything()
        if call.method == "tasks.backfill":
            # The pause keeps earlier runs apart from those of an overriding backfill.
            self._wait(SECONDS_BEFORE_FAULTS)
            self.compare_everything()
        if fault is not None:
            self._wait(SECONDS_BEFORE_FAULTS)
            self.script.note(f"env.arm({fault.script!r})")
            self.env.arm(fault.script)
        caller = step.client.removeprefix(AWAITING).removeprefix(BLOCKING)
        self.model.advance(self.env.now)
        self.model.visible_space = ALPHA_2.id if caller == VISITOR else None

        def predict() -> Prediction:
            return as_seen_by(caller, predicted(self.model, CALLERS[caller][1], call), call.method)

        before = predict()
        self.script.note(call.code(step.client))
        outcome = make(self.env, step.client, call)
        hits = self.env.disarm()
        self.script.add_outcome(outcome)
        self.executed[-1].made = getattr(getattr(outcome.value, "run", outcome.value), "id", None)
        struck = fault if hits else None
        run = self.model.run(call.given[0]) if call.method == "tasks.wait_for_run" else None
        self.checker.check(predict, before, outcome, struck, hits)
        if run is not None and struck is None and not before.is_refused_early:
            model_runs.check_wait(run, call.named, outcome.started_at, outcome.ended_at, outcome.polls)
        self.model.visible_space = None
        if call.method == "request" or call.method in WRITING:
            self.script.note(f"env.clear_other_caches({step.client!r})")
            self.env.clear_other_caches(step.client)
        self._remember_cursor(caller, call, outcome.value)
        STATISTICS.steps += 1
        STATISTICS.methods[call.method] += 1
        STATISTICS.outcomes[type(outcome.error).__name__ if outcome.error else "returned"] += 1
        STATISTICS.faults[struck.text if struck else "none"] += 1
        # Refused requests lead to a comparison sooner, as they should have changed nothing.
        self._calls_since_comparison += 4 if call.method == "request" else 1
        if struck is not None or self._calls_since_comparison >= self._calls_per_comparison:
            self.compare_everything()

    def _remember_cursor(self, caller: str, call: Call, value: Any) -> None:
        """Keep the cursor of a list of tasks for later calls."""
        cursor = getattr(value, "next_cursor", None)
        if call.method == "tasks.list" and cursor is not None:
            last = self.model.tasks[value.items[-1].id]
            going_on = replace(call, named={**call.named, "cursor": cursor}, after=(last.created_at, last.number))
            self.cursors = [*self.cursors[-3:], (caller, going_on)]

    def compare_everything(self) -> None:
        """Compare all visible state.

        Raises:
            ScriptError: something differs from the model.
        """
        self._calls_since_comparison = 0
        STATISTICS.comparisons += 1
        self.model.advance(self.env.now)
        try:
            self._compare_everything()
        except Exception as error:
            raise self.script.failure(error) from error

    def _compare_everything(self) -> None:
        # Each comparison uses another page size, and the other client.
        self._comparisons += 1
        limit = PAGE_SIZES[self._comparisons % len(PAGE_SIZES)]
        client = (BLOCKING, AWAITING)[self._comparisons % 2] + "_bare"

        def all_of(method: str, *given: str) -> list[Any]:
            outcome = make(self.env, client, Call(method, given, {"limit": limit}, ALL))
            if outcome.error is not None:
                raise outcome.error
            found: list[Any] = outcome.value
            return found

        for seen, task in _same_names("tasks", all_of("tasks.list"), self.model.newest_first("task")):
            check_task(seen, task)
            expected = latest_first(task.runs)
            runs = all_of("tasks.list_runs", task.id)
            if len(runs) != len(expected):
                ids = [run.id for run in expected]
                raise DifferenceError(f"{task.name!r} has the runs {[run.id for run in runs]}, and should have {ids}")
            for one, run in zip(runs, expected, strict=True):
                check_run(one, run, self.model)
        for noun in ("experiment", NOUNS[self._comparisons % len(NOUNS)]):
            for seen, it in _same_names(f"{noun}s", all_of(f"{noun}s.list"), self.model.newest_first(noun)):
                model_lists.check_thing(self.model, noun, seen, it)


def _same_names(what: str, seen: list[Any], expected: list[Any]) -> list[tuple[Any, Any]]:
    names = [it.name for it in expected]
    if [it.name for it in seen] != names:
        raise DifferenceError(f"there are the {what} {[it.name for it in seen]}, and should be {names}")
    return list(zip(seen, expected, strict=True))


GONE, READER, VISITOR = "_gone", "_reader", "_visitor"
WRITING = {
    "tasks.create_evaluation_task",
    "tasks.create_run_experiment_task",
    "tasks.update",
    "tasks.delete",
    "tasks.trigger_run",
    "tasks.ensure_run",
    "tasks.backfill",
    "tasks.cancel_run",
}
BY_RUNS = {"tasks.ensure_run", "tasks.backfill"}
_ABOUT_ONE = {
    "tasks.create_evaluation_task": model_tasks.create_evaluation,
    "tasks.create_run_experiment_task": model_tasks.create_run_experiment,
    "tasks.get": model_tasks.get,
    "tasks.update": model_tasks.update,
    "tasks.delete": model_tasks.delete,
    "tasks.trigger_run": model_runs.trigger,
    "tasks.ensure_run": model_ensure_run.ensure,
    "tasks.backfill": model_backfill.backfill,
}
_ABOUT_RUNS = {
    "tasks.get_run": model_runs.get_run,
    "tasks.cancel_run": model_runs.cancel,
    "tasks.wait_for_run": model_runs.wait,
}
_LISTS = {"tasks.list": model_lists.list_tasks, "tasks.list_runs": model_lists.list_runs}


def as_seen_by(caller: str, prediction: Prediction, method: str) -> Prediction:
    """Return the prediction for a caller with restricted rights (rules C44 and C45)."""
    first = prediction.first
    is_early = any(refusal.stage <= CLIENT for refusal in first)
    if caller == GONE:
        # Only errors that need no request come before the key is checked.
        found = [refusal for refusal in first if refusal.stage == ARGUMENT]
        return Prediction(found or [*first, status(ARGUMENT, 401)])
    if caller != READER or method not in WRITING:
        return prediction
    if method in WRITING and any(issubclass(it.error, InvalidArgumentError) for it in first) and is_early:
        # Errors that depend on the type of the task come before the request only if the type is known.
        forbidden = [] if first[0].stage == ARGUMENT else [status(first[0].stage, 403)]
        return Prediction([*first, *forbidden])
    is_not_there = method in {"tasks.delete", "tasks.cancel_run"} and any(it.stage <= rules.Step.PATH for it in first)
    if is_early or is_not_there:
        return prediction
    return Prediction([status(rules.Step.PATH, 403)])


def predicted(model: Model, default: str | None, call: Call) -> Prediction:
    """Predict a call in the current state."""
    if call.method == "request":
        return model_refusals.predicted(model, call)
    if call.method in _ABOUT_ONE:
        return _ABOUT_ONE[call.method](model, default, call.given[0], call.named)
    if call.method in _ABOUT_RUNS:
        return _ABOUT_RUNS[call.method](model, call.given[0], call.named)
    others = model_lists.lookups if call.method.endswith(".list") else model_lists.get_thing
    return _LISTS.get(call.method, others)(model, default, call)
