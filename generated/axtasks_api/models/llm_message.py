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
    decode_list,
    decode_object,
    decode_text,
    enum_text,
    reason_of,
    refuse_unknown,
)
from ..models.message_role import MessageRole
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.tool_call import ToolCall

_FIELDS = (
    Field("role", "role", "MessageRole", True, False),
    Field("content", "content", "str | None", False, True),
    Field("tool_call_id", "tool_call_id", "str", False, False),
    Field("tool_calls", "tool_calls", "list[ToolCall]", False, False),
)


@_cache
def _tool_call_decoder() -> Callable[[Any], ToolCall]:
    from ..models.tool_call import ToolCall

    # Bound once: to bind it takes as long as to decode a field.
    return ToolCall.from_dict


@_define
class LLMMessage(Model):
    """A message of a prompt.

    Attributes:
        role: The sender of a message.
        content: The text.
        tool_call_id: The tool call that this message answers.
        tool_calls: Calls that the assistant made.
    """

    role: MessageRole
    content: str | None | Unset = UNSET
    tool_call_id: str | Unset = UNSET
    tool_calls: list[ToolCall] | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

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
            _at = "role"
            _raw = _data[_at]
            role: MessageRole = decode_known(MessageRole, _raw)
            _at = "content"
            _raw = _data.get(_at, UNSET)
            content: str | None | Unset = UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            _at = "tool_call_id"
            _raw = _data.get(_at, UNSET)
            tool_call_id: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "tool_calls"
            _raw = _data.get(_at, UNSET)
            tool_calls: list[ToolCall] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, _tool_call_decoder())
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            role=role,
            content=content,
            tool_call_id=tool_call_id,
            tool_calls=tool_calls,
        )
