# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Literal, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    constant_text,
    decode_bool,
    decode_constant,
    decode_list,
    decode_number,
    decode_object,
    decode_text,
    either_spelling,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_evaluator_input import TaskEvaluatorInput
    from ..models.task_query_filters_input import TaskQueryFiltersInput

_FIELDS = (
    Field("name", "name", "str", True, False),
    Field("type", "type", "Literal['code_evaluation']", True, False, "code_evaluation"),
    Field("evaluators", "evaluators", "list[TaskEvaluatorInput]", True, False),
    Field("project_id", "project_id", "str", False, False),
    Field("dataset_id", "dataset_id", "str", False, False),
    Field("experiment_ids", "experiment_ids", "list[str]", False, False),
    Field("sampling_rate", "sampling_rate", "float", False, False),
    Field("is_continuous", "is_continuous", "bool", False, False),
    Field("query_filter", "query_filter", "str", False, False),
    Field("query_filters", "query_filters", "TaskQueryFiltersInput", False, False),
)
_TYPE_CONSTANT: Literal["code_evaluation"] = either_spelling("code_evaluation", "CreateCodeEvaluationTaskRequest.type")


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
class CreateCodeEvaluationTaskRequest(Model):
    """A code_evaluation task to create, over a project or over experiments of a dataset.

    Attributes:
        name: Name of the task, unique within its space.
        type: Says that this is a code_evaluation task.
        evaluators: The evaluators to attach.
        project_id: The project whose spans are evaluated; excludes dataset_id.
        dataset_id: The dataset whose experiments are evaluated; excludes project_id.
        experiment_ids: The experiments to evaluate; at least one with a dataset, none with a project.
        sampling_rate: The share of spans to evaluate; only with a project.
        is_continuous: True if incoming data is evaluated as it comes; only with a project.
        query_filter: Filter on all data of the task.
        query_filters: Named filters of a task over traces or sessions, and how they are combined.
    """

    name: str
    evaluators: list[TaskEvaluatorInput]
    type: Literal["code_evaluation"] = _TYPE_CONSTANT
    project_id: str | Unset = UNSET
    dataset_id: str | Unset = UNSET
    experiment_ids: list[str] | Unset = UNSET
    sampling_rate: float | Unset = UNSET
    is_continuous: bool | Unset = UNSET
    query_filter: str | Unset = UNSET
    query_filters: TaskQueryFiltersInput | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["name"] = self.name
        result["type"] = constant_text(self.type, "CreateCodeEvaluationTaskRequest.type", spelling)
        result["evaluators"] = [item.to_dict(spelling) for item in self.evaluators]
        if not isinstance(self.project_id, Unset):
            result["project_id"] = self.project_id
        if not isinstance(self.dataset_id, Unset):
            result["dataset_id"] = self.dataset_id
        if not isinstance(self.experiment_ids, Unset):
            result["experiment_ids"] = list(self.experiment_ids)
        if not isinstance(self.sampling_rate, Unset):
            result["sampling_rate"] = self.sampling_rate
        if not isinstance(self.is_continuous, Unset):
            result["is_continuous"] = self.is_continuous
        if not isinstance(self.query_filter, Unset):
            result["query_filter"] = self.query_filter
        if not isinstance(self.query_filters, Unset):
            result["query_filters"] = self.query_filters.to_dict(spelling)
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
            _raw = _data[_at]
            name: str = decode_text(_raw)
            _at = "type"
            _raw = _data[_at]
            if _raw is not UNSET:
                decode_constant(_raw, "code_evaluation", "CreateCodeEvaluationTaskRequest.type")
            _at = "evaluators"
            _raw = _data[_at]
            evaluators: list[TaskEvaluatorInput] = decode_list(_raw, _task_evaluator_input_decoder())
            _at = "project_id"
            _raw = _data.get(_at, UNSET)
            project_id: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "dataset_id"
            _raw = _data.get(_at, UNSET)
            dataset_id: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "experiment_ids"
            _raw = _data.get(_at, UNSET)
            experiment_ids: list[str] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, decode_text)
            )
            _at = "sampling_rate"
            _raw = _data.get(_at, UNSET)
            sampling_rate: float | Unset = UNSET if _raw is None or _raw is UNSET else decode_number(_raw)
            _at = "is_continuous"
            _raw = _data.get(_at, UNSET)
            is_continuous: bool | Unset = UNSET if _raw is None or _raw is UNSET else decode_bool(_raw)
            _at = "query_filter"
            _raw = _data.get(_at, UNSET)
            query_filter: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "query_filters"
            _raw = _data.get(_at, UNSET)
            query_filters: TaskQueryFiltersInput | Unset = (
                UNSET if _raw is None or _raw is UNSET else _task_query_filters_input_decoder()(_raw)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            name=name,
            evaluators=evaluators,
            project_id=project_id,
            dataset_id=dataset_id,
            experiment_ids=experiment_ids,
            sampling_rate=sampling_rate,
            is_continuous=is_continuous,
            query_filter=query_filter,
            query_filters=query_filters,
        )
