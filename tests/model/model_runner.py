"""Plays steps on a fresh stage, and compares what they come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Self

from axtasks import InvalidArgumentError

from tests.model import model_backfill, model_ensure_run, model_lists, model_refusals, model_runs, model_tasks, rules
from tests.model.model_calls import ALL, Call, make
from tests.model.model_compare import check_run, check_task
from tests.model.model_environment import AWAITING, BLOCKING, CALLERS, Stage
from tests.model.model_faults import Fault, Judge
from tests.model.model_names import ARGUMENT, CLIENT, noun_of, status
from tests.model.model_prediction import Prediction
from tests.model.model_script import DifferenceError, Story, StoryError
from tests.model.model_state import Lifecycle, Model, latest_first
from tests.model.model_world import ALPHA_2

LOOKS = 8
"""After how many calls everything is looked at."""
# What was done just before a fault is not to be mistaken for what is done then.
SECONDS_BEFORE_FAULTS = 10
PAGE_SIZES = (2, 1, 100, 3)
NOUNS = ("project", "dataset", "evaluator", "space", "project")


@dataclass(frozen=True)
class Make:
    """A call by one of the clients, and what goes wrong with it."""

    client: str
    call: Call
    fault: Fault | None = None


@dataclass(frozen=True)
class Wait:
    """Time that passes."""

    seconds: float


@dataclass(frozen=True)
class Order:
    """How runs go on from now on."""

    lifecycle: str


Step = Make | Wait | Order


@dataclass
class Taken:
    """A step that was taken, and the id of what it returned, if that has one."""

    step: Step
    made: str | None = None


def is_prefixed(value: Any) -> bool:
    """Whether a value is an id rather than a name."""
    return isinstance(value, str) and noun_of(value) is not None


class Tally:
    """What was done so far, over all stories."""

    def __init__(self) -> None:
        self.steps = 0
        self.methods: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.looks = 0


TALLY = Tally()


class Player:
    """A fresh stage, and the model of what is on it.

    Args:
        is_socket: whether the clients go over a socket.
        looks: after how many calls everything is looked at.
    """

    def __init__(self, *, is_socket: bool = False, looks: int = LOOKS) -> None:
        self.is_socket = is_socket
        self.stage = Stage(is_socket=is_socket)
        self.model = Model()
        self.story = Story(is_socket=is_socket)
        self.taken: list[Taken] = []
        self.bookmarks: list[tuple[str, Call]] = []
        self.judge = Judge(self.model, lambda: self.stage.ax_bare)
        self._looks = looks
        self._since_look = 0
        self._looked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stage.disarm()
        self.stage.__exit__()

    def play(self, step: Step) -> None:
        """Takes a step.

        Raises:
            StoryError: something is not as it should be.
        """
        self.taken.append(Taken(step))
        try:
            if isinstance(step, Wait):
                self._wait(step.seconds)
            elif isinstance(step, Order):
                self._order(step.lifecycle)
            else:
                self._make(step)
        except StoryError:
            raise
        except Exception as error:
            raise self.story.failure(error) from error

    def _wait(self, seconds: float) -> None:
        self.story.note(f"stage.pass_time({seconds!r})")
        self.stage.pass_time(seconds)
        self.model.advance(self.stage.now)

    def _order(self, text: str) -> None:
        self.story.note(f"stage.set_lifecycle({text!r})")
        self.model.advance(self.stage.now)
        self.stage.set_lifecycle(text)
        self.model.lifecycle = Lifecycle.of(text)

    def _make(self, step: Make) -> None:
        call, fault = step.call, step.fault
        experiments = call.named.get("experiment_ids")
        if call.method in BY_RUNS or (isinstance(experiments, list) and not all(map(is_prefixed, experiments))):
            # It goes by how the runs ended, or by what they made.
            self.look()
        if call.method == "tasks.backfill":
            # What was done just before is not to be mistaken for what an overriding backfill does.
            self._wait(SECONDS_BEFORE_FAULTS)
            self.look()
        if fault is not None:
            self._wait(SECONDS_BEFORE_FAULTS)
            self.story.note(f"stage.arm({fault.script!r})")
            self.stage.arm(fault.script)
        caller = step.client.removeprefix(AWAITING).removeprefix(BLOCKING)
        self.model.advance(self.stage.now)
        self.model.sight = ALPHA_2.id if caller == VISITOR else None

        def predict() -> Prediction:
            return as_seen_by(caller, predicted(self.model, CALLERS[caller][1], call), call.method)

        before = predict()
        self.story.note(call.code(step.client))
        outcome = make(self.stage, step.client, call)
        hits = self.stage.disarm()
        self.story.came_to(outcome)
        self.taken[-1].made = getattr(getattr(outcome.value, "run", outcome.value), "id", None)
        struck = fault if hits else None
        run = self.model.run(call.given[0]) if call.method == "tasks.wait_for_run" else None
        self.judge.judge(predict, before, outcome, struck, hits)
        if run is not None and struck is None and not before.is_refused_early:
            model_runs.check_wait(run, call.named, outcome.started_at, outcome.ended_at, outcome.looks)
        self.model.sight = None
        if call.method == "request" or call.method in WRITING:
            self.story.note(f"stage.let_others_forget({step.client!r})")
            self.stage.let_others_forget(step.client)
        self._mark(caller, call, outcome.value)
        TALLY.steps += 1
        TALLY.methods[call.method] += 1
        TALLY.outcomes[type(outcome.error).__name__ if outcome.error else "returned"] += 1
        TALLY.faults[struck.text if struck else "none"] += 1
        # What was refused is looked at sooner, as it should have changed nothing.
        self._since_look += 4 if call.method == "request" else 1
        if struck is not None or self._since_look >= self._looks:
            self.look()

    def _mark(self, caller: str, call: Call, value: Any) -> None:
        """Remembers where a list of tasks goes on."""
        cursor = getattr(value, "next_cursor", None)
        if call.method == "tasks.list" and cursor is not None:
            last = self.model.tasks[value.items[-1].id]
            going_on = replace(call, named={**call.named, "cursor": cursor}, after=(last.created_at, last.number))
            self.bookmarks = [*self.bookmarks[-3:], (caller, going_on)]

    def look(self) -> None:
        """Compares everything that can be seen.

        Raises:
            StoryError: something is not as it should be.
        """
        self._since_look = 0
        TALLY.looks += 1
        self.model.advance(self.stage.now)
        try:
            self._look()
        except Exception as error:
            raise self.story.failure(error) from error

    def _look(self) -> None:
        # Each look goes through pages of another size, by the other client.
        self._looked += 1
        limit = PAGE_SIZES[self._looked % len(PAGE_SIZES)]
        client = (BLOCKING, AWAITING)[self._looked % 2] + "_bare"

        def all_of(method: str, *given: str) -> list[Any]:
            outcome = make(self.stage, client, Call(method, given, {"limit": limit}, ALL))
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
        for noun in ("experiment", NOUNS[self._looked % len(NOUNS)]):
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
    """What a call comes to for a caller that may not do everything (rules C44 and C45)."""
    first = prediction.first
    is_early = any(refusal.stage <= CLIENT for refusal in first)
    if caller == GONE:
        # Only what needs no request is found before the key is looked at.
        found = [refusal for refusal in first if refusal.stage == ARGUMENT]
        return Prediction(found or [*first, status(ARGUMENT, 401)])
    if caller != READER or method not in WRITING:
        return prediction
    if method in WRITING and any(issubclass(it.error, InvalidArgumentError) for it in first) and is_early:
        # What depends on the type of the task is found before anything is sent only where the type is known.
        told = [] if first[0].stage == ARGUMENT else [status(first[0].stage, 403)]
        return Prediction([*first, *told])
    is_not_there = method in {"tasks.delete", "tasks.cancel_run"} and any(it.stage <= rules.Step.PATH for it in first)
    if is_early or is_not_there:
        return prediction
    return Prediction([status(rules.Step.PATH, 403)])


def predicted(model: Model, default: str | None, call: Call) -> Prediction:
    """What a call should come to as things are now."""
    if call.method == "request":
        return model_refusals.predicted(model, call)
    if call.method in _ABOUT_ONE:
        return _ABOUT_ONE[call.method](model, default, call.given[0], call.named)
    if call.method in _ABOUT_RUNS:
        return _ABOUT_RUNS[call.method](model, call.given[0], call.named)
    others = model_lists.lookups if call.method.endswith(".list") else model_lists.get_thing
    return _LISTS.get(call.method, others)(model, default, call)
