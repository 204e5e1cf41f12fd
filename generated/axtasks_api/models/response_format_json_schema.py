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
    decode_bool,
    decode_map,
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("name", "name", "str", False, False),
    Field("description", "description", "str", False, False),
    Field("schema", "schema", "dict[str, Any]", False, False),
    Field("strict", "strict", "bool", False, False),
)


@_define
class ResponseFormatJsonSchema(Model):
    """The JSON Schema that an answer has to meet.

    Attributes:
        name: Name of the schema.
        description: Purpose of the schema.
        schema: The schema itself.
        strict: True if the answer has to meet the schema exactly.
    """

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    schema: dict[str, Any] | Unset = UNSET
    strict: bool | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.name, Unset):
            result["name"] = self.name
        if not isinstance(self.description, Unset):
            result["description"] = self.description
        if not isinstance(self.schema, Unset):
            result["schema"] = dict(self.schema)
        if not isinstance(self.strict, Unset):
            result["strict"] = self.strict
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
            _at = "name"
            _raw = _data.get(_at, UNSET)
            name: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "description"
            _raw = _data.get(_at, UNSET)
            description: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "schema"
            _raw = _data.get(_at, UNSET)
            schema: dict[str, Any] | Unset = UNSET if _raw is None or _raw is UNSET else decode_map(_raw)
            _at = "strict"
            _raw = _data.get(_at, UNSET)
            strict: bool | Unset = UNSET if _raw is None or _raw is UNSET else decode_bool(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            name=name,
            description=description,
            schema=schema,
            strict=strict,
        )
