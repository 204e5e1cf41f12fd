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
    decode_list,
    decode_object,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
)
from ..models.message_role import MessageRole

if TYPE_CHECKING:
    from ..models.stored_tool_call import StoredToolCall

_FIELDS = (
    Field("role", "role", "MessageRole", True, False),
    Field("content", "content", "str | None", False, True),
    Field("tool_call_id", "tool_call_id", "str", False, False),
    Field("tool_calls", "tool_calls", "list[StoredToolCall]", False, False),
)
_MESSAGE_ROLE = Members(MessageRole)


@_cache
def _stored_tool_call_decoder() -> Callable[[Any], StoredToolCall]:
    from ..models.stored_tool_call import StoredToolCall

    # Bound once: to bind it takes as long as to decode a field.
    return StoredToolCall.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredLLMMessage(ResponseModel):
    """A message of a stored prompt.

    Attributes:
        role: The sender of a message.
        content: The text.
        tool_call_id: The tool call that this message answers.
        tool_calls: Calls that the assistant made.
    """

    role: MessageRole
    content: str | None = None
    tool_call_id: str | None = None
    tool_calls: list[StoredToolCall] | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "role"):
            result["role"] = enum_text(self.role, "MessageRole", spelling)
        if has(self, "content"):
            result["content"] = self.content
        if has(self, "tool_call_id"):
            result["tool_call_id"] = self.tool_call_id
        if has(self, "tool_calls"):
            result["tool_calls"] = (
                None if self.tool_calls is None else [item.to_dict(spelling) for item in self.tool_calls]
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
                _raw = _data["role"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.role = _MESSAGE_ROLE[_raw] if isinstance(_raw, str) else MessageRole(_raw)
            if "content" in _data:
                _result.content = _data["content"]
            else:
                _absent += 1
            if "tool_call_id" in _data:
                _result.tool_call_id = _data["tool_call_id"]
            else:
                _absent += 1
            if "tool_calls" in _data:
                _result.tool_calls = decode_list(_data["tool_calls"], _stored_tool_call_decoder())
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 4:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
