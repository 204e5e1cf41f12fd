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
from ..models.ai_integration_auth_type import AiIntegrationAuthType
from ..models.ai_integration_provider import AiIntegrationProvider

if TYPE_CHECKING:
    from ..models.integration_scoping import IntegrationScoping

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("provider", "provider", "AiIntegrationProvider", True, False),
    Field("has_api_key", "has_api_key", "bool", True, False),
    Field("enable_default_models", "enable_default_models", "bool", True, False),
    Field("function_calling_enabled", "function_calling_enabled", "bool", True, False),
    Field("auth_type", "auth_type", "AiIntegrationAuthType", True, False),
    Field("scopings", "scopings", "list[IntegrationScoping]", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str", True, False),
    Field("base_url", "base_url", "str | None", False, True),
    Field("model_names", "model_names", "list[str] | None", False, True),
    Field("headers", "headers", "dict[str, str] | None", False, True),
    Field("provider_metadata", "provider_metadata", "dict[str, Any] | None", False, True),
)
_AI_INTEGRATION_AUTH_TYPE = Members(AiIntegrationAuthType)
_AI_INTEGRATION_PROVIDER = Members(AiIntegrationProvider)


@_cache
def _integration_scoping_decoder() -> Callable[[Any], IntegrationScoping]:
    from ..models.integration_scoping import IntegrationScoping

    # Bound once: to bind it takes as long as to decode a field.
    return IntegrationScoping.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class AiIntegration(ResponseModel):
    """The credentials and settings that LLMs are called with.

    Attributes:
        id: Identifier of the integration.
        name: Name of the integration.
        provider: Provider of the models that an integration calls.
        has_api_key: True if an API key is stored.
        enable_default_models: True if the provider's models can be called.
        function_calling_enabled: True if models may call functions.
        auth_type: Authentication method of an integration.
        scopings: The spaces and organizations that can use the integration; all when empty.
        created_at: Time at which the integration was created.
        updated_at: Time at which the integration was last changed.
        created_by_user_id: The user who created the integration.
        base_url: The address of the models, where it is not the provider's.
        model_names: The models that can be called, besides the provider's.
        headers: Headers that are sent along.
        provider_metadata: Further settings of the provider, in its own form.
    """

    id: str
    name: str
    provider: AiIntegrationProvider
    has_api_key: bool
    enable_default_models: bool
    function_calling_enabled: bool
    auth_type: AiIntegrationAuthType
    scopings: list[IntegrationScoping]
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str
    base_url: str | None = None
    model_names: list[str] | None = None
    headers: dict[str, str] | None = None
    provider_metadata: dict[str, Any] | None = None
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
        if has(self, "provider"):
            result["provider"] = enum_text(self.provider, "AiIntegrationProvider", spelling)
        if has(self, "has_api_key"):
            result["has_api_key"] = self.has_api_key
        if has(self, "enable_default_models"):
            result["enable_default_models"] = self.enable_default_models
        if has(self, "function_calling_enabled"):
            result["function_calling_enabled"] = self.function_calling_enabled
        if has(self, "auth_type"):
            result["auth_type"] = enum_text(self.auth_type, "AiIntegrationAuthType", spelling)
        if has(self, "scopings"):
            result["scopings"] = [item.to_dict(spelling) for item in self.scopings]
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "updated_at"):
            result["updated_at"] = timestamp_text(self.updated_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "base_url"):
            result["base_url"] = self.base_url
        if has(self, "model_names"):
            result["model_names"] = None if self.model_names is None else list(self.model_names)
        if has(self, "headers"):
            result["headers"] = None if self.headers is None else dict(self.headers)
        if has(self, "provider_metadata"):
            result["provider_metadata"] = None if self.provider_metadata is None else dict(self.provider_metadata)
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
                _raw = _data["provider"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.provider = (
                    _AI_INTEGRATION_PROVIDER[_raw] if isinstance(_raw, str) else AiIntegrationProvider(_raw)
                )
            try:
                _result.has_api_key = _data["has_api_key"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.enable_default_models = _data["enable_default_models"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.function_calling_enabled = _data["function_calling_enabled"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["auth_type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.auth_type = (
                    _AI_INTEGRATION_AUTH_TYPE[_raw] if isinstance(_raw, str) else AiIntegrationAuthType(_raw)
                )
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
                _absent += leave_out(_result)
            if "base_url" in _data:
                _result.base_url = _data["base_url"]
            else:
                _absent += 1
            if "model_names" in _data:
                _raw = _data["model_names"]
                _result.model_names = None if _raw is None else _raw if isinstance(_raw, list) else decode_list(_raw)
            else:
                _absent += 1
            if "headers" in _data:
                _raw = _data["headers"]
                _result.headers = None if _raw is None else _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "provider_metadata" in _data:
                _raw = _data["provider_metadata"]
                _result.provider_metadata = (
                    None if _raw is None else _raw if isinstance(_raw, dict) else decode_map(_raw)
                )
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 15:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
