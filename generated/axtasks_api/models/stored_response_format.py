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
    misfit,
    new,
    others,
)
from ..models.response_format_type import ResponseFormatType

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


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredResponseFormat(ResponseModel):
    """The form of the model's answer, as stored.

    Attributes:
        type: The form an answer of the model has to take.
        json_schema: The JSON Schema that an answer has to meet, as stored.
    """

    type: ResponseFormatType | None = None
    json_schema: StoredResponseFormatJsonSchema | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "type"):
            result["type"] = None if self.type is None else enum_text(self.type, "ResponseFormatType", spelling)
        if has(self, "json_schema"):
            result["json_schema"] = None if self.json_schema is None else self.json_schema.to_dict(spelling)
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
                _absent += 1
            if "json_schema" in _data:
                _result.json_schema = _stored_response_format_json_schema_decoder()(_data["json_schema"])
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
