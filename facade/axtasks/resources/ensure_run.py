"""Trigger a run unless it was triggered before, found by what the server keeps: its window or its experiment's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from logging import getLogger
from typing import TYPE_CHECKING, Literal, cast

from axtasks_api import models
from axtasks_api.api.task_runs import cancel_task_run
from axtasks_api.api.tasks import trigger_task_run
from axtasks_api.types import Unset

from axtasks.contract.dialect import RequestEncoder
from axtasks.engine.attempts import write
from axtasks.engine.effects import Flow, sleep
from axtasks.engine.server_clock import MOST_SKEW, shifted
from axtasks.errors import (
    MOST_ID_CHARACTERS,
    AmbiguousOutcomeError,
    AxError,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    RequestTimeoutError,
)
from axtasks.polling.outcome import describe_status, has_ended, is_under_way, join_first, status_of
from axtasks.reconcile.run_search import MissingRun, RunKey, find_by_experiment, search_runs
from axtasks.reconcile.run_states import (
    RunState,
    Settled,
    age_order,
    is_completed,
    is_left_to_do,
    may_have_been_cut_short,
    settle,
    state_of,
)
from axtasks.reconcile.runs import CancelRunProbe
from axtasks.text import printable
from axtasks.validation import flag, items, kind_of, timestamp

from .trigger_run import prepare_trigger, send_trigger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from axtasks_api.models import TaskRun
    from axtasks_api.models.task_run_status import TaskRunStatusText

    from axtasks.engine.context import ClientContext

    from .trigger_run import PreparedTrigger

    End = TaskRunStatusText | Literal["empty"]

Outcome = Literal["triggered", "adopted", "done"]

# After which a run may be triggered anew.
ENDS = cast("tuple[End, ...]", tuple(map(str, (RunState.FAILED, RunState.CANCELLED, RunState.EMPTY))))
FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 0.5, 5.0
logger = getLogger("axtasks.runs")


@dataclass(frozen=True, slots=True)
class EnsuredRun:
    """The one run for what was asked for.

    Attributes:
        run: the run as it was last seen.
        outcome: `triggered` by this call; `adopted`, where it was under way already; `done`, where it had ended
            already, and nothing is to be triggered after its end.
        is_findable: False if a repeated call could not find the run: it does not echo its window, or experiments were
            named over a dataset.
    """

    run: TaskRun
    outcome: Outcome
    is_findable: bool = True


def ensure_run(
    context: ClientContext,
    task: str,
    *,
    space: str | None = None,
    data_start_time: datetime | None = None,
    data_end_time: datetime | None = None,
    max_spans: int | None = None,
    override_evaluations: bool | None = None,
    experiment_ids: Sequence[str] | None = None,
    experiment_name: str | None = None,
    dataset_version_id: str | None = None,
    max_examples: int | None = None,
    example_ids: Sequence[str] | None = None,
    evaluation_task_ids: Sequence[str] | None = None,
    tracing_metadata: Mapping[str, object] | None = None,
    query_filter: str | None = None,
    since: datetime | None = None,
    skew: timedelta = MOST_SKEW,
    retrigger: Collection[End] = ENDS,
) -> Flow[EnsuredRun]:
    """Trigger a run unless an earlier call did, and return it: the same call again finds the run of the first.

    For programs that are repeated after a crash. Over a project the run is found by its window, of which both ends are
    needed; for a run_experiment task by the experiment's name; over a dataset it is the one run since `since`. All
    other arguments are those of `trigger_run`, and do not tell runs apart. Of two callers at once, both find the run
    that was created first, and the other one is cancelled. Where a server shows a run late, two may go on.

    Args:
        task: the task's name or id.
        space: name or id of the space that a name is looked up in.
        data_start_time: start of the window, with a time zone, cut to milliseconds; evaluation over a project.
        data_end_time: end of the window, with a time zone, at most 30 days after the start and not in the future;
            evaluation over a project.
        max_spans: the most spans to work on, 10000 when left out; where more are asked for, a completed run that took
            exactly 10000 is not enough; evaluation.
        override_evaluations: whether data that has labels is evaluated again, which needs `since`; evaluation.
        experiment_ids: names or ids of the experiments to evaluate; a run does not tell them, so any run since `since`
            is an error; evaluation over a dataset.
        experiment_name: name of the experiment to create, unique within the dataset; run_experiment.
        dataset_version_id: id of the dataset version, the latest when left out; run_experiment.
        max_examples: how many examples to run; excludes `example_ids`; run_experiment.
        example_ids: ids of the examples to run; excludes `max_examples`; run_experiment.
        evaluation_task_ids: ids of evaluation tasks to trigger when the experiment is complete; run_experiment.
        tracing_metadata: values for the traces of the run; run_experiment.
        query_filter: filter on the examples to run; run_experiment, only in the beta dialect.
        since: only runs created since then count, less `skew`; the last 100 runs when left out; needed over a dataset;
            of no use with an experiment's name.
        skew: how much the clock that gave `since` and the server's may differ: 5 minutes when left out.
        retrigger: the ends after which a run is triggered anew, any of `failed`, `cancelled` and `empty`; after others
            that run is `done`. Not for an experiment's name, which is used up.

    Raises:
        InvalidArgumentError: there is nothing by which the run could be found again, or a value cannot be sent.
        FutureTimeError: by the server's clock the end of the window or `since` is still to come.
        NotApplicableError: a field does not apply to the task's type.
        NotInContractError: the server's dialect does not have all of them.
        ResolutionError: the name or an id leads nowhere, or to several tasks.
        ConflictError: the experiment name is used up by a run that failed or was cancelled, which is its `run`, or is
            that of an experiment of no run of the task.
        UnprocessableEntityError: the window is not acceptable as things stand.
        AmbiguousOutcomeError: runs were found that may or may not be the one, and nothing was sent (`attempts` is 0);
            or the answer was lost, and no run is found that may be adopted; or the experiment does not appear in time.
        UnknownRunStatusError: a run that was found has a status that this version does not know.
        APIError: the server refused otherwise.
    """
    checked = _check_retrigger(retrigger)
    since = None if since is None else timestamp("since", since)
    # For callers without a type checker.
    if not isinstance(cast("object", skew), timedelta) or skew < timedelta():
        raise InvalidArgumentError(f"skew has to be a timedelta that is not negative, not {kind_of(skew)}")
    if (data_start_time is None) != (data_end_time is None):
        missing = "data_end_time" if data_end_time is None else "data_start_time"
        raise InvalidArgumentError(f"{missing} is needed too: the run is found again by both ends of its window")
    if override_evaluations is not None and flag("override_evaluations", override_evaluations) and since is None:
        raise InvalidArgumentError(
            "since is needed with override_evaluations: a run does not tell that it evaluated again, so an earlier one"
            " could not be told from the one asked for"
        )
    prepared = yield from prepare_trigger(
        context,
        task,
        space=space,
        data_start_time=_cut("data_start_time", data_start_time),
        data_end_time=_cut("data_end_time", data_end_time),
        max_spans=max_spans,
        override_evaluations=override_evaluations,
        experiment_ids=experiment_ids,
        experiment_name=experiment_name,
        dataset_version_id=dataset_version_id,
        max_examples=max_examples,
        example_ids=example_ids,
        evaluation_task_ids=evaluation_task_ids,
        tracing_metadata=tracing_metadata,
        query_filter=query_filter,
    )
    if isinstance(prepared.body, models.TriggerRunExperimentTaskRunRequest):
        return (yield from _ensure_experiment(context, prepared, prepared.body.experiment_name))
    if prepared.selector.task is None:
        yield from prepared.selector.read()
        # A trigger would be refused by the server; a run of another type could be found.
        yield from prepared.selector.model()
    key = _key_of(prepared, since, skew)
    return (yield from _ensure_evaluation(context, prepared, key, max_spans=max_spans, retrigger=checked))


def _cut(name: str, time: datetime | None) -> datetime | None:
    """Cut a time to the milliseconds that the server keeps, so that it is echoed as it was sent."""
    if time is None:
        return None
    time = timestamp(name, time)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def _check_retrigger(retrigger: object) -> frozenset[str]:
    given = items("retrigger", retrigger, of=", ".join(ENDS))
    ends = frozenset(str(end) for end in given if end in ENDS)
    if unknown := [end for end in given if end not in ENDS]:
        raise InvalidArgumentError(f"retrigger may have {', '.join(ENDS)}, not {kind_of(unknown[0])}")
    return ends


def _key_of(prepared: PreparedTrigger, since: datetime | None, skew: timedelta) -> RunKey:
    """Return the key of an evaluation, or raise InvalidArgumentError if there is none."""
    body, task = prepared.body, prepared.selector.task
    if isinstance(body, models.TriggerEvaluationTaskRunRequest):
        start, end = body.data_start_time, body.data_end_time
        if not isinstance(start, Unset) and not isinstance(end, Unset):
            return RunKey((start, end), since, is_telling=True, skew=skew)
    if task is None or task.dataset_id is None:
        raise InvalidArgumentError(
            "data_start_time and data_end_time are needed: over a project the run is found again by its window"
        )
    if since is None:
        raise InvalidArgumentError(
            "since is needed over a dataset: a run does not tell what it evaluates, so it is found again as the only"
            " one since then"
        )
    names_experiments = isinstance(body, models.TriggerEvaluationTaskRunRequest) and not isinstance(
        body.experiment_ids, Unset
    )
    return RunKey(None, since, is_telling=not names_experiments, skew=skew)


def _ensure_evaluation(
    context: ClientContext, prepared: PreparedTrigger, key: RunKey, *, max_spans: int | None, retrigger: frozenset[str]
) -> Flow[EnsuredRun]:
    """Search for the run of an evaluation, and trigger it if there is none."""

    def is_cut_short(run: TaskRun) -> bool:
        return may_have_been_cut_short(run, max_spans=max_spans)

    earlier = yield from search_runs(context, prepared.task_id, key)
    if key.window is None and earlier and not (key.is_telling and len(earlier) == 1):
        counted = f"{len(earlier)} runs of the task were created since then"
        reason = counted if key.is_telling else "runs since then do not tell which experiments they evaluate"
        raise _ambiguous(context, prepared, reason, earlier)
    settled = settle(earlier, is_cut_short)
    if settled is not None and not is_left_to_do(settled, retrigger):
        return _found(settled)
    known = {run.id for run in earlier}
    try:
        run = yield from send_trigger(context, prepared)
    except AmbiguousOutcomeError as error:
        return (yield from _find_lost(context, prepared, key, known, error))
    if key.window is not None and not key.fits(run):
        logger.warning("Run %s does not echo its window, so a repeated call cannot find it", _id_for_log(context, run))
        return EnsuredRun(run, "triggered", is_findable=False)
    if not key.is_telling:
        return EnsuredRun(run, "triggered", is_findable=False)
    return (yield from _yield_to_first(context, prepared.task_id, key, known, run))


def _id_for_log(context: ClientContext, run: TaskRun) -> str:
    """Return the id of a run in one line and without the API key, which a server may repeat anywhere."""
    return printable(context.settings.api_key.redact_text(run.id), most=MOST_ID_CHARACTERS)


def _found(settled: Settled) -> EnsuredRun:
    return EnsuredRun(settled.run, "adopted" if settled.state is RunState.ACTIVE else "done")


def _yield_to_first(
    context: ClientContext, task_id: str, key: RunKey, known: set[str], own: TaskRun
) -> Flow[EnsuredRun]:
    """List the runs once more after a trigger, and leave the work to the first run of several callers at once."""
    try:
        later = yield from search_runs(context, task_id, key, until=shifted(own.created_at, -MOST_SKEW))
    except AxError as error:
        # The run was triggered: an error would hide it.
        told = _id_for_log(context, own)
        logger.warning("Whether another caller triggered the same as run %s could not be read: %s", told, error)
        return EnsuredRun(own, "triggered")
    return (yield from keep_first(context, own, [run for run in later if run.id not in known]))


def keep_first(context: ClientContext, own: TaskRun, others: Iterable[TaskRun]) -> Flow[EnsuredRun]:
    """Return the first run of several callers that triggered the same at once; cancel the own one if it is another.

    Each caller cancels its own run alone, so that none is cancelled that nobody gave up.

    Args:
        context: what the flows of the client share.
        own: the run that this caller triggered.
        others: the runs for the same work that were not there before the trigger.
    """
    standing = {run.id: run for run in others if _stands(run)}
    first = min({own.id: own, **standing}.values(), key=age_order)
    if first.id == own.id:
        return EnsuredRun(own, "triggered")
    try:
        yield from write(context, CancelRunProbe(own.id), cancel_task_run.operation, own.id)
    except BadRequestError as refusal:
        # It has already ended, and there is nothing to cancel.
        logger.info("Run %s was not cancelled: %s", _id_for_log(context, own), refusal)
    except AxError as error:
        error.add_note(f"Run {own.id} was triggered besides run {first.id}, which stands, and may still go on.")
        raise
    return EnsuredRun(first, "adopted" if is_under_way(first) else "done")


def _stands(run: TaskRun) -> bool:
    status = status_of(run)
    # For a status that this version does not know nothing is given up.
    return (status is None or status.is_known) and state_of(run, is_cut_short=False) in {RunState.ACTIVE, RunState.DONE}


def _find_lost(
    context: ClientContext, prepared: PreparedTrigger, key: RunKey, known: set[str], error: AmbiguousOutcomeError
) -> Flow[EnsuredRun]:
    """Search once more after a trigger whose outcome could not be told: a new run that has the key is the one."""
    if not key.is_telling:
        raise error
    try:
        later = yield from search_runs(context, prepared.task_id, key)
    except AxError as failed:
        error.add_note(f"The runs could not be searched to find out more: {failed}")
        raise error from error.__cause__
    new = sorted((run for run in later if run.id not in known), key=age_order)
    if not new:
        raise error
    first = next((run for run in new if is_under_way(run)), new[0])
    return EnsuredRun(first, "adopted" if is_under_way(first) else "done")


def _ensure_experiment(context: ClientContext, prepared: PreparedTrigger, name: str) -> Flow[EnsuredRun]:
    """Trigger the run of an experiment; if its name is taken, find the run that took it."""
    try:
        return EnsuredRun((yield from send_trigger(context, prepared)), "triggered")
    except AmbiguousOutcomeError as lost:
        try:
            found = yield from _await_by_name(context, prepared, name)
        except AxError as failed:
            lost.add_note(f"The experiment could not be looked up to find out more: {failed}")
            raise lost from lost.__cause__
        if not isinstance(found, models.TaskRun):
            raise
        if _has_failed(found):
            # It may be the run of an earlier call. The same call again is told by the server whether the name is taken.
            lost.add_note(f"If an earlier call sent it, {_used_up(name, found)}.")
            raise
        return EnsuredRun(found, "adopted" if is_under_way(found) else "done")
    except ConflictError as taken:
        try:
            found = yield from _await_by_name(context, prepared, name)
        except RequestTimeoutError as error:
            raise _ambiguous(context, prepared, _unseen(name), attempts=1) from error
        if not isinstance(found, models.TaskRun):
            if found.may_appear:
                raise _ambiguous(context, prepared, _unseen(name), attempts=1) from taken
            message = f"the experiment name {name!r} is taken by an experiment that no run of this task created"
            raise _with_run(taken, message, None) from taken
        if _has_failed(found):
            raise _with_run(taken, _used_up(name, found), found) from taken
        return EnsuredRun(found, "adopted" if is_under_way(found) else "done")


def _has_failed(run: TaskRun) -> bool:
    return has_ended(run) and not is_completed(run)


def _used_up(name: str, run: TaskRun) -> str:
    return f"the experiment name {name!r} is used up: its run {run.id} ended {run.status!s}"


def _await_by_name(context: ClientContext, prepared: PreparedTrigger, name: str) -> Flow[TaskRun | MissingRun]:
    """Return the run whose experiment has a name, once it is there; a missing one if it cannot appear, or not in time.

    The time is that of the call.
    """
    backoff = FIRST_BACKOFF_SECONDS
    while True:
        found = yield from _find_by_name(context, prepared, name)
        deadline = context.call.deadline
        if isinstance(found, models.TaskRun) or not found.may_appear:
            return found
        if deadline is not None and context.clock.monotonic() + backoff >= deadline:
            return found
        yield from sleep(backoff)
        backoff = min(2 * backoff, LONGEST_BACKOFF_SECONDS)


def _unseen(name: str) -> str:
    return f"the experiment name {name!r} is taken, and no run of the task has an experiment of that name yet"


def _find_by_name(context: ClientContext, prepared: PreparedTrigger, name: str) -> Flow[TaskRun | MissingRun]:
    task = prepared.selector.task or (yield from prepared.selector.read())
    return (yield from find_by_experiment(context, prepared.task_id, name, dataset_id=task.dataset_id))


def _with_run(taken: ConflictError, message: str, run: TaskRun | None) -> ConflictError:
    """Return the same refusal with another message, and the run that took the name."""
    error = ConflictError(
        message,
        status_code=taken.status_code,
        operation_id=taken.operation_id,
        request_id=taken.request_id,
        problem=taken.problem,
        body=taken.body,
    )
    error.run = run
    return error.about(method=taken.method, path=taken.path, headers=taken.headers)


def _ambiguous(
    context: ClientContext,
    prepared: PreparedTrigger,
    reason: str,
    candidates: Sequence[TaskRun] = (),
    *,
    attempts: int = 0,
) -> AmbiguousOutcomeError:
    """Return the error for a run that may be there already."""
    encoder = RequestEncoder(context.dialect, trigger_task_run.operation, (prepared.task_id,), {"body": prepared.body})
    encoder.encode()
    shown = f": {join_first([f'{run.id} {describe_status(run)}' for run in candidates])}" if candidates else ""
    sent = "was not sent" if attempts == 0 else "was refused"
    return AmbiguousOutcomeError(
        f"{encoder.request.operation_id} {sent}, and it cannot be told whether it happened before: {reason}{shown};"
        " look before doing it again",
        request=encoder.request,
        attempts=attempts,
        reason=reason,
        candidates=candidates,
    )
