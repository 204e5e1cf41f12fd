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
    decode_null,
    decode_object,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("has_more", "has_more", "bool", True, False),
    Field("next_cursor", "next_cursor", "str", False, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class PaginationMetadata(ResponseModel):
    """The cursor of the next page, if there is one.

    Attributes:
        has_more: True if another page follows.
        next_cursor: The cursor of the next page; only there when one follows.
    """

    has_more: bool
    next_cursor: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "has_more"):
            result["has_more"] = self.has_more
        if has(self, "next_cursor"):
            result["next_cursor"] = self.next_cursor
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
            try:
                _result.has_more = _data["has_more"]
            except KeyError:
                _absent += leave_out(_result)
            if "next_cursor" in _data:
                _raw = _data["next_cursor"]
                _result.next_cursor = _raw if isinstance(_raw, str) else decode_null(_raw)
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
