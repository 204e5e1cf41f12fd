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
    decode_map,
    decode_object,
    has,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("tools", "tools", "list[dict[str, Any]]", False, False),
    Field("tool_choice", "tool_choice", "Any", False, True),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredToolConfig(ResponseModel):
    """The tools of a stored configuration.

    Attributes:
        tools: Tool definitions in the provider's own form.
        tool_choice: The tool to use, in the provider's own form.
    """

    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "tools"):
            result["tools"] = None if self.tools is None else [dict(item) for item in self.tools]
        if has(self, "tool_choice"):
            result["tool_choice"] = self.tool_choice
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
            if "tools" in _data:
                _result.tools = decode_list(
                    _data["tools"], lambda item: item if isinstance(item, dict) else decode_map(item)
                )
            else:
                _absent += 1
            if "tool_choice" in _data:
                _result.tool_choice = _data["tool_choice"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 2:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
