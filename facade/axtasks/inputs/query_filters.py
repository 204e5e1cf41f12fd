"""Turn the `query_filters` argument into a model to send, and check it against the evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.codec import DecodeError
from axtasks_api.types import Unset

from axtasks.errors import InvalidArgumentError
from axtasks.validation import plain

from .models import check_sendable, without_unknown_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api.models import TaskEvaluatorInput, TaskQueryFilters, TaskQueryFiltersInput

    # A model to send, one that was received, or a dict with the fields of either.
    QueryFiltersLike = TaskQueryFiltersInput | TaskQueryFilters | Mapping[str, Any]


def check_query_filters(name: str, value: object) -> TaskQueryFiltersInput:
    """Return named filters, given as a model or a dict, as a model to send."""
    if isinstance(value, models.TaskQueryFiltersInput):
        return check_sendable(name, value)
    if isinstance(value, models.TaskQueryFilters):
        value = without_unknown_fields(value).to_dict()
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{name} has to be TaskQueryFiltersInput or a dict, not {type(value).__name__}")
    try:
        return models.TaskQueryFiltersInput.from_dict(
            plain({key: item for key, item in value.items() if item is not None})
        )
    except DecodeError as error:
        raise InvalidArgumentError(f"{name}: {error}") from error


def check_filter_scope(
    evaluators: Sequence[TaskEvaluatorInput], *, query_filter: object, query_filters: object, is_new: bool
) -> None:
    """Raise InvalidArgumentError if some of the arguments are for spans, and some for traces and sessions.

    `is_new` is True if the request creates a task; a task that is updated may have named filters already.
    """
    if not _is_none(query_filter) and not _is_none(query_filters):
        raise InvalidArgumentError("query_filter and query_filters exclude each other: give one")
    for index, item in enumerate(evaluators):
        has_mappings = not _is_none(item.query_mappings)
        if has_mappings and not (_is_none(item.query_filter) and _is_none(item.column_mappings)):
            raise InvalidArgumentError(f"evaluators[{index}]: query_mappings excludes query_filter and column_mappings")
        if has_mappings and is_new and _is_none(query_filters):
            raise InvalidArgumentError(f"evaluators[{index}]: query_mappings needs the task to have query_filters")
        if not has_mappings and not _is_none(query_filters):
            raise InvalidArgumentError(f"evaluators[{index}]: a task with query_filters needs query_mappings here")


def _is_none(value: object) -> bool:
    return value is None or isinstance(value, Unset)
