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
    enum_text,
    reason_of,
    refuse_unknown,
)
from ..models.response_format_type import ResponseFormatType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.response_format_json_schema import ResponseFormatJsonSchema

_FIELDS = (
    Field("type", "type", "ResponseFormatType", False, False),
    Field("json_schema", "json_schema", "ResponseFormatJsonSchema", False, False),
)


@_cache
def _response_format_json_schema_decoder() -> Callable[[Any], ResponseFormatJsonSchema]:
    from ..models.response_format_json_schema import ResponseFormatJsonSchema

    # Bound once: to bind it takes as long as to decode a field.
    return ResponseFormatJsonSchema.from_dict


@_define
class ResponseFormat(Model):
    """The form of the model's answer.

    Attributes:
        type: The form an answer of the model has to take.
        json_schema: The JSON Schema that an answer has to meet.
    """

    type: ResponseFormatType | Unset = UNSET
    json_schema: ResponseFormatJsonSchema | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.type, Unset):
            result["type"] = enum_text(self.type, "ResponseFormatType", spelling)
        if not isinstance(self.json_schema, Unset):
            result["json_schema"] = self.json_schema.to_dict(spelling)
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
            _raw = _data.get(_at, UNSET)
            type: ResponseFormatType | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_known(ResponseFormatType, _raw)
            )
            _at = "json_schema"
            _raw = _data.get(_at, UNSET)
            json_schema: ResponseFormatJsonSchema | Unset = (
                UNSET if _raw is None or _raw is UNSET else _response_format_json_schema_decoder()(_raw)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            type=type,
            json_schema=json_schema,
        )
