"""Trigger a run of a task."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from axtasks_api import models
from axtasks_api.api.tasks import trigger_task_run as trigger_operation
from axtasks_api.codec import has

from axtasks.engine.attempts import write
from axtasks.errors import InvalidArgumentError
from axtasks.inputs.task_bodies import TRIGGERS, TaskBodySelector
from axtasks.reconcile.runs import TriggerEvaluationProbe, TriggerExperimentProbe
from axtasks.resolution.ids import expect_id
from axtasks.resolution.kinds import EXPERIMENT, TASK
from axtasks.resolution.resolver import check_reference, is_name, resolve, resolve_within
from axtasks.validation import (
    any_text,
    check_window,
    checked_fields,
    count,
    flag,
    metadata,
    reference,
    text,
    texts,
    timestamp,
    unset_if_none,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from axtasks_api.models import TaskRun

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.inputs.task_bodies import TriggerBody


DATASET_VERSION = "dataset version"


def trigger_run(
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
) -> Flow[TaskRun]:
    """Trigger a run of a task and return it, in status pending; wait for it with `wait_for_run`.

    Which fields apply depends on the task's type.

    Args:
        task: the task's name or id.
        space: name or id of the space that a name is looked up in.
        data_start_time: start of the window, with a time zone; needed on the first run; evaluation over a project.
        data_end_time: end of the window, with a time zone, at most 30 days after the start; now when left out;
            evaluation over a project.
        max_spans: the most spans to work on, 10000 when left out; evaluation.
        override_evaluations: whether data that has labels is evaluated again; evaluation.
        experiment_ids: names or ids of the experiments to evaluate, those of the task when left out; evaluation over a
            dataset, which has the names.
        experiment_name: name of the experiment to create, unique within the dataset; needed for run_experiment.
        dataset_version_id: id of the dataset version, the latest when left out; run_experiment.
        max_examples: how many examples to run; excludes `example_ids`; run_experiment.
        example_ids: ids of the examples to run; excludes `max_examples`; run_experiment.
        evaluation_task_ids: ids of evaluation tasks to trigger when the experiment is complete; run_experiment.
        tracing_metadata: values for the traces of the run; what is not text is sent as compact JSON; run_experiment.
        query_filter: filter on the examples to run; run_experiment, only in the beta dialect.

    Raises:
        InvalidArgumentError: a value cannot be sent, or the experiment name is missing; nothing was written.
        NotApplicableError: a field does not apply to the task's type; nothing was written.
        NotInContractError: the server's dialect does not have all of them; nothing was written.
        ResolutionError: the name or an id leads nowhere, or to several tasks.
        ConflictError: the experiment name is taken.
        UnprocessableEntityError: the window or the first run's start is not acceptable as things stand.
        AmbiguousOutcomeError: the answer was lost, and whether a run was queued cannot be told.
        APIError: the server refused otherwise.
    """
    prepared = yield from prepare_trigger(
        context,
        task,
        space=space,
        data_start_time=data_start_time,
        data_end_time=data_end_time,
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
    return (yield from send_trigger(context, prepared))


class PreparedTrigger(NamedTuple):
    """A trigger that is ready to be sent.

    Attributes:
        task_id: the id of the task.
        body: the body of the request.
        selector: selected the body; has the task, if it was read.
    """

    task_id: str
    body: TriggerBody
    selector: TaskBodySelector[TriggerBody]


def prepare_trigger(
    context: ClientContext, task: str, *, space: str | None, **arguments: object
) -> Flow[PreparedTrigger]:
    """Check the arguments of `trigger_run`, look up what they name, and select the body."""
    fields: dict[str, Any] = checked_fields(
        {name: unset_if_none(value) for name, value in arguments.items()}, _TRIGGER_CHECKS
    )
    check_window(fields.get("data_start_time"), fields.get("data_end_time"))
    if "max_examples" in fields and "example_ids" in fields:
        raise InvalidArgumentError("example_ids and max_examples exclude each other: give one")

    context.dialect.refuse(models.TriggerRunExperimentTaskRunRequest.__name__, fields)
    task_id = yield from resolve(context, TASK, task, space=space)
    selector = TaskBodySelector(context, TRIGGERS, task_id, fields)
    experiments: Sequence[str] = fields.get("experiment_ids", ())
    if any(map(is_name, experiments)):
        # Names of experiments are looked up within the dataset of the task.
        yield from selector.read()
    model = yield from selector.model()
    within = None if selector.task is None else selector.task.dataset_id
    if within is None and any(map(is_name, experiments)):
        name = next(filter(is_name, experiments))
        raise InvalidArgumentError(
            f"experiment_ids: {name!r} cannot be looked up, as the server left out the dataset_id of the task: give ids"
        )
    if within is not None and experiments:
        fields["experiment_ids"] = yield from resolve_within(context, EXPERIMENT, experiments, within=within)
    return PreparedTrigger(task_id, model(**fields), selector)


def send_trigger(context: ClientContext, prepared: PreparedTrigger) -> Flow[TaskRun]:
    """Send a prepared trigger and return the run."""
    task_id, body, selector = prepared
    probe = (
        TriggerEvaluationProbe(task_id, selector.task, body)
        if isinstance(body, models.TriggerEvaluationTaskRunRequest)
        else TriggerExperimentProbe(task_id, selector.task, body)
    )
    with context.triggers.under_way(task_id):
        sent = write(context, probe, trigger_operation.operation, task_id, body=body)
        run = yield from selector.explain_refusal(sent)
        if has(run, "id"):
            context.triggers.store(run.id, context.clock.monotonic())
    return run


def _ids(noun: str) -> Callable[[str, object], list[str]]:
    """Return a check for a list of ids of one kind."""
    return lambda name, value: [expect_id(item, noun) for item in texts(name, value, each=reference)]


def _experiment(name: str, value: object) -> str:
    """Check the name or the id of an experiment."""
    checked = reference(name, value)
    check_reference(EXPERIMENT, checked)
    return checked


def _non_empty(check: Callable[[str, object], list[str]], default: str) -> Callable[[str, object], list[str]]:
    """Return a check for a list that is not empty, since only an omitted list stands for all there are (J24)."""

    def checked(name: str, value: object) -> list[str]:
        items = check(name, value)
        if not items:
            raise InvalidArgumentError(f"{name} needs at least one entry; leave it out for {default}")
        return items

    return checked


_TRIGGER_CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "data_start_time": timestamp,
    "data_end_time": timestamp,
    "max_spans": count,
    "override_evaluations": flag,
    "experiment_ids": _non_empty(partial(texts, each=_experiment), "the experiments of the task"),
    "experiment_name": text,
    "dataset_version_id": lambda name, value: expect_id(text(name, value), DATASET_VERSION),
    "max_examples": count,
    "example_ids": _non_empty(texts, "all examples"),
    "evaluation_task_ids": _ids(TASK.noun),
    "tracing_metadata": metadata,
    "query_filter": any_text,
}
