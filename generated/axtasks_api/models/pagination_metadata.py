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
    reason_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("has_more", "has_more", "bool", True, False),
    Field("next_cursor", "next_cursor", "str", False, False),
)


@_define
class PaginationMetadata(Model):
    """Whether there is more, and where.

    Attributes:
        has_more: Whether another page follows.
        next_cursor: The cursor of the next page; only there when one follows.
    """

    has_more: bool
    next_cursor: str | Unset = UNSET
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
        result["has_more"] = self.has_more
        if not isinstance(self.next_cursor, Unset):
            result["next_cursor"] = self.next_cursor
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
            _at = "has_more"
            _raw = _data.pop(_at)
            has_more: bool = _raw
            _at = "next_cursor"
            _raw = _data.pop(_at, UNSET)
            next_cursor: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            has_more=has_more,
            next_cursor=next_cursor,
        )
        _result.additional_properties = _data
        return _result
