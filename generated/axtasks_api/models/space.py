# Generated from spec/openapi.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
    decode_timestamp,
    reason_of,
    timestamp_text,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("description", "description", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
)


@_define
class Space(Model):
    """A space.

    Attributes:
        id: Identifier of the space.
        name: Name of the space.
        description: What the space is for.
        created_at: When the space was created.
    """

    id: str
    name: str
    description: str
    created_at: datetime
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
        result["name"] = self.name
        result["description"] = self.description
        result["created_at"] = timestamp_text(self.created_at)
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
            _at = "name"
            _raw = _data.pop(_at)
            name: str = _raw
            _at = "description"
            _raw = _data.pop(_at)
            description: str = _raw
            _at = "created_at"
            _raw = _data.pop(_at)
            created_at: datetime = decode_timestamp(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            id=id,
            name=name,
            description=description,
            created_at=created_at,
        )
        _result.additional_properties = _data
        return _result
