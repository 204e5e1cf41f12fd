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
    Model,
    Spelling,
    decode_object,
    enum_text,
    reason_of,
)
from ..models.tool_call_type import ToolCallType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stored_tool_call_function import StoredToolCallFunction

_FIELDS = (
    Field("type", "type", "ToolCallType", True, False),
    Field("function", "function", "StoredToolCallFunction", True, False),
    Field("id", "id", "str", False, False),
)


@_define
class StoredToolCall(Model):
    """A call of a tool in a stored message.

    Attributes:
        type: The kind of a tool call.
        function: The function of a stored tool call.
        id: Identifier of the call.
    """

    type: ToolCallType
    function: StoredToolCallFunction
    id: str | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The fields of this model, in the order of the contract."""
        return _FIELDS

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["type"] = enum_text(self.type, "ToolCallType", spelling)
        result["function"] = self.function.to_dict(spelling)
        if not isinstance(self.id, Unset):
            result["id"] = self.id
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.stored_tool_call_function import StoredToolCallFunction

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "type"
            _raw = _data.pop(_at)
            type: ToolCallType = ToolCallType(_raw)
            _at = "function"
            _raw = _data.pop(_at)
            function: StoredToolCallFunction = StoredToolCallFunction.from_dict(_raw)
            _at = "id"
            _raw = _data.pop(_at, UNSET)
            id: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            type=type,
            function=function,
            id=id,
        )
        _result.additional_properties = _data
        return _result
