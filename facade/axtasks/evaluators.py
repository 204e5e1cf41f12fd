"""From what a caller gives as evaluators to what is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.codec import DecodeError

from .effects import Flow, together
from .errors import InvalidArgumentError
from .ids import expect_id
from .resolve import EVALUATOR, resolve

if TYPE_CHECKING:
    from axtasks_api.models import TaskEvaluator, TaskEvaluatorInput

    from .core import Core

    # A name, an id, a model to send, one that was received, or a dict with the fields of either.
    EvaluatorLike = str | TaskEvaluatorInput | TaskEvaluator | Mapping[str, Any]


def check_evaluators(evaluators: object) -> list[str | TaskEvaluatorInput]:
    """The evaluators as names, ids or models, once no request is needed to see that they can be meant.

    Raises:
        InvalidArgumentError: there is none, one is not an evaluator, or one stands there twice.
    """
    if isinstance(evaluators, str | Mapping) or not isinstance(evaluators, Sequence):
        raise InvalidArgumentError(f"evaluators has to be a list, not {type(evaluators).__name__}")
    if not evaluators:
        raise InvalidArgumentError("evaluators needs at least one entry")
    checked = [_check(f"evaluators[{index}]", item) for index, item in enumerate(evaluators)]
    _refuse_twice([item if isinstance(item, str) else item.evaluator_id for item in checked])
    return checked


def resolve_evaluators(
    core: Core, evaluators: Sequence[str | TaskEvaluatorInput], *, space: str | None
) -> Flow[list[TaskEvaluatorInput]]:
    """The evaluators as models to send, with names turned into ids.

    Args:
        core: the client's settings.
        evaluators: what `check_evaluators` returned.
        space: name or id of the space to look names up in.
    """
    names = [item for item in evaluators if isinstance(item, str)]
    ids = yield from together([resolve(core, EVALUATOR, name, space=space) for name in names])
    by_name = dict(zip(names, ids, strict=True))
    ready = [models.TaskEvaluatorInput(by_name[item]) if isinstance(item, str) else item for item in evaluators]
    _refuse_twice([item.evaluator_id for item in ready])
    return ready


def _check(where: str, item: object) -> str | TaskEvaluatorInput:
    if isinstance(item, str):
        if not item:
            raise InvalidArgumentError(f"{where} must not be empty")
        return item
    if isinstance(item, models.TaskEvaluatorInput):
        ready = item
    elif isinstance(item, models.TaskEvaluator):
        ready = _without_server_fields(where, item.to_dict())
    elif isinstance(item, Mapping):
        ready = _without_server_fields(where, item)
    else:
        raise InvalidArgumentError(
            f"{where} has to be a name, an id, a models.TaskEvaluatorInput or a dict, not {type(item).__name__}"
        )
    expect_id(ready.evaluator_id, EVALUATOR.noun)
    return ready


def _without_server_fields(where: str, data: Mapping[str, Any]) -> TaskEvaluatorInput:
    """The model to send that a dict makes, be it written by hand or received."""
    sendable = {field.json_name for field in models.TaskEvaluatorInput.fields()}
    filled_in = {field.json_name for field in models.TaskEvaluator.fields()} - sendable
    try:
        return models.TaskEvaluatorInput.from_dict(
            {key: value for key, value in data.items() if value is not None and key not in filled_in}
        )
    except DecodeError as error:
        raise InvalidArgumentError(f"{where}: {error}") from error


def _refuse_twice(identifiers: Sequence[str]) -> None:
    for identifier in identifiers:
        if identifiers.count(identifier) > 1:
            raise InvalidArgumentError(f"evaluators: {identifier!r} stands there more than once")
