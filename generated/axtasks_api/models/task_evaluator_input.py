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
    decode_list,
    decode_map,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_query_mapping_input import TaskQueryMappingInput

_FIELDS = (
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("query_filter", "query_filter", "str | None", False, True),
    Field("column_mappings", "column_mappings", "dict[str, str] | None", False, True),
    Field("evaluator_version_id", "evaluator_version_id", "str | None", False, True),
    Field("query_mappings", "query_mappings", "list[TaskQueryMappingInput] | None", False, True),
)


@_cache
def _task_query_mapping_input_decoder() -> Callable[[Any], TaskQueryMappingInput]:
    from ..models.task_query_mapping_input import TaskQueryMappingInput

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryMappingInput.from_dict


@_define
class TaskEvaluatorInput(Model):
    """An evaluator to attach to a task.

    Attributes:
        evaluator_id: Identifier of the evaluator; at most once in a list.
        query_filter: Filter for this evaluator, on top of the task's own.
        column_mappings: Template variable to column or attribute path.
        evaluator_version_id: The version of this evaluator to use; the latest one when null or left out.
        query_mappings: Sources of the variables, over traces or sessions; excludes query_filter and column_mappings.
    """

    evaluator_id: str
    query_filter: str | None | Unset = UNSET
    column_mappings: dict[str, str] | None | Unset = UNSET
    evaluator_version_id: str | None | Unset = UNSET
    query_mappings: list[TaskQueryMappingInput] | None | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["evaluator_id"] = self.evaluator_id
        if not isinstance(self.query_filter, Unset):
            result["query_filter"] = self.query_filter
        if not isinstance(self.column_mappings, Unset):
            result["column_mappings"] = None if self.column_mappings is None else dict(self.column_mappings)
        if not isinstance(self.evaluator_version_id, Unset):
            result["evaluator_version_id"] = self.evaluator_version_id
        if not isinstance(self.query_mappings, Unset):
            result["query_mappings"] = (
                None if self.query_mappings is None else [item.to_dict(spelling) for item in self.query_mappings]
            )
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
            _at = "evaluator_id"
            _raw = _data[_at]
            evaluator_id: str = decode_text(_raw)
            _at = "query_filter"
            _raw = _data.get(_at, UNSET)
            query_filter: str | None | Unset = UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            _at = "column_mappings"
            _raw = _data.get(_at, UNSET)
            column_mappings: dict[str, str] | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else decode_map(_raw, decode_text)
            )
            _at = "evaluator_version_id"
            _raw = _data.get(_at, UNSET)
            evaluator_version_id: str | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            )
            _at = "query_mappings"
            _raw = _data.get(_at, UNSET)
            query_mappings: list[TaskQueryMappingInput] | None | Unset = (
                UNSET
                if _raw is UNSET
                else None
                if _raw is None
                else decode_list(_raw, _task_query_mapping_input_decoder())
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            evaluator_id=evaluator_id,
            query_filter=query_filter,
            column_mappings=column_mappings,
            evaluator_version_id=evaluator_version_id,
            query_mappings=query_mappings,
        )
