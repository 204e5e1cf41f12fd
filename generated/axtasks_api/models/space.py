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
    from ..models.default_agent_runtime import DefaultAgentRuntime
    from ..models.default_llm_integration import DefaultLlmIntegration

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("description", "description", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("is_private", "is_private", "bool", False, False),
    Field("organization_id", "organization_id", "str", False, False),
    Field("default_llm_integration", "default_llm_integration", "DefaultLlmIntegration | None", False, True),
    Field("default_agent_runtime", "default_agent_runtime", "DefaultAgentRuntime | None", False, True),
    Field("gradient_start_color", "gradient_start_color", "str", False, False),
    Field("gradient_end_color", "gradient_end_color", "str", False, False),
    Field("ml_models_enabled", "ml_models_enabled", "bool", False, False),
)


@_cache
def _default_agent_runtime_decoder() -> Callable[[Any], DefaultAgentRuntime]:
    from ..models.default_agent_runtime import DefaultAgentRuntime

    # Bound once: to bind it takes as long as to decode a field.
    return DefaultAgentRuntime.from_dict


@_cache
def _default_llm_integration_decoder() -> Callable[[Any], DefaultLlmIntegration]:
    from ..models.default_llm_integration import DefaultLlmIntegration

    # Bound once: to bind it takes as long as to decode a field.
    return DefaultLlmIntegration.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class Space(ResponseModel):
    """A space.

    Attributes:
        id: Identifier of the space.
        name: Name of the space.
        description: Purpose of the space.
        created_at: Time at which the space was created.
        is_private: True if only members and administrators see the space.
        organization_id: The organization of the space.
        default_llm_integration: The LLM that is called where none is named; null where there is none.
        default_agent_runtime: The agent that is called where none is named; null where there is none.
        gradient_start_color: The color that the picture of the space begins with.
        gradient_end_color: The color that the picture of the space ends with.
        ml_models_enabled: True if the space has models of machine learning.
    """

    id: str
    name: str
    description: str
    created_at: datetime
    is_private: bool | None = None
    organization_id: str | None = None
    default_llm_integration: DefaultLlmIntegration | None = None
    default_agent_runtime: DefaultAgentRuntime | None = None
    gradient_start_color: str | None = None
    gradient_end_color: str | None = None
    ml_models_enabled: bool | None = None
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
        if has(self, "description"):
            result["description"] = self.description
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "is_private"):
            result["is_private"] = self.is_private
        if has(self, "organization_id"):
            result["organization_id"] = self.organization_id
        if has(self, "default_llm_integration"):
            result["default_llm_integration"] = (
                None if self.default_llm_integration is None else self.default_llm_integration.to_dict(spelling)
            )
        if has(self, "default_agent_runtime"):
            result["default_agent_runtime"] = (
                None if self.default_agent_runtime is None else self.default_agent_runtime.to_dict(spelling)
            )
        if has(self, "gradient_start_color"):
            result["gradient_start_color"] = self.gradient_start_color
        if has(self, "gradient_end_color"):
            result["gradient_end_color"] = self.gradient_end_color
        if has(self, "ml_models_enabled"):
            result["ml_models_enabled"] = self.ml_models_enabled
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
                _result.description = _data["description"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            if "is_private" in _data:
                _result.is_private = _data["is_private"]
            else:
                _absent += 1
            if "organization_id" in _data:
                _result.organization_id = _data["organization_id"]
            else:
                _absent += 1
            if "default_llm_integration" in _data:
                _raw = _data["default_llm_integration"]
                _result.default_llm_integration = None if _raw is None else _default_llm_integration_decoder()(_raw)
            else:
                _absent += 1
            if "default_agent_runtime" in _data:
                _raw = _data["default_agent_runtime"]
                _result.default_agent_runtime = None if _raw is None else _default_agent_runtime_decoder()(_raw)
            else:
                _absent += 1
            if "gradient_start_color" in _data:
                _result.gradient_start_color = _data["gradient_start_color"]
            else:
                _absent += 1
            if "gradient_end_color" in _data:
                _result.gradient_end_color = _data["gradient_end_color"]
            else:
                _absent += 1
            if "ml_models_enabled" in _data:
                _result.ml_models_enabled = _data["ml_models_enabled"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 11:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
