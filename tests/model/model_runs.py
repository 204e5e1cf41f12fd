"""The predictions for triggering, reading, cancelling and waiting for runs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from axtasks import BadRequestError, InvalidArgumentError, RunCancelledError, RunFailedError, RunTimeoutError

from tests.dialects import on_the_wire
from tests.model.contract import body_fits
from tests.model.model_compare import check_between, check_equal, check_id, check_run
from tests.model.model_names import (
    ARGUMENT,
    CLIENT,
    LATER,
    Refusal,
    check_reference,
    experiments_of,
    invalid_argument,
    noun_of,
    refused,
    wrong_kind,
)
from tests.model.model_prediction import Prediction, Problems
from tests.model.model_script import DifferenceError
from tests.model.model_server import changed, request_for
from tests.model.model_state import (
    CANCELLED,
    COMPLETED,
    EVALUATIONS,
    MILLISECOND,
    PENDING,
    RUNNING,
    Model,
    Run,
    Task,
)
from tests.model.model_tasks import found_task, is_text, not_applicable
from tests.model.model_work import of_experiment, over_experiments, over_spans
from tests.model.rules_tasks import LONGEST_WINDOW, WINDOW, window

if TYPE_CHECKING:
    from tests.model.model_world import Json

TRIGGER, CANCEL = "trigger_task_run", "cancel_task_run"
LONGEST_INTERVAL = timedelta(seconds=5)
# If earlier runs took long, a poll interval is at most so many times the waited time, and at most half a minute.
LEAP = 6
LONGEST_LEAP = timedelta(seconds=30)
# The longest duration of a call.
A_CALL = timedelta(seconds=120)


def is_aware_time(value: Any) -> bool:
    """Return True if a value is a time with a zone."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def _fits(name: str, value: Any) -> bool:
    """Return True if a trigger of either type can have this field, apart from the rules on experiment names."""
    if name in WINDOW:
        return is_aware_time(value)
    if name == "experiment_name":
        return is_text(value)
    if name == "tracing_metadata":
        # The client converts the values to text.
        return isinstance(value, dict)
    body = on_the_wire({name: value})
    return body_fits(TRIGGER, body) or body_fits(TRIGGER, {"experiment_name": "n", **body})


_IDS = {"experiment_ids": "experiment", "evaluation_task_ids": "task", "dataset_version_id": "dataset version"}


