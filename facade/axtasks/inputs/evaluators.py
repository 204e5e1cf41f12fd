"""Turn the `evaluators` argument into models to send."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.codec import DecodeError

from axtasks.contract.dialect import is_newer
from axtasks.errors import InvalidArgumentError
from axtasks.resolution.ids import expect_id
from axtasks.resolution.kinds import EVALUATOR
from axtasks.resolution.resolver import check_reference, resolve_all
from axtasks.validation import items, plain, text

from .models import check_sendable, without_unknown_fields

if TYPE_CHECKING:
    from axtasks_api.models import TaskEvaluator, TaskEvaluatorInput

    from axtasks.contract.dialect import Dialect
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow

    # A name, an id, a model to send, one that was received, or a dict with the fields of either.
    EvaluatorLike = str | TaskEvaluatorInput | TaskEvaluator | Mapping[str, Any]


EVALUATOR_VERSION = "evaluator version"


def check_evaluators(evaluators: object, dialect: Dialect) -> list[TaskEvaluatorInput]:
    """Check the `evaluators` argument, without a request, and return models, which may have names in place of ids."""
    given = items("evaluators", evaluators)
    if not given:
        raise InvalidArgumentError("evaluators needs at least one entry")
    checked = [_check(f"evaluators[{index}]", item, dialect) for index, item in enumerate(given)]
    _refuse_duplicates(checked)
    return checked


def resolve_evaluators(
    context: ClientContext, evaluators: Sequence[TaskEvaluatorInput], *, space: str | None
) -> Flow[list[TaskEvaluatorInput]]:
    """Return copies of checked evaluators with names resolved to ids."""
    ids = yield from resolve_all(context, EVALUATOR, [item.evaluator_id for item in evaluators], space=space)
    resolved = [copy.copy(item) for item in evaluators]
    for item, evaluator_id in zip(resolved, ids, strict=True):
        item.evaluator_id = evaluator_id
    _refuse_duplicates(resolved)
    return resolved


def _check(name: str, item: object, dialect: Dialect) -> TaskEvaluatorInput:
    if isinstance(item, str):
        evaluator = models.TaskEvaluatorInput(evaluator_id=item)
    elif isinstance(item, models.TaskEvaluatorInput):
        evaluator = check_sendable(name, item)
    elif isinstance(item, models.TaskEvaluator):
        evaluator = _from_dict(name, without_unknown_fields(item).to_dict(), dialect)
    elif isinstance(item, Mapping):
        evaluator = _from_dict(name, item, dialect)
    else:
        raise InvalidArgumentError(
            f"{name} has to be a name, an id, a TaskEvaluatorInput or a dict, not {type(item).__name__}"
        )
    check_reference(EVALUATOR, text(name, evaluator.evaluator_id))
    if evaluator.evaluator_version_id:
        expect_id(text(f"{name}.evaluator_version_id", evaluator.evaluator_version_id), EVALUATOR_VERSION)
    return evaluator


def _from_dict(name: str, data: Mapping[str, Any], dialect: Dialect) -> TaskEvaluatorInput:
    """Return the model for a dict, without nulls and the fields that only the server fills in."""
    model = models.TaskEvaluatorInput
    sendable = [field.json_name for field in model.fields()]
    server_fields = {field.json_name for field in models.TaskEvaluator.fields()}.difference(sendable)
    fields = {key: value for key, value in data.items() if value is not None and key not in server_fields}
    for key in fields:
        if key not in sendable:
            near = get_close_matches(str(key), [field for field in sendable if not dialect.lacks(model, field)], n=1)
            known = dialect.list_names((field, is_newer(model.__name__, field)) for field in sendable)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {known}"
            raise InvalidArgumentError(f"{name}: {key}: is not a known field; {hint}")
    try:
        return model.from_dict(plain(fields))
    except DecodeError as error:
        raise InvalidArgumentError(f"{name}: {error}") from error


def _refuse_duplicates(evaluators: Sequence[TaskEvaluatorInput]) -> None:
    references = [item.evaluator_id for item in evaluators]
    for reference in references:
        if references.count(reference) > 1:
            raise InvalidArgumentError(f"evaluators: {reference!r} stands there more than once")
