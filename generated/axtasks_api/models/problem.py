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
    Field("title", "title", "str", True, False),
    Field("status", "status", "int", True, False),
    Field("type", "type", "str", False, False),
    Field("detail", "detail", "str", False, False),
    Field("instance", "instance", "str", False, False),
    Field("error_code", "error_code", "str", False, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class Problem(ResponseModel):
    """Problem details of an error (RFC 9457).

    Attributes:
        title: The class of the problem in a few words.
        status: The HTTP status, repeated.
        type: URI of the class of the problem.
        detail: The error in this request.
        instance: The resource the request was about.
        error_code: A stable code within the class of the problem. There may be new ones at any time.
    """

    title: str
    status: int
    type: str | None = None
    detail: str | None = None
    instance: str | None = None
    error_code: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "title"):
            result["title"] = self.title
        if has(self, "status"):
            result["status"] = self.status
        if has(self, "type"):
            result["type"] = self.type
        if has(self, "detail"):
            result["detail"] = self.detail
        if has(self, "instance"):
            result["instance"] = self.instance
        if has(self, "error_code"):
            result["error_code"] = self.error_code
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
                _result.title = _data["title"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.status = _data["status"]
            except KeyError:
                _absent += leave_out(_result)
            if "type" in _data:
                _result.type = _data["type"]
            else:
                _absent += 1
            if "detail" in _data:
                _result.detail = _data["detail"]
            else:
                _absent += 1
            if "instance" in _data:
                _result.instance = _data["instance"]
            else:
                _absent += 1
            if "error_code" in _data:
                _result.error_code = _data["error_code"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 6:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
