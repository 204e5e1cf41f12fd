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
    Model,
    Spelling,
    decode_object,
    enum_text,
    reason_of,
)
from ..models.response_format_type import ResponseFormatType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stored_response_format_json_schema import StoredResponseFormatJsonSchema

_FIELDS = (
    Field("type", "type", "ResponseFormatType", False, False),
    Field("json_schema", "json_schema", "StoredResponseFormatJsonSchema", False, False),
)


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
        if not isinstance(self.type, Unset):
            result["type"] = enum_text(self.type, "ResponseFormatType", spelling)
        if not isinstance(self.json_schema, Unset):
            result["json_schema"] = self.json_schema.to_dict(spelling)
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.stored_response_format_json_schema import StoredResponseFormatJsonSchema

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "type"
            _raw = _data.pop(_at, UNSET)
            type: ResponseFormatType | Unset = UNSET if isinstance(_raw, Unset) else ResponseFormatType(_raw)
            _at = "json_schema"
            _raw = _data.pop(_at, UNSET)
            json_schema: StoredResponseFormatJsonSchema | Unset = (
                UNSET if isinstance(_raw, Unset) else StoredResponseFormatJsonSchema.from_dict(_raw)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            type=type,
            json_schema=json_schema,
        )
        _result.additional_properties = _data
        return _result
