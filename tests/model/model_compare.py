"""Comparison of responses with the model."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from axtasks_api.codec import Model as ApiModel

from tests.model.contract import is_beta
from tests.model.model_names import ERRORS, noun_of
from tests.model.model_script import DifferenceError
from tests.model.model_state import CANCELLED, COMPLETED, MILLISECOND, Model, Run, Task

if TYPE_CHECKING:
    from tests.model.model_names import Refusal
    from tests.model.model_world import Json

CREATED_BY = "created_by_user_id"
# Fields whose values are enumeration values, which callers may write in any case.
_WORDS = {"experiment_type", "role", "input_variable_format", "type"}


def check_equal(what: str, seen: Any, expected: Any) -> None:
    """Raise DifferenceError unless the two are equal."""
    if seen != expected:
        raise DifferenceError(f"{what} is {seen!r}, and should be {expected!r}")


def check_between(what: str, seen: datetime | None, first: datetime, last: datetime) -> datetime:
    """Return the time if it is between two others; else raise DifferenceError."""
    if seen is None or not first <= seen <= last:
        expected = f"{first}" if first == last else f"from {first} to {last}"
        raise DifferenceError(f"{what} is {seen}, and should be {expected}")
    return seen


def matches(error: Exception, refusal: Refusal, *, is_damaged: bool = False) -> bool:
    """Return True if an error is the expected one; for a damaged body only the status is compared."""
    meant = ERRORS.get(refusal.says.get("status_code", 0), refusal.error) if is_damaged else refusal.error
    if type(error) is not meant or refusal.text not in str(error):
        return False
    for name, expected in refusal.says.items():
        if is_damaged and name == "problem":
            continue
        seen = getattr(error, name, None)
        if not (expected(seen) if callable(expected) else seen == expected):
            return False
    return True


def describe(refusal: Refusal) -> str:
    """Describe an expected error."""
    known = ", ".join(f"{name}={value!r}" for name, value in refusal.says.items() if not callable(value))
    named = f" about {refusal.text}" if refusal.text else ""
    return f"{refusal.error.__name__}({known}){named}"


def plain(value: Any) -> Any:
    """Return a model as a dict of its present attributes."""
    if isinstance(value, ApiModel):
        found = {field.json_name: item for field, item in value.present()}
        found.update(getattr(value, "additional_properties", {}))
        return {name: plain(item) for name, item in found.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def _alike(seen: Any, expected: Any, name: str = "") -> bool:
    if isinstance(expected, dict):
        return (
            isinstance(seen, dict)
            and seen.keys() == expected.keys()
            and all(_alike(seen[key], value, key) for key, value in expected.items())
        )
    if isinstance(expected, list | tuple):
        return isinstance(seen, list) and len(seen) == len(expected) and all(map(_alike, seen, expected))
    if name in _WORDS and isinstance(seen, str) and isinstance(expected, str):
        return seen.lower() == expected.lower()
    return bool(seen == expected) and isinstance(seen, bool) == isinstance(expected, bool)


def check_fields(what: str, seen: Any, expected: Json) -> None:
    """Raise DifferenceError unless a model has exactly these fields; absent and null are equal."""
    shown = plain(seen)
    for name, value in expected.items():
        if not _alike(shown.get(name), value, name):
            raise DifferenceError(f"{name} of {what} is {shown.get(name)!r}, and should be {value!r}")
    if unknown := shown.keys() - expected.keys() - {CREATED_BY}:
        raise DifferenceError(f"{what} has {', '.join(sorted(unknown))} besides")


def check_id(what: str, seen: str, noun: str, known: set[str]) -> None:
    """Raise DifferenceError unless an id is new and of the right type."""
    if noun_of(seen) != noun or seen in known:
        raise DifferenceError(f"{what} is {seen!r}, which is no new id of a {noun}")


def check_task(seen: Any, task: Task) -> None:
    """Raise DifferenceError unless a task is as the model has it."""
    times = {"last_run_at": task.last_run_at, "created_at": task.created_at, "updated_at": task.updated_at}
    newer = {"query_filters": None} if is_beta() else {}
    check_fields(f"the task {task.name!r}", seen, {"id": task.id, **task.fields, **times, **newer})
    if not isinstance(getattr(seen, CREATED_BY), str):
        raise DifferenceError(f"{CREATED_BY} of the task {task.name!r} is {getattr(seen, CREATED_BY)!r}")


def check_run(seen: Any, run: Run, model: Model) -> None:
    """Raise DifferenceError unless a run is as the model has it; values that it cannot predict are stored in it."""
    what = f"the run {seen.id} of {run.task.name!r}"
    if run.id is None:
        check_id(what, seen.id, "run", {each.id or "" for each in model.runs()} | set(model.deleted_runs))
        run.id = seen.id
    check_equal(f"id of {what}", seen.id, run.id)
    if seen.status not in run.statuses:
        expected = " or ".join(f"{status!s}" for status in run.statuses)
        raise DifferenceError(f"status of {what} is {seen.status!s}, and should be {expected}")
    if len(run.statuses) > 1:
        run.statuses = (seen.status,)
        run.counts = (0, 0, 0) if seen.status == CANCELLED else None
    _check_counts(what, seen, run)
    _check_experiment(what, seen, run, model)
    if run.window is not None and run.window[0] is None:
        start = check_between(
            f"data_start_time of {what}",
            seen.data_start_time,
            datetime.min.replace(tzinfo=run.window[1].tzinfo),
            run.window[1],
        )
        run.window = (start, run.window[1])
    bounds = run.window or (None, None)
    fields: Json = {
        "id": run.id,
        "task_id": run.task.id,
        "experiment_id": run.experiment.id if run.experiment is not None else None,
        "status": run.statuses[0],
        "run_started_at": run.started_at,
        "run_finished_at": run.finished_at,
        "data_start_time": bounds[0],
        "data_end_time": bounds[1],
        "num_successes": seen.num_successes,
        "num_errors": seen.num_errors,
        "num_skipped": seen.num_skipped,
        "created_at": run.created_at,
    }
    if is_beta():
        fields["failure_reason"] = seen.failure_reason
        ended_badly = run.has_ended and run.statuses[0] != COMPLETED
        if not isinstance(seen.failure_reason, str if ended_badly else type(None)):
            raise DifferenceError(f"failure_reason of {what}, {run.statuses[0]!s}, is {seen.failure_reason!r}")
    check_fields(what, seen, fields)


def _check_counts(what: str, seen: Any, run: Run) -> None:
    counts = (seen.num_successes, seen.num_errors, seen.num_skipped)
    if run.counts is None:
        total = sum(counts)
        # The beta completes no run that found no work (B16).
        may_be_idle = run.work.is_idle is not False and not (is_beta() and run.statuses[0] == COMPLETED)
        is_fit = may_be_idle if counts[0] + counts[1] == 0 else not run.work.is_idle
        if not run.work.least <= total <= run.work.most or min(counts) < 0 or not is_fit:
            raise DifferenceError(
                f"counts of {what} are {counts}, and should add up to {run.work.least} to {run.work.most}"
            )
        if run.skipped is not None:
            check_equal(f"num_skipped of {what}", counts[2], run.skipped)
        run.counts = counts
        if run.experiment is not None and run.statuses[0] == COMPLETED:
            run.experiment.results = counts[0]
    check_equal(f"counts of {what}", counts, run.counts)


def _check_experiment(what: str, seen: Any, run: Run, model: Model) -> None:
    """Store the id of the experiment that a run created, when it is first seen."""
    if run.experiment is not None and not run.experiment.id and isinstance(seen.experiment_id, str):
        known = {experiment.id for experiment in model.experiments}
        check_id(f"experiment_id of {what}", seen.experiment_id, "experiment", known)
        run.experiment.id = seen.experiment_id


def check_experiment(seen: Any, it: Any, model: Model) -> None:
    """Raise DifferenceError unless an experiment is as the model has it."""
    what = f"the experiment {it.name!r}"
    if not it.id:
        check_id(f"id of {what}", seen.id, "experiment", {experiment.id for experiment in model.experiments})
        it.id = seen.id
    updated_at = check_between(f"updated_at of {what}", seen.updated_at, it.created_at, model.now + MILLISECOND)
    expected = {
        "id": it.id,
        "name": it.name,
        "dataset_id": it.dataset_id,
        "dataset_version_id": it.version_id,
        "created_at": it.created_at,
        "updated_at": updated_at,
    }
    newer = {"space_id": it.space_id, "integration_id": it.integration_id} if is_beta() else {}
    check_fields(what, seen, expected | newer)
