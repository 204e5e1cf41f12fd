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

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("filter", "filter", "str", True, False),
)


@_define
class TaskQueryFilter(Model):
    """A named filter of a task, as stored.

    Attributes:
        id: One letter from A to E.
        filter: The filter.
    """

    id: str
    filter: str
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
        result["id"] = self.id
        result["filter"] = self.filter
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
            _at = "id"
            _raw = _data.pop(_at)
            id: str = _raw
            _at = "filter"
            _raw = _data.pop(_at)
            filter: str = _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            id=id,
            filter=filter,
        )
        _result.additional_properties = _data
        return _result
