# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    decode_bool,
    decode_list,
    decode_number,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_evaluator_input import TaskEvaluatorInput
    from ..models.task_query_filters_input import TaskQueryFiltersInput

_FIELDS = (
    Field("name", "name", "str", False, False),
    Field("sampling_rate", "sampling_rate", "float", False, False),
    Field("is_continuous", "is_continuous", "bool", False, False),
    Field("query_filter", "query_filter", "str | None", False, True),
    Field("evaluators", "evaluators", "list[TaskEvaluatorInput]", False, False),
    Field("query_filters", "query_filters", "TaskQueryFiltersInput | None", False, True),
)


@_cache
def _task_evaluator_input_decoder() -> Callable[[Any], TaskEvaluatorInput]:
    from ..models.task_evaluator_input import TaskEvaluatorInput

    # Bound once: to bind it takes as long as to decode a field.
    return TaskEvaluatorInput.from_dict


@_cache
def _task_query_filters_input_decoder() -> Callable[[Any], TaskQueryFiltersInput]:
    from ..models.task_query_filters_input import TaskQueryFiltersInput

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryFiltersInput.from_dict


@_define
class UpdateEvaluationTaskRequest(Model):
    """Fields of an evaluation task to change.

    Attributes:
        name: The new name, unique within the space.
        sampling_rate: The share of spans to evaluate; only for tasks over a project.
        is_continuous: True if incoming data is evaluated as it comes; only for tasks over a project.
        query_filter: Filter on all data of the task; null clears it.
        evaluators: The whole new list of evaluators.
        query_filters: Named filters, over traces or sessions; null clears them.
    """

    name: str | Unset = UNSET
    sampling_rate: float | Unset = UNSET
    is_continuous: bool | Unset = UNSET
    query_filter: str | None | Unset = UNSET
    evaluators: list[TaskEvaluatorInput] | Unset = UNSET
    query_filters: TaskQueryFiltersInput | None | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.name, Unset):
            result["name"] = self.name
        if not isinstance(self.sampling_rate, Unset):
            result["sampling_rate"] = self.sampling_rate
        if not isinstance(self.is_continuous, Unset):
            result["is_continuous"] = self.is_continuous
        if not isinstance(self.query_filter, Unset):
            result["query_filter"] = self.query_filter
        if not isinstance(self.evaluators, Unset):
            result["evaluators"] = [item.to_dict(spelling) for item in self.evaluators]
        if not isinstance(self.query_filters, Unset):
            result["query_filters"] = None if self.query_filters is None else self.query_filters.to_dict(spelling)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object. Null counts as absent where the contract has no null.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "name"
            _raw = _data.get(_at, UNSET)
            name: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "sampling_rate"
            _raw = _data.get(_at, UNSET)
            sampling_rate: float | Unset = UNSET if _raw is None or _raw is UNSET else decode_number(_raw)
            _at = "is_continuous"
            _raw = _data.get(_at, UNSET)
            is_continuous: bool | Unset = UNSET if _raw is None or _raw is UNSET else decode_bool(_raw)
            _at = "query_filter"
            _raw = _data.get(_at, UNSET)
            query_filter: str | None | Unset = UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            _at = "evaluators"
            _raw = _data.get(_at, UNSET)
            evaluators: list[TaskEvaluatorInput] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, _task_evaluator_input_decoder())
            )
            _at = "query_filters"
            _raw = _data.get(_at, UNSET)
            query_filters: TaskQueryFiltersInput | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else _task_query_filters_input_decoder()(_raw)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            name=name,
            sampling_rate=sampling_rate,
            is_continuous=is_continuous,
            query_filter=query_filter,
            evaluators=evaluators,
            query_filters=query_filters,
        )
