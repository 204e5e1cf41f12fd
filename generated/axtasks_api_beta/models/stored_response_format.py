# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
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
    Model,
    Spelling,
    decode_object,
    enum_text,
    misfit,
    new,
    others,
)
from ..models.response_format_type import ResponseFormatType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stored_response_format_json_schema import StoredResponseFormatJsonSchema

_FIELDS = (
    Field("type", "type", "ResponseFormatType", False, False),
    Field("json_schema", "json_schema", "StoredResponseFormatJsonSchema", False, False),
)
_RESPONSE_FORMAT_TYPE = Members(ResponseFormatType)


@_cache
def _stored_response_format_json_schema_decoder() -> Callable[[Any], StoredResponseFormatJsonSchema]:
    from ..models.stored_response_format_json_schema import StoredResponseFormatJsonSchema

    # Bound once: to bind it takes as long as to decode a field.
    return StoredResponseFormatJsonSchema.from_dict


@_define
class StoredResponseFormat(Model):
    """The form of the model's answer, as stored.

    Attributes:
        type: The form an answer of the model has to take.
        json_schema: The JSON Schema that an answer has to meet, as stored.
    """

    type: ResponseFormatType | Unset = UNSET
    json_schema: StoredResponseFormatJsonSchema | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.type, Unset):
            result["type"] = enum_text(self.type, "ResponseFormatType", spelling)
        if not isinstance(self.json_schema, Unset):
            result["json_schema"] = self.json_schema.to_dict(spelling)
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
            if "type" in _data:
                _raw = _data["type"]
                _result.type = _RESPONSE_FORMAT_TYPE[_raw] if isinstance(_raw, str) else ResponseFormatType(_raw)
            else:
                _result.type = UNSET
                _absent += 1
            if "json_schema" in _data:
                _result.json_schema = _stored_response_format_json_schema_decoder()(_data["json_schema"])
            else:
                _result.json_schema = UNSET
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 2:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
