# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
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
    leave_out,
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
    Field("dataset_id", "dataset_id", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
)


@_define(getstate_setstate=False, repr=False, eq=False)
class DatasetVersion(ResponseModel):
    """A version of a dataset.

    Attributes:
        id: Identifier of the version.
        name: Name of the version.
        dataset_id: The dataset of the version.
        created_at: Time at which the version was created.
        updated_at: Time at which the version was last changed.
    """

    id: str
    name: str
    dataset_id: str
    created_at: datetime
    updated_at: datetime
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def __hash__(self) -> int:
        # What is equal has the same id, or none.
        return hash(self.id if has(self, "id") else None)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "id"):
            result["id"] = self.id
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "dataset_id"):
            result["dataset_id"] = self.dataset_id
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "updated_at"):
            result["updated_at"] = timestamp_text(self.updated_at)
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
                _raw = _data["id"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.id = _raw if isinstance(_raw, str) else decode_text(_raw)
            try:
                _result.name = _data["name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["dataset_id"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.dataset_id = _raw if isinstance(_raw, str) else decode_text(_raw)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _raw = _data["updated_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.updated_at = decode_timestamp(_raw)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 5:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
