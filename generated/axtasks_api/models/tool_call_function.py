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
    decode_object,
    decode_text,
    reason_of,
    refuse_unknown,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("name", "name", "str", True, False),
    Field("arguments", "arguments", "str", True, False),
)


@_define
class ToolCallFunction(Model):
    """The function that is called.

    Attributes:
        name: Name of the function.
        arguments: The arguments as JSON text.
    """

    name: str
    arguments: str

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["name"] = self.name
        result["arguments"] = self.arguments
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
            _raw = _data[_at]
            name: str = decode_text(_raw)
            _at = "arguments"
            _raw = _data[_at]
            arguments: str = decode_text(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            name=name,
            arguments=arguments,
        )
