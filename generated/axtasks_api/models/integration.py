# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache as _cache
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
    decode_list,
    decode_map,
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
from ..models.integration_type import IntegrationType

if TYPE_CHECKING:
    from ..models.integration_scoping import IntegrationScoping

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("type", "type", "IntegrationType", True, False),
    Field("config", "config", "dict[str, Any]", True, False),
    Field("scopings", "scopings", "list[IntegrationScoping]", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str | None", True, True),
    Field("description", "description", "str | None", False, True),
)
_INTEGRATION_TYPE = Members(IntegrationType)


@_cache
def _integration_scoping_decoder() -> Callable[[Any], IntegrationScoping]:
    from ..models.integration_scoping import IntegrationScoping

    # Bound once: to bind it takes as long as to decode a field.
    return IntegrationScoping.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class Integration(ResponseModel):
    """An integration of LLMs, agents or evaluators.

    Attributes:
        id: Identifier of the integration.
        name: Name of the integration.
        type: Kind of service that an integration connects to.
        config: Settings of the connection, in a form that goes with its type.
        scopings: The spaces and organizations that can use the integration; all when empty.
        created_at: Time at which the integration was created.
        updated_at: Time at which the integration was last changed.
        created_by_user_id: The user who created the integration.
        description: Purpose of the integration.
    """

    id: str
    name: str
    type: IntegrationType
    config: dict[str, Any]
    scopings: list[IntegrationScoping]
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str | None
    description: str | None = None
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
        if has(self, "type"):
            result["type"] = enum_text(self.type, "IntegrationType", spelling)
        if has(self, "config"):
            result["config"] = dict(self.config)
        if has(self, "scopings"):
            result["scopings"] = [item.to_dict(spelling) for item in self.scopings]
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "updated_at"):
            result["updated_at"] = timestamp_text(self.updated_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "description"):
            result["description"] = self.description
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
                _raw = _data["type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.type = _INTEGRATION_TYPE[_raw] if isinstance(_raw, str) else IntegrationType(_raw)
            try:
                _raw = _data["config"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.config = _raw if isinstance(_raw, dict) else decode_map(_raw)
            try:
                _raw = _data["scopings"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.scopings = decode_list(_raw, _integration_scoping_decoder())
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
            try:
                _result.created_by_user_id = _data["created_by_user_id"]
            except KeyError:
                _absent += 1
            if "description" in _data:
                _result.description = _data["description"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 9:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
