# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("tools", "tools", "list[dict[str, Any]]", False, False),
    Field("tool_choice", "tool_choice", "Any", False, True),
)


@_define
class ToolConfig(Model):
    """The tools that a model may use.

    Attributes:
        tools: Tool definitions in the provider's own form.
        tool_choice: The tool to use, in the provider's own form.
    """

    tools: list[dict[str, Any]] | Unset = UNSET
    tool_choice: Any | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.tools, Unset):
            result["tools"] = [dict(item) for item in self.tools]
        if not isinstance(self.tool_choice, Unset):
            result["tool_choice"] = self.tool_choice
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
            _at = "tools"
            _raw = _data.get(_at, UNSET)
            tools: list[dict[str, Any]] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_list(_raw, lambda item: decode_map(item))
            )
            _at = "tool_choice"
            _raw = _data.get(_at, UNSET)
            tool_choice: Any | Unset = UNSET if _raw is UNSET else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            tools=tools,
            tool_choice=tool_choice,
        )
