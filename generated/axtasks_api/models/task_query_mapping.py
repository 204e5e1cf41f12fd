# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
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
    decode_list,
    decode_object,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("variable_name", "variable_name", "str", True, False),
    Field("query_ids", "query_ids", "list[str]", True, False),
    Field("attribute_path", "attribute_path", "str", True, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class TaskQueryMapping(ResponseModel):
    """Source of a variable of an evaluator, as stored.

    Attributes:
        variable_name: The variable of the evaluator's template.
        query_ids: Ids of the task's filters whose finds feed the variable; an empty list means any of them.
        attribute_path: The attribute path within what was found.
    """

    variable_name: str
    query_ids: list[str]
    attribute_path: str
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "variable_name"):
            result["variable_name"] = self.variable_name
        if has(self, "query_ids"):
            result["query_ids"] = list(self.query_ids)
        if has(self, "attribute_path"):
            result["attribute_path"] = self.attribute_path
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
                _result.variable_name = _data["variable_name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["query_ids"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.query_ids = _raw if isinstance(_raw, list) else decode_list(_raw)
            try:
                _result.attribute_path = _data["attribute_path"]
            except KeyError:
                _absent += leave_out(_result)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 3:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
