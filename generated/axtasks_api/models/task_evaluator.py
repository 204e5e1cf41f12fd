# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    ResponseModel,
    Spelling,
    decode_list,
    decode_map,
    decode_object,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    from ..models.task_query_mapping import TaskQueryMapping

_FIELDS = (
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("evaluator_name", "evaluator_name", "str", True, False),
    Field("query_filter", "query_filter", "str | None", True, True),
    Field("column_mappings", "column_mappings", "dict[str, str] | None", True, True),
    Field("evaluator_version_id", "evaluator_version_id", "str | None", False, True),
    Field("query_mappings", "query_mappings", "list[TaskQueryMapping] | None", False, True),
)


@_cache
def _task_query_mapping_decoder() -> Callable[[Any], TaskQueryMapping]:
    from ..models.task_query_mapping import TaskQueryMapping

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryMapping.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class TaskEvaluator(ResponseModel):
    """An evaluator as it is attached to a task.

    Attributes:
        evaluator_id: Identifier of the evaluator.
        evaluator_name: Name of the evaluator, filled in by the server.
        query_filter: Filter for this evaluator, on top of the task's own.
        column_mappings: Template variable to column or attribute path.
        evaluator_version_id: The version the evaluator is pinned to; null where it is always the latest.
        query_mappings: Sources of the variables, over traces or sessions; null otherwise.
    """

    evaluator_id: str
    evaluator_name: str
    query_filter: str | None
    column_mappings: dict[str, str] | None
    evaluator_version_id: str | None = None
    query_mappings: list[TaskQueryMapping] | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "evaluator_id"):
            result["evaluator_id"] = self.evaluator_id
        if has(self, "evaluator_name"):
            result["evaluator_name"] = self.evaluator_name
        if has(self, "query_filter"):
            result["query_filter"] = self.query_filter
        if has(self, "column_mappings"):
            result["column_mappings"] = None if self.column_mappings is None else dict(self.column_mappings)
        if has(self, "evaluator_version_id"):
            result["evaluator_version_id"] = self.evaluator_version_id
        if has(self, "query_mappings"):
            result["query_mappings"] = (
                None if self.query_mappings is None else [item.to_dict(spelling) for item in self.query_mappings]
            )
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object, whose lists and maps become the model's own.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = src_dict if isinstance(src_dict, dict) else decode_object(src_dict)
        # What is decoded needs nothing that the constructor does, and pages are made of many.
        _result = new(cls)
        _absent = 0
        try:
            try:
                _result.evaluator_id = _data["evaluator_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.evaluator_name = _data["evaluator_name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.query_filter = _data["query_filter"]
            except KeyError:
                _absent += 1
            try:
                _raw = _data["column_mappings"]
            except KeyError:
                _absent += 1
            else:
                _result.column_mappings = None if _raw is None else _raw if isinstance(_raw, dict) else decode_map(_raw)
            if "evaluator_version_id" in _data:
                _result.evaluator_version_id = _data["evaluator_version_id"]
            else:
                _absent += 1
            if "query_mappings" in _data:
                _raw = _data["query_mappings"]
                _result.query_mappings = None if _raw is None else decode_list(_raw, _task_query_mapping_decoder())
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 6:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
