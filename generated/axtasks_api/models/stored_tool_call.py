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
    Members,
    ResponseModel,
    Spelling,
    decode_object,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
)
from ..models.tool_call_type import ToolCallType

if TYPE_CHECKING:
    from ..models.stored_tool_call_function import StoredToolCallFunction

_FIELDS = (
    Field("type", "type", "ToolCallType", True, False),
    Field("function", "function", "StoredToolCallFunction", True, False),
    Field("id", "id", "str", False, False),
)
_TOOL_CALL_TYPE = Members(ToolCallType)


@_cache
def _stored_tool_call_function_decoder() -> Callable[[Any], StoredToolCallFunction]:
    from ..models.stored_tool_call_function import StoredToolCallFunction

    # Bound once: to bind it takes as long as to decode a field.
    return StoredToolCallFunction.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredToolCall(ResponseModel):
    """A call of a tool in a stored message.

    Attributes:
        type: The kind of a tool call.
        function: The function of a stored tool call.
        id: Identifier of the call.
    """

    type: ToolCallType
    function: StoredToolCallFunction
    id: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "type"):
            result["type"] = enum_text(self.type, "ToolCallType", spelling)
        if has(self, "function"):
            result["function"] = self.function.to_dict(spelling)
        if has(self, "id"):
            result["id"] = self.id
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
                _raw = _data["type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.type = _TOOL_CALL_TYPE[_raw] if isinstance(_raw, str) else ToolCallType(_raw)
            try:
                _raw = _data["function"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.function = _stored_tool_call_function_decoder()(_raw)
            if "id" in _data:
                _result.id = _data["id"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 3:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
