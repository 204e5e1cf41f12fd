# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
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
    FieldsOf,
    ResponseModel,
    Spelling,
    decode_object,
    decode_text,
    decode_timestamp,
    has,
    misfit,
    new,
    others,
    timestamp_text,
)

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("description", "description", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("organization_id", "organization_id", "str", False, False),
    Field("is_private", "is_private", "bool", False, False),
)


@_define(getstate_setstate=False, repr=False)
class Space(ResponseModel):
    """A space.

    Attributes:
        id: Identifier of the space.
        name: Name of the space.
        description: What the space is for.
        created_at: When the space was created.
        organization_id: The organization of the space.
        is_private: Whether only members and administrators see the space.
    """

    id: str
    name: str
    description: str
    created_at: datetime
    organization_id: str | None = None
    is_private: bool | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def __hash__(self) -> int:
        # What is equal has the same id.
        return hash(self.id)

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
        if has(self, "organization_id"):
            result["organization_id"] = self.organization_id
        if has(self, "is_private"):
            result["is_private"] = self.is_private
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
            _raw = _data["id"]
            _result.id = _raw if isinstance(_raw, str) else decode_text(_raw)
            _result.name = _data["name"]
            _result.description = _data["description"]
            _result.created_at = decode_timestamp(_data["created_at"])
            if "organization_id" in _data:
                _result.organization_id = _data["organization_id"]
            else:
                _absent += 1
            if "is_private" in _data:
                _result.is_private = _data["is_private"]
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
