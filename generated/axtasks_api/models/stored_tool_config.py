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
    Model,
    Spelling,
    decode_list,
    decode_map,
    decode_object,
    misfit,
    new,
    others,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("tools", "tools", "list[dict[str, Any]]", False, False),
    Field("tool_choice", "tool_choice", "Any", False, True),
)


@_define
class StoredToolConfig(Model):
    """The tools of a stored configuration.

    Attributes:
        tools: Tool definitions in the provider's own form.
        tool_choice: Which tool to use, in the provider's own form.
    """

    tools: list[dict[str, Any]] | Unset = UNSET
    tool_choice: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.tools, Unset):
            result["tools"] = [dict(item) for item in self.tools]
        if not isinstance(self.tool_choice, Unset):
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
                _result.tools = UNSET
                _absent += 1
            if "tool_choice" in _data:
                _result.tool_choice = _data["tool_choice"]
            else:
                _result.tool_choice = UNSET
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 2:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
