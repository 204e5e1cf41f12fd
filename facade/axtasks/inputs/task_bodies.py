"""Choose the request body that fits a task, by its type or by the fields that are given."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta import models
from axtasks_api_beta.api.tasks import get_task

from axtasks.engine.effects import Flow, now, send
from axtasks.errors import (
    AxError,
    BadRequestError,
    InvalidArgumentError,
    NotApplicableError,
    ResolutionError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api_beta.codec import Model
    from axtasks_api_beta.models import (
        CreateCodeEvaluationTaskRequest,
        CreateTemplateEvaluationTaskRequest,
        TaskType,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
        UpdateEvaluationTaskRequest,
        UpdateRunExperimentTaskRequest,
    )

    from axtasks.contract.dialect import Dialect
    from axtasks.engine.caches import TaskSnapshot

    ModelT = TypeVar("ModelT", bound=Model)
    EvaluationBody = CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest
    UpdateBody = UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest
    TriggerBody = TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest
    from collections.abc import Callable

    from axtasks.engine.context import ClientContext

BodyT = TypeVar("BodyT", bound="Model")
R = TypeVar("R")

# Fields that depend on what an evaluation task works on, by the attribute that says so.
ONLY_OVER_PROJECT = ("sampling_rate", "is_continuous", "data_start_time", "data_end_time")
ONLY_OVER_DATASET = ("experiment_ids",)


def evaluation_types() -> list[TaskType]:
    """The task types that evaluate."""
    return [models.TaskType.TEMPLATE_EVALUATION, models.TaskType.CODE_EVALUATION]


def create_model(
    task_type: TaskType,
) -> type[CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest]:
    """The body that creates evaluation tasks of a type."""
    template = task_type is models.TaskType.TEMPLATE_EVALUATION
    return models.CreateTemplateEvaluationTaskRequest if template else models.CreateCodeEvaluationTaskRequest


def update_models() -> Sequence[type[UpdateBody]]:
    """The bodies that update tasks, one of which fits each type."""
    return (models.UpdateEvaluationTaskRequest, models.UpdateRunExperimentTaskRequest)


def update_model(task_type: TaskType) -> type[UpdateBody]:
    """The body that updates tasks of a type."""
    return update_models()[0 if _evaluates(task_type) else 1]


def trigger_models() -> Sequence[type[TriggerBody]]:
    """The bodies that trigger tasks, one of which fits each type."""
    return (models.TriggerEvaluationTaskRunRequest, models.TriggerRunExperimentTaskRunRequest)


def trigger_model(task_type: TaskType) -> type[TriggerBody]:
    """The body that triggers tasks of a type."""
    return trigger_models()[0 if _evaluates(task_type) else 1]


def build_body(model: type[ModelT], fields: Mapping[str, Any]) -> ModelT:
    """The body with these fields; their values were checked before."""
    return model(**fields)


def fields_of(model: type[Model], dialect: Dialect) -> list[str]:
    """The fields that a body has in the dialect in use."""
    return [field.name for field in model.fields() if not dialect.lacks(model, field.name)]


def check_applicable(task: TaskSnapshot, model: type[Model], given: Mapping[str, Any], dialect: Dialect) -> None:
    """Nothing, once all given fields apply to the task (rules C15, C19, C21, C29, C30).

    Args:
        task: the task as it was last seen.
        model: the body that fits its type.
        given: the fields that would be sent, by name.
        dialect: the dialect of the contract that they would be sent in.

    Raises:
        NotInContractError: the dialect does not have all of them.
        NotApplicableError: some do not; names them, the type, and what would be valid.
    """
    dialect.refuse(model.__name__, given)
    of_type = fields_of(model, dialect)
    _refuse(task, [name for name in given if name not in of_type], of_type, f"{task.type} tasks")
    if not _evaluates(task.type):
        return
    over_dataset = task.dataset_id is not None
    excluded = ONLY_OVER_PROJECT if over_dataset else ONLY_OVER_DATASET
    valid = [name for name in of_type if name not in excluded]
    kind = f"{task.type} tasks over a {'dataset' if over_dataset else 'project'}"
    # `is_continuous: false` says what holds over a dataset anyway.
    _refuse(task, [name for name, value in given.items() if name in excluded and value is not False], valid, kind)


def _refuse(task: TaskSnapshot, fields: Sequence[str], valid: Sequence[str], kind: str) -> None:
    if fields:
        verb = "does" if len(fields) == 1 else "do"
        raise NotApplicableError(
            f"{', '.join(fields)} {verb} not apply to {kind} such as {task.name!r}; valid are {', '.join(valid)}",
            fields=fields,
            task_type=task.type,
            valid=valid,
        )


def _evaluates(task_type: TaskType) -> bool:
    """Whether a task type evaluates.

    Raises:
        NotApplicableError: this version does not know the type, so it cannot say what applies.
    """
    if not task_type.is_known:
        raise NotApplicableError(
            f"this version does not know tasks of type {task_type!s}, so it cannot tell which fields apply: upgrade"
            " ax-tasks",
            fields=(),
            task_type=task_type,
            valid=(),
        )
    return task_type in evaluation_types()


class BodyVariants(NamedTuple, Generic[BodyT]):
    """The bodies of an operation whose body depends on the task's type.

    Attributes:
        verb: what the operation does, for messages.
        all: the class of each body.
        of_type: the class for tasks of a type.
    """

    verb: str
    all: Callable[[], Sequence[type[BodyT]]]
    of_type: Callable[[TaskType], type[BodyT]]


UPDATES: BodyVariants[UpdateBody] = BodyVariants("update", update_models, update_model)
TRIGGERS: BodyVariants[TriggerBody] = BodyVariants("trigger", trigger_models, trigger_model)


class TaskBodySelector(Generic[BodyT]):
    """The body that a write to a task takes.

    Args:
        context: what the flows of the client share.
        bodies: the bodies there are.
        task_id: the id of the task.
        given: the fields to send, by name.
    """

    def __init__(
        self, context: ClientContext, bodies: BodyVariants[BodyT], task_id: str, given: Mapping[str, Any]
    ) -> None:
        self._context = context
        self._bodies = bodies
        self._task_id = task_id
        self._given = given
        # The task as it was last seen before the write; None where the fields alone told the body.
        self.facts: TaskSnapshot | None = context.tasks.of(task_id)

    def model(self) -> Flow[type[BodyT]]:
        """The class of the body. The task is read only where none seems to fit, or none can be told by the fields.

        Raises:
            NotApplicableError: a field does not apply to the task; nothing was written.
            InvalidArgumentError: a field is missing; nothing was written.
        """
        if self.facts is None:
            fitting = self._by_fields()
            if fitting is not None:
                return fitting
        else:
            # Should it not fit, the task is looked at before anybody is told so: it may be gone since it was seen.
            with suppress(InvalidArgumentError):
                return self._by_type(self.facts)
        self.facts = yield from self._read()
        return self._by_type(self.facts)

    def explaining(self, steps: Flow[R]) -> Flow[R]:
        """The result of writing. Where it is refused, and the task was not seen before, its type may tell why.

        Args:
            steps: writes, and looks up what is needed for that.

        Raises:
            NotApplicableError: a field does not apply to the task; nothing was written.
            InvalidArgumentError: a field is missing; nothing was written.
        """
        try:
            return (yield from steps)
        except (BadRequestError, UnprocessableEntityError, ResolutionError) as refusal:
            if self.facts is not None:
                raise
            try:
                facts = yield from self._read()
            except AxError as error:
                refusal.add_note(f"The task could not be read to find out more: {error}")
                raise refusal from None
            if facts.type.is_known:
                try:
                    self._by_type(facts)
                except InvalidArgumentError as explanation:
                    raise explanation from refusal
            raise

    def _read(self) -> Flow[TaskSnapshot]:
        moment = yield from now()
        return self._context.tasks.note((yield from send(get_task.operation, self._task_id)), moment=moment)

    def _by_fields(self) -> type[BodyT] | None:
        """The first class that has all the fields, and needs no others."""
        for model in self._bodies.all():
            names = fields_of(model, self._context.dialect)
            if all(name in names for name in self._given) and not _missing(model, self._given):
                return model
        return None

    def _by_type(self, facts: TaskSnapshot) -> type[BodyT]:
        model = self._bodies.of_type(facts.type)
        check_applicable(facts, model, self._given, self._context.dialect)
        missing = _missing(model, self._given)
        if missing:
            raise InvalidArgumentError(
                f"{', '.join(missing)} is needed to {self._bodies.verb} {facts.type} tasks such as {facts.name!r}"
            )
        return model


def _missing(model: type[Model], given: Mapping[str, Any]) -> list[str]:
    """The fields that a body needs besides."""
    return [field.name for field in model.fields() if field.required and field.name not in given]
