"""Choose the request body that fits a task, by its type or by the fields that are given."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api import models
from axtasks_api.api.tasks import get_task

from axtasks.engine.attempts import send
from axtasks.errors import (
    AxError,
    BadRequestError,
    InvalidArgumentError,
    NotApplicableError,
    ResolutionError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from axtasks_api.codec import Model
    from axtasks_api.models import (
        CreateCodeEvaluationTaskRequest,
        CreateTemplateEvaluationTaskRequest,
        Task,
        TaskType,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
        UpdateEvaluationTaskRequest,
        UpdateRunExperimentTaskRequest,
    )

    from axtasks.contract.dialect import Dialect
    from axtasks.engine.caches import TaskSnapshot
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow

    EvaluationBody = CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest
    UpdateBody = UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest
    TriggerBody = TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest

BodyT = TypeVar("BodyT", bound="Model")
R = TypeVar("R")

# Fields of evaluation tasks by their data source.
ONLY_OVER_PROJECT = ("sampling_rate", "is_continuous", "data_start_time", "data_end_time")
ONLY_OVER_DATASET = ("experiment_ids",)


def evaluation_types() -> list[TaskType]:
    """Return the task types that evaluate."""
    return [models.TaskType.TEMPLATE_EVALUATION, models.TaskType.CODE_EVALUATION]


def create_model(task_type: TaskType) -> type[EvaluationBody]:
    """Return the body that creates evaluation tasks of a type."""
    template = task_type is models.TaskType.TEMPLATE_EVALUATION
    return models.CreateTemplateEvaluationTaskRequest if template else models.CreateCodeEvaluationTaskRequest


class BodyVariants(NamedTuple, Generic[BodyT]):
    """The bodies of an operation: one for evaluation tasks, one for run_experiment tasks."""

    verb: str
    # A function, as models are imported lazily.
    all: Callable[[], tuple[type[BodyT], type[BodyT]]]

    def of_type(self, task_type: TaskType) -> type[BodyT]:
        """Return the body for tasks of a type."""
        return self.all()[0 if _evaluates(task_type) else 1]


UPDATES: BodyVariants[UpdateBody] = BodyVariants(
    "update", lambda: (models.UpdateEvaluationTaskRequest, models.UpdateRunExperimentTaskRequest)
)
TRIGGERS: BodyVariants[TriggerBody] = BodyVariants(
    "trigger", lambda: (models.TriggerEvaluationTaskRunRequest, models.TriggerRunExperimentTaskRunRequest)
)


def read_task(context: ClientContext, task_id: str) -> Flow[Task]:
    """Read a task, and cache it."""
    # The time before the request: the response lacks later changes.
    started_at = context.clock.monotonic()
    task = yield from send(context, get_task.operation, task_id)
    context.tasks.store_if_complete(task, requested_at=started_at)
    return task


def check_applicable(task: TaskSnapshot, model: type[Model], fields: Mapping[str, Any], dialect: Dialect) -> None:
    """Raise NotApplicableError for fields that do not apply to the task (rules C15, C19, C21, C29, C30).

    The body is the one for the task's type. NotInContractError is raised for fields that the dialect lacks.
    """
    dialect.refuse(model.__name__, fields)
    of_type = [field.name for field in dialect.fields_of(model)]
    _refuse(task, [name for name in fields if name not in of_type], of_type, f"{task.type} tasks")
    if not _evaluates(task.type):
        return
    over_dataset = task.dataset_id is not None
    if not over_dataset and task.project_id is None:
        # The response does not say what the task is over; the server knows.
        return
    excluded = ONLY_OVER_PROJECT if over_dataset else ONLY_OVER_DATASET
    valid = [name for name in of_type if name not in excluded]
    tasks = f"{task.type} tasks over a {'dataset' if over_dataset else 'project'}"
    # `is_continuous: false` holds over a dataset anyway.
    _refuse(task, [name for name, value in fields.items() if name in excluded and value is not False], valid, tasks)


def _refuse(task: TaskSnapshot, names: Sequence[str], valid: Sequence[str], tasks: str) -> None:
    """Raise NotApplicableError for these fields, if any."""
    if names:
        verb = "does" if len(names) == 1 else "do"
        raise NotApplicableError(
            f"{', '.join(names)} {verb} not apply to {tasks} such as {task.name!r}; valid are {', '.join(valid)}",
            fields=names,
            task_type=task.type,
            valid=valid,
        )


def _evaluates(task_type: TaskType) -> bool:
    """Return True for a task type that evaluates; raise NotApplicableError for one that this version does not know."""
    if not task_type.is_known:
        raise NotApplicableError(
            f"this version does not know tasks of type {task_type!s}, so it cannot tell which fields apply: upgrade"
            " ax-tasks",
            fields=(),
            task_type=task_type,
            valid=(),
        )
    return task_type in evaluation_types()


def _missing(model: type[Model], fields: Mapping[str, Any]) -> list[str]:
    """Return the names of the required fields that are not given."""
    return [field.name for field in model.fields() if field.required and field.name not in fields]


class TaskBodySelector(Generic[BodyT]):
    """Selects the body of a write to a task, from the fields to send and the task as it was last read.

    Attributes:
        task: the task as it was last read before the write; None if the fields alone decided the body.
    """

    def __init__(
        self, context: ClientContext, bodies: BodyVariants[BodyT], task_id: str, fields: Mapping[str, Any]
    ) -> None:
        self._context = context
        self._bodies = bodies
        self._task_id = task_id
        self._fields = fields
        self.task: TaskSnapshot | None = context.tasks.get(task_id)

    def model(self) -> Flow[type[BodyT]]:
        """Return the class of the body; the task is read only if none seems to fit, or the fields do not decide.

        Raises:
            InvalidArgumentError: a field is missing, or does not apply to the task (NotApplicableError).
        """
        if self.task is None:
            model = self._by_fields()
            if model is not None:
                return model
        else:
            # If the body does not fit, the task is read before the error is raised: it may be gone since it was cached.
            with suppress(InvalidArgumentError):
                return self._by_type(self.task)
        task = yield from self.read()
        return self._by_type(task)

    def read(self) -> Flow[TaskSnapshot]:
        """Read the task, whose type decides the body from then on."""
        self.task = yield from self._read()
        return self.task

    def explain_refusal(self, flow: Flow[R]) -> Flow[R]:
        """Return the result of a write; if it is refused, raise the error that the task's type explains, if any.

        Raises:
            InvalidArgumentError: a field is missing, or does not apply to the task (NotApplicableError).
        """
        try:
            return (yield from flow)
        except (BadRequestError, UnprocessableEntityError, ResolutionError) as refusal:
            if self.task is not None:
                raise
            try:
                task = yield from self._read()
            except AxError as error:
                refusal.add_note(f"The task could not be read to find out more: {error}")
                raise refusal from None
            if task.type.is_known:
                try:
                    self._by_type(task)
                except InvalidArgumentError as explanation:
                    raise explanation from refusal
            raise

    def _read(self) -> Flow[TaskSnapshot]:
        context = self._context
        started_at = context.clock.monotonic()
        task = yield from send(context, get_task.operation, self._task_id)
        return context.tasks.store(self._task_id, task, requested_at=started_at)

    def _by_fields(self) -> type[BodyT] | None:
        """Return the first class that has all the fields and requires no others."""
        for model in self._bodies.all():
            names = [field.name for field in self._context.dialect.fields_of(model)]
            if all(name in names for name in self._fields) and not _missing(model, self._fields):
                return model
        return None

    def _by_type(self, task: TaskSnapshot) -> type[BodyT]:
        model = self._bodies.of_type(task.type)
        check_applicable(task, model, self._fields, self._context.dialect)
        missing = _missing(model, self._fields)
        if missing:
            raise InvalidArgumentError(
                f"{', '.join(missing)} is needed to {self._bodies.verb} {task.type} tasks such as {task.name!r}"
            )
        return model
