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
    Model,
    Spelling,
    decode_list,
    decode_object,
    decode_timestamp,
    reason_of,
    timestamp_text,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dataset_version import DatasetVersion

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("space_id", "space_id", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("versions", "versions", "list[DatasetVersion]", False, False),
)


@_define
class Dataset(Model):
    """A dataset.

    Attributes:
        id: Identifier of the dataset.
        name: Name of the dataset.
        space_id: The space of the dataset.
        created_at: When the dataset was created.
        updated_at: When the dataset was last changed.
        versions: The versions of the dataset; left out of lists.
    """

    id: str
    name: str
    space_id: str
    created_at: datetime
    updated_at: datetime
    versions: list[DatasetVersion] | Unset = UNSET
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
        result["space_id"] = self.space_id
        result["created_at"] = timestamp_text(self.created_at)
        result["updated_at"] = timestamp_text(self.updated_at)
        if not isinstance(self.versions, Unset):
            result["versions"] = [item.to_dict(spelling) for item in self.versions]
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.dataset_version import DatasetVersion

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "id"
            _raw = _data.pop(_at)
            id: str = _raw
            _at = "name"
            _raw = _data.pop(_at)
            name: str = _raw
            _at = "space_id"
            _raw = _data.pop(_at)
            space_id: str = _raw
            _at = "created_at"
            _raw = _data.pop(_at)
            created_at: datetime = decode_timestamp(_raw)
            _at = "updated_at"
            _raw = _data.pop(_at)
            updated_at: datetime = decode_timestamp(_raw)
            _at = "versions"
            _raw = _data.pop(_at, UNSET)
            versions: list[DatasetVersion] | Unset = (
                UNSET if isinstance(_raw, Unset) else decode_list(_raw, DatasetVersion.from_dict)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            id=id,
            name=name,
            space_id=space_id,
            created_at=created_at,
            updated_at=updated_at,
            versions=versions,
        )
        _result.additional_properties = _data
        return _result
