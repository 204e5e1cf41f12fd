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
    decode_known,
    decode_object,
    decode_text,
    enum_text,
    reason_of,
    refuse_unknown,
)
from ..models.tool_call_type import ToolCallType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.tool_call_function import ToolCallFunction

_FIELDS = (
    Field("type", "type", "ToolCallType", True, False),
    Field("function", "function", "ToolCallFunction", True, False),
    Field("id", "id", "str", False, False),
)


@_cache
def _tool_call_function_decoder() -> Callable[[Any], ToolCallFunction]:
    from ..models.tool_call_function import ToolCallFunction

    # Bound once: to bind it takes as long as to decode a field.
    return ToolCallFunction.from_dict


@_define
class ToolCall(Model):
    """A call of a tool in a message.

    Attributes:
        type: The kind of a tool call.
        function: The function that is called.
        id: Identifier of the call.
    """

    type: ToolCallType
    function: ToolCallFunction
    id: str | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["type"] = enum_text(self.type, "ToolCallType", spelling)
        result["function"] = self.function.to_dict(spelling)
        if not isinstance(self.id, Unset):
            result["id"] = self.id
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
            _at = "type"
            _raw = _data[_at]
            type: ToolCallType = decode_known(ToolCallType, _raw)
            _at = "function"
            _raw = _data[_at]
            function: ToolCallFunction = _tool_call_function_decoder()(_raw)
            _at = "id"
            _raw = _data.get(_at, UNSET)
            id: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            type=type,
            function=function,
            id=id,
        )
