"""Turn the `evaluators` argument into models to send."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from axtasks_api_beta import models
from axtasks_api_beta.codec import DecodeError

from axtasks.contract.dialect import is_newer
from axtasks.errors import InvalidArgumentError
from axtasks.resolution.ids import expect_id
from axtasks.resolution.kinds import EVALUATOR
from axtasks.resolution.resolver import check_reference, resolve_all
from axtasks.validation import text

from .models import check_sendable, without_unknown_fields

if TYPE_CHECKING:
    from axtasks_api_beta.models import TaskEvaluator, TaskEvaluatorInput

    from axtasks.contract.dialect import Dialect
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow

    # A name, an id, a model to send, one that was received, or a dict with the fields of either.
    EvaluatorLike = str | TaskEvaluatorInput | TaskEvaluator | Mapping[str, Any]


EVALUATOR_VERSION = "evaluator version"


def check_evaluators(evaluators: object, dialect: Dialect) -> list[TaskEvaluatorInput]:
    """The evaluators as models, once no request is needed to see that they can be meant; names still stand for ids.

    Args:
        evaluators: what the caller gave.
        dialect: the dialect in use, whose fields are told where one is unknown.

    Raises:
        InvalidArgumentError: there is none, one is not an evaluator, or one stands there twice.
    """
    if isinstance(evaluators, str | Mapping) or not isinstance(evaluators, Sequence):
        raise InvalidArgumentError(f"evaluators has to be a list, not {type(evaluators).__name__}")
    if not evaluators:
        raise InvalidArgumentError("evaluators needs at least one entry")
    checked = [_check(f"evaluators[{index}]", item, dialect) for index, item in enumerate(evaluators)]
    _refuse_twice(checked)
    return checked


def resolve_evaluators(
    context: ClientContext, evaluators: Sequence[TaskEvaluatorInput], *, space: str | None
) -> Flow[list[TaskEvaluatorInput]]:
    """The evaluators as models to send, with names turned into ids.

    Args:
        context: the client's settings.
        evaluators: what `check_evaluators` returned.
        space: name or id of the space to look names up in.
    """
    ids = yield from resolve_all(context, EVALUATOR, [item.evaluator_id for item in evaluators], space=space)
    ready = [copy.copy(item) for item in evaluators]
    for item, evaluator_id in zip(ready, ids, strict=True):
        item.evaluator_id = evaluator_id
    _refuse_twice(ready)
    return ready


def _check(where: str, item: object, dialect: Dialect) -> TaskEvaluatorInput:
    if isinstance(item, str):
        ready = models.TaskEvaluatorInput(evaluator_id=item)
    elif isinstance(item, models.TaskEvaluatorInput):
        ready = check_sendable(where, item)
    elif isinstance(item, models.TaskEvaluator):
        ready = _without_server_fields(where, without_unknown_fields(item).to_dict(), dialect)
    elif isinstance(item, Mapping):
        ready = _without_server_fields(where, item, dialect)
    else:
        raise InvalidArgumentError(
            f"{where} has to be a name, an id, a TaskEvaluatorInput or a dict, not {type(item).__name__}"
        )
    check_reference(EVALUATOR, text(where, ready.evaluator_id))
    if ready.evaluator_version_id:
        expect_id(text(f"{where}.evaluator_version_id", ready.evaluator_version_id), EVALUATOR_VERSION)
    return ready


def _without_server_fields(where: str, data: Mapping[str, Any], dialect: Dialect) -> TaskEvaluatorInput:
    """The model to send that a dict makes, be it written by hand or received."""
    model = models.TaskEvaluatorInput
    check_sendable = [field.json_name for field in model.fields()]
    filled_in = {field.json_name for field in models.TaskEvaluator.fields()}.difference(check_sendable)
    given = {key: value for key, value in data.items() if value is not None and key not in filled_in}
    for key in given:
        if key not in check_sendable:
            near = get_close_matches(str(key), [name for name in check_sendable if not dialect.lacks(model, name)], n=1)
            known = dialect.named((name, is_newer(model.__name__, name)) for name in check_sendable)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {known}"
            raise InvalidArgumentError(f"{where}: {key}: is not a known field; {hint}")
    try:
        return model.from_dict(given)
    except DecodeError as error:
        raise InvalidArgumentError(f"{where}: {error}") from error


def _refuse_twice(evaluators: Sequence[TaskEvaluatorInput]) -> None:
    references = [item.evaluator_id for item in evaluators]
    for reference in references:
        if references.count(reference) > 1:
            raise InvalidArgumentError(f"evaluators: {reference!r} stands there more than once")
