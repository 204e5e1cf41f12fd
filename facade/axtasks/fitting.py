"""Which body fits a task: told by its type where that is known, else by the fields, else by what the server says."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta.api.tasks import get_task

from .dispatch import check_applicable, fields_of, trigger_model, trigger_models, update_model, update_models
from .effects import Flow, now, send
from .errors import AxError, BadRequestError, InvalidArgumentError, ResolutionError, UnprocessableEntityError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from axtasks_api_beta.codec import Model
    from axtasks_api_beta.models import TaskType

    from .core import Core
    from .dispatch import TriggerBody, UpdateBody
    from .facts import TaskFacts

BodyT = TypeVar("BodyT", bound="Model")
R = TypeVar("R")


class Bodies(NamedTuple, Generic[BodyT]):
    """The bodies of an operation whose body depends on the task's type.

    Attributes:
        verb: what the operation does, for messages.
        all: the class of each body.
        of_type: the class for tasks of a type.
    """

    verb: str
    all: Callable[[], Sequence[type[BodyT]]]
    of_type: Callable[[TaskType], type[BodyT]]


UPDATES: Bodies[UpdateBody] = Bodies("update", update_models, update_model)
TRIGGERS: Bodies[TriggerBody] = Bodies("trigger", trigger_models, trigger_model)


class Fit(Generic[BodyT]):
    """The body that a write to a task takes.

    Args:
        core: what the flows of the client share.
        bodies: the bodies there are.
        task_id: the id of the task.
        given: the fields to send, by name.
    """

    def __init__(self, core: Core, bodies: Bodies[BodyT], task_id: str, given: Mapping[str, Any]) -> None:
        self._core = core
        self._bodies = bodies
        self._task_id = task_id
        self._given = given
        # The task as it was last seen before the write; None where the fields alone told the body.
        self.facts: TaskFacts | None = core.tasks.of(task_id)

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

    def _read(self) -> Flow[TaskFacts]:
        moment = yield from now()
        return self._core.tasks.note((yield from send(get_task.operation, self._task_id)), moment=moment)

    def _by_fields(self) -> type[BodyT] | None:
        """The first class that has all the fields, and needs no others."""
        for model in self._bodies.all():
            names = fields_of(model, self._core.dialect)
            if all(name in names for name in self._given) and not _missing(model, self._given):
                return model
        return None

    def _by_type(self, facts: TaskFacts) -> type[BodyT]:
        model = self._bodies.of_type(facts.type)
        check_applicable(facts, model, self._given, self._core.dialect)
        missing = _missing(model, self._given)
        if missing:
            raise InvalidArgumentError(
                f"{', '.join(missing)} is needed to {self._bodies.verb} {facts.type} tasks such as {facts.name!r}"
            )
        return model


def _missing(model: type[Model], given: Mapping[str, Any]) -> list[str]:
    """The fields that a body needs besides."""
    return [field.name for field in model.fields() if field.required and field.name not in given]
