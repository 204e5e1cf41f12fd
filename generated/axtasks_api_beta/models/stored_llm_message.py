# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
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
    decode_list,
    decode_object,
    enum_text,
    reason_of,
)
from ..models.message_role import MessageRole
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stored_tool_call import StoredToolCall

_FIELDS = (
    Field("role", "role", "MessageRole", True, False),
    Field("content", "content", "str | None", False, True),
    Field("tool_call_id", "tool_call_id", "str", False, False),
    Field("tool_calls", "tool_calls", "list[StoredToolCall]", False, False),
)


@_define
class StoredLLMMessage(Model):
    """A message of a stored prompt.

    Attributes:
        role: Who speaks in a message.
        content: The text.
        tool_call_id: The tool call that this message answers.
        tool_calls: Calls that the assistant made.
    """

    role: MessageRole
    content: str | None | Unset = UNSET
    tool_call_id: str | Unset = UNSET
    tool_calls: list[StoredToolCall] | Unset = UNSET
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
        result["role"] = enum_text(self.role, "MessageRole", spelling)
        if not isinstance(self.content, Unset):
            result["content"] = self.content
        if not isinstance(self.tool_call_id, Unset):
            result["tool_call_id"] = self.tool_call_id
        if not isinstance(self.tool_calls, Unset):
            result["tool_calls"] = [item.to_dict(spelling) for item in self.tool_calls]
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.stored_tool_call import StoredToolCall

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "role"
            _raw = _data.pop(_at)
            role: MessageRole = MessageRole(_raw)
            _at = "content"
            _raw = _data.pop(_at, UNSET)
            content: str | None | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "tool_call_id"
            _raw = _data.pop(_at, UNSET)
            tool_call_id: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "tool_calls"
            _raw = _data.pop(_at, UNSET)
            tool_calls: list[StoredToolCall] | Unset = (
                UNSET if isinstance(_raw, Unset) else decode_list(_raw, StoredToolCall.from_dict)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            role=role,
            content=content,
            tool_call_id=tool_call_id,
            tool_calls=tool_calls,
        )
        _result.additional_properties = _data
        return _result
