# Generated from spec/openapi.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    decode_map,
    decode_object,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("evaluator_name", "evaluator_name", "str", True, False),
    Field("query_filter", "query_filter", "str | None", True, True),
    Field("column_mappings", "column_mappings", "dict[str, str] | None", True, True),
)


@_define(getstate_setstate=False)
class TaskEvaluator(ResponseModel):
    """An evaluator as it is attached to a task.

    Attributes:
        evaluator_id: Identifier of the evaluator.
        evaluator_name: Name of the evaluator, filled in by the server.
        query_filter: Filter for this evaluator, on top of the task's own.
        column_mappings: Template variable to column or attribute path.
    """

    evaluator_id: str
    evaluator_name: str
    query_filter: str | None
    column_mappings: dict[str, str] | None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["evaluator_id"] = self.evaluator_id
        result["evaluator_name"] = self.evaluator_name
        result["query_filter"] = self.query_filter
        result["column_mappings"] = None if self.column_mappings is None else dict(self.column_mappings)
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
            _result.evaluator_id = _data["evaluator_id"]
            _result.evaluator_name = _data["evaluator_name"]
            try:
                _result.query_filter = _data["query_filter"]
            except KeyError:
                _result.query_filter = None
                _absent += 1
            try:
                _raw = _data["column_mappings"]
            except KeyError:
                _result.column_mappings = None
                _absent += 1
            else:
                _result.column_mappings = None if _raw is None else _raw if isinstance(_raw, dict) else decode_map(_raw)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 4:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
