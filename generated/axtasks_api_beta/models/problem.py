# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
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
    reason_of,
)
from ..types import UNSET, Unset

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


@_define
class Problem(Model):
    """What went wrong, in the form of RFC 9457 (Problem Details).

    Attributes:
        title: The class of the problem in a few words.
        status: The HTTP status, repeated.
        type: Names the class of the problem.
        detail: What was wrong with this request.
        instance: The resource the request was about.
        error_code: A stable code within the class of the problem. There may be new ones at any time.
    """

    title: str
    status: int
    type: str | Unset = UNSET
    detail: str | Unset = UNSET
    instance: str | Unset = UNSET
    error_code: str | Unset = UNSET
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
        result["title"] = self.title
        result["status"] = self.status
        if not isinstance(self.type, Unset):
            result["type"] = self.type
        if not isinstance(self.detail, Unset):
            result["detail"] = self.detail
        if not isinstance(self.instance, Unset):
            result["instance"] = self.instance
        if not isinstance(self.error_code, Unset):
            result["error_code"] = self.error_code
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "title"
            _raw = _data.pop(_at)
            title: str = _raw
            _at = "status"
            _raw = _data.pop(_at)
            status: int = _raw
            _at = "type"
            _raw = _data.pop(_at, UNSET)
            type: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "detail"
            _raw = _data.pop(_at, UNSET)
            detail: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "instance"
            _raw = _data.pop(_at, UNSET)
            instance: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "error_code"
            _raw = _data.pop(_at, UNSET)
            error_code: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            title=title,
            status=status,
            type=type,
            detail=detail,
            instance=instance,
            error_code=error_code,
        )
        _result.additional_properties = _data
        return _result
