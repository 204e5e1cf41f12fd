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
    Members,
    ResponseModel,
    Spelling,
    decode_object,
    decode_text,
    decode_timestamp,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
    timestamp_text,
)
from ..models.project_type import ProjectType

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("space_id", "space_id", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("project_type", "project_type", "ProjectType | None", False, True),
)
_PROJECT_TYPE = Members(ProjectType)


@_define(getstate_setstate=False, repr=False, eq=False)
class Project(ResponseModel):
    """A project, the source of live spans.

    Attributes:
        id: Identifier of the project.
        name: Name of the project.
        space_id: The space of the project.
        created_at: Time at which the project was created.
        project_type: Kind of the project; null where it is not known.
    """

    id: str
    name: str
    space_id: str
    created_at: datetime
    project_type: ProjectType | None = None
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
        if has(self, "space_id"):
            result["space_id"] = self.space_id
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "project_type"):
            result["project_type"] = (
                None if self.project_type is None else enum_text(self.project_type, "ProjectType", spelling)
            )
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
                _result.space_id = _data["space_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            if "project_type" in _data:
                _raw = _data["project_type"]
                _result.project_type = (
                    None if _raw is None else _PROJECT_TYPE[_raw] if isinstance(_raw, str) else ProjectType(_raw)
                )
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 5:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
