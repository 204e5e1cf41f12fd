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
    Field("name", "name", "str", False, False),
    Field("description", "description", "str", False, False),
    Field("schema", "schema", "dict[str, Any]", False, False),
    Field("strict", "strict", "bool", False, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredResponseFormatJsonSchema(ResponseModel):
    """The JSON Schema that an answer has to meet, as stored.

    Attributes:
        name: Name of the schema.
        description: Purpose of the schema.
        schema: The schema itself.
        strict: True if the answer has to meet the schema exactly.
    """

    name: str | None = None
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "description"):
            result["description"] = self.description
        if has(self, "schema"):
            result["schema"] = None if self.schema is None else dict(self.schema)
        if has(self, "strict"):
            result["strict"] = self.strict
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
            if "name" in _data:
                _result.name = _data["name"]
            else:
                _absent += 1
            if "description" in _data:
                _result.description = _data["description"]
            else:
                _absent += 1
            if "schema" in _data:
                _raw = _data["schema"]
                _result.schema = _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "strict" in _data:
                _result.strict = _data["strict"]
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