def trigger(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict a new run."""
    problems = Problems()
    given = {key: value for key, value in named.items() if key != "space" and value is not None}
    for key, value in given.items():
        problems.add(*_wrong_field(key, value))
    problems.add(_refused_window(given))
    if "max_examples" in given and "example_ids" in given:
        problems.add(invalid_argument("max_examples"))
    problems.add(*check_reference("task", reference))
    if problems.found:
        return Prediction(problems.found)
    if "tracing_metadata" in given:
        # No response shows the converted values.
        given["tracing_metadata"] = dict.fromkeys(given["tracing_metadata"], "text")
    task = found_task(model, problems, reference, named.get("space"), default)
    if task is None:
        return Prediction(problems.found)
    request = request_for(model, TRIGGER, ids={"task_id": task.id}, body=changed(given))
    problems.add(not_applicable(request, task))
    if task.type not in EVALUATIONS and "experiment_name" not in given:
        problems.add(Refusal(CLIENT, InvalidArgumentError, text="experiment_name"))
    if problems.found:
        return Prediction(problems.found)
    given |= problems.attempt(_found_experiments, model, task, given) or {}
    if problems.found:
        return Prediction(problems.found)
    request = request_for(model, TRIGGER, ids={"task_id": task.id}, body=changed(given))
    if refusals := refused(request):
        return Prediction(refusals, is_repeatable=task.type not in EVALUATIONS)
    return _evaluation(model, task, given) if task.type in EVALUATIONS else _experiment(model, task, given)


def _found_experiments(model: Model, task: Task, given: Json) -> Json:
    """Return the ids of the given experiments, looked up within the dataset of the task."""
    named = given.get("experiment_ids")
    return {} if named is None else {"experiment_ids": experiments_of(model, named, task.fields["dataset_id"])}


def _wrong_field(key: str, value: Any) -> list[Refusal | None]:
    """Return the refusals of one field by itself."""
    items = value if isinstance(value, list) else [value]
    wrong_ids = [_wrong_id(key, each) for each in items if key in _IDS and isinstance(each, str)]
    return [*([] if _fits(key, value) else [invalid_argument(key)]), *wrong_ids]


def _wrong_id(key: str, value: str) -> Refusal | None:
    """Return the refusal of an id that is empty or of another type."""
    if value in {"", ".", ".."}:
        return Refusal(ARGUMENT, InvalidArgumentError)
    return wrong_kind(_IDS[key], value)


def _refused_window(given: Json) -> Refusal | None:
    """Return the refusal of a window with both ends given (C26)."""
    start: Any = given.get("data_start_time")
    end: Any = given.get("data_end_time")
    if is_aware_time(start) and is_aware_time(end) and not timedelta() < end - start <= LONGEST_WINDOW:
        return Refusal(ARGUMENT, InvalidArgumentError, text="data_start_time")
    return None


def _evaluation(model: Model, task: Task, given: Json) -> Prediction:
    options: Json = {"most": given.get("max_spans"), "override": given.get("override_evaluations", False)}
    lifecycle = model.lifecycle

    def made(at: datetime) -> Run:
        experiments = tuple(given["experiment_ids"] if "experiment_ids" in given else task.fields["experiment_ids"])
        if not task.is_over_project:
            work = over_experiments(model, task, experiments, **options)
            return Run(task, None, at, lifecycle, work, None, experiments)
        start, end = window(request_for(model, TRIGGER, ids={"task_id": task.id}, body=changed(given), at=at))
        assert start is not None
        work = over_spans(model, task, (start, end), now=at, **options)
        return Run(task, None, at, lifecycle, work, (start, end), experiments)

    return _queued(model, task, made, is_repeatable=False, is_windowed=not given.keys().isdisjoint(WINDOW))


def _experiment(model: Model, task: Task, given: Json) -> Prediction:
    dataset = model.dataset(task.fields["dataset_id"])
    assert dataset is not None
    version_id = given.get("dataset_version_id", dataset.versions[-1].id)
    lifecycle = model.lifecycle
    followers = tuple(given.get("evaluation_task_ids", ()))

    def made(at: datetime) -> Run:
        chosen, most = given.get("example_ids"), given.get("max_examples")
        work, skipped = of_experiment(model, task, version_id, chosen=chosen, most=most)
        return Run(
            task,
            None,
            at,
            lifecycle,
            work,
            experiment_name=given["experiment_name"],
            version_id=version_id,
            integration_id=task.fields["run_configuration"].get("integration_id"),
            followers=followers,
            skipped=skipped,
        )

    # If a run ends so soon without an experiment, nothing shows what it was about.
    soon = made(model.now)
    is_traceless = (
        CANCELLED in soon.outcomes and (soon.ends_at or datetime.max.replace(tzinfo=UTC)) < model.now + A_CALL
    )
    return _queued(model, task, made, is_repeatable=True, is_traceless=is_traceless)


def _queued(
    model: Model,
    task: Task,
    made: Any,
    *,
    is_repeatable: bool,
    is_windowed: bool = True,
    is_traceless: bool = False,
) -> Prediction:
    def apply(seen: Any, first: datetime, last: datetime) -> None:
        at = check_between("created_at of the new run", seen.created_at, first, last)
        model.advance(at)
        if not prediction.in_doubt:
            check_equal("status of the new run", seen.status, PENDING)
        known = {run.id or "" for run in model.runs()} | set(model.deleted_runs)
        check_id("id of the new run", seen.id, "run", known)
        run = made(at)
        run.id = seen.id
        task.runs.append(run)
        if seen.status != PENDING:
            # The run was found by a search, a little later.
            model.advance(last)
        check_run(seen, run, model)

    def probe(client: Any) -> Any:
        known = {run.id for run in task.runs}
        # Nobody called for the runs that follow an experiment. They may not have been seen yet either.
        following = Counter(run.created_at for run in task.runs if run.id is None)
        unknown = [run for run in client.tasks.list_runs(task.id) if run.id not in known]
        alike = Counter(run.created_at for run in unknown)
        more = [run for run in unknown if alike[run.created_at] > following[run.created_at]]
        # Of runs of the same moment, the triggered one starts where the others end.
        return max(more, key=lambda run: run.data_start_time or run.created_at, default=None)

    # The runs of a continuous task cannot be told from those that it starts by itself (decision D12).
    mistakable = is_traceless or (task.fields["is_continuous"] and not is_windowed)
    prediction = Prediction([], apply, probe, is_repeatable=is_repeatable, may_be_mistaken=mistakable)
    return prediction


def run_of(model: Model, run_id: Any, operation: str) -> tuple[Run | None, list[Refusal]]:
    """Return the run with an id, and the refusals of reading it."""
    if not is_text(run_id) or run_id in {".", ".."}:
        return None, [Refusal(ARGUMENT, InvalidArgumentError)]
    if refusal := wrong_kind("run", run_id):
        return None, [refusal]
    return model.run(run_id), with_argument_error(
        run_id, refused(request_for(model, operation, ids={"run_id": run_id}))
    )


def with_argument_error(run_id: Any, refusals: list[Refusal]) -> list[Refusal]:
    """Return the refusals of reading a run; a name in place of an id is an invalid argument."""
    if not isinstance(run_id, str) or noun_of(run_id) is not None:
        return refusals
    return [
        Refusal(it.stage, InvalidArgumentError, text=run_id) if it.error is BadRequestError else it for it in refusals
    ]


def get_run(model: Model, run_id: Any, named: Json) -> Prediction:
    """Predict a run."""
    del named
    run, refusals = run_of(model, run_id, "get_task_run")

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        assert run is not None
        check_run(seen, run, model)

    return Prediction(refusals, apply)


def cancel(model: Model, run_id: Any, named: Json) -> Prediction:
    """Predict a cancelled run (C36, J12)."""
    del named
    run, refusals = run_of(model, run_id, CANCEL)
    if run is None or refusals:
        return Prediction(refusals, is_already_done=run is not None and CANCELLED in run.statuses)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        at = check_between("run_finished_at of the cancelled run", seen.run_finished_at, first, last)
        model.advance(at)
        run.statuses, run.finished_at, run.counts, run.was_cancelled = (CANCELLED,), at, (0, 0, 0), True
        check_run(seen, run, model)

    def probe(client: Any) -> Any:
        seen = client.tasks.get_run(run.id)
        return seen if seen.status == CANCELLED else None

    return Prediction([], apply, probe)


def wait(model: Model, run_id: Any, named: Json) -> Prediction:
    """Predict an ended run, or the error for one that has not ended or has failed."""
    problems = Problems()
    timeout, interval = named.get("timeout", 600), named.get("poll_interval")
    if not timeout > 0:
        problems.add(invalid_argument("timeout"))
    if interval is not None and not interval > 0:
        problems.add(invalid_argument("poll_interval"))
    begun = model.now
    deadline = begun + timedelta(seconds=timeout) if timeout > 0 else None
    run, refusals = run_of(model, run_id, "get_task_run")
    problems.add(*refusals)
    if problems.found or run is None or deadline is None:
        return Prediction(problems.found, deadline=deadline)
    ends_at = run.finished_at if run.has_ended else run.ends_at
    if ends_at is None or ends_at > deadline:

        def is_seen(seen: Any) -> bool:
            model.advance(deadline)
            check_run(seen, run, model)
            return bool(seen.status in {PENDING, RUNNING})

        late = Refusal(LATER, RunTimeoutError, {"run": is_seen, "timeout_seconds": timeout})
        return Prediction([late], waits_out_failures=True, deadline=deadline)

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first
        model.advance(last)
        if named.get("raise_on_failure") and seen.status != COMPLETED:
            raise DifferenceError(f"a run that ended {seen.status!s} was returned, and should be raised")
        check_run(seen, run, model)

    def is_ended(seen: Any) -> bool:
        model.advance(max(ends_at, model.now))
        check_run(seen, run, model)
        return True

    outcomes = run.statuses if run.has_ended else run.outcomes
    raised = [each for each in outcomes if each != COMPLETED and named.get("raise_on_failure")]
    refusals = [
        Refusal(LATER, RunCancelledError if each == CANCELLED else RunFailedError, {"run": is_ended}) for each in raised
    ]
    return Prediction(
        refusals, apply, waits_out_failures=True, may_succeed=len(raised) < len(outcomes), deadline=deadline
    )


def check_wait(model_run: Run, named: Json, begun: datetime, over: datetime, polls: tuple[Any, ...]) -> None:
    """Raise DifferenceError unless a wait without faults took the right time, and reported its polls."""
    timeout, interval = named.get("timeout", 600), named.get("poll_interval")
    deadline = begun + timedelta(seconds=timeout)
    ends_at = model_run.finished_at if model_run.has_ended else model_run.ends_at
    end = max(begun, min(deadline, ends_at or deadline))
    if end == begun:
        check_between("the end of the wait", over, begun, begun)
    elif interval is None:
        is_like_others = any(run.has_ended for run in model_run.task.runs if run is not model_run)
        leap = max(LONGEST_INTERVAL, min(LONGEST_LEAP, LEAP * (end - begun))) if is_like_others else LONGEST_INTERVAL
        check_between("the end of the wait", over, end, min(deadline, end + leap) + MILLISECOND)
    else:
        steps = -(-(end - begun) // timedelta(seconds=interval))
        expected = min(deadline, begun + steps * timedelta(seconds=interval))
        check_between("the end of the wait", over, expected, expected + MILLISECOND)
        check_equal("number of reported polls", len(polls), steps)
    for poll in polls:
        check_equal("the polled run", poll.run.id, model_run.id)
        if poll.run.status not in {PENDING, RUNNING}:
            raise DifferenceError(f"a poll reported an ended run, {poll.run.status!s}")
