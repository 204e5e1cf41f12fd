# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
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
    decode_map,
    decode_object,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    from ..models.stored_invocation_params import StoredInvocationParams

_FIELDS = (
    Field("ai_integration_id", "ai_integration_id", "str", True, False),
    Field("model_name", "model_name", "str", True, False),
    Field("invocation_parameters", "invocation_parameters", "StoredInvocationParams", True, False),
    Field("provider_parameters", "provider_parameters", "dict[str, Any]", True, False),
)


@_cache
def _stored_invocation_params_decoder() -> Callable[[Any], StoredInvocationParams]:
    from ..models.stored_invocation_params import StoredInvocationParams

    # Bound once: to bind it takes as long as to decode a field.
    return StoredInvocationParams.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class EvaluatorLlmConfig(ResponseModel):
    """The model that judges.

    Attributes:
        ai_integration_id: The AI integration to call the model through.
        model_name: The model to call.
        invocation_parameters: Parameters of the model call, as stored. Further ones are passed on.
        provider_parameters: Parameters in the provider's own form.
    """

    ai_integration_id: str
    model_name: str
    invocation_parameters: StoredInvocationParams
    provider_parameters: dict[str, Any]
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "ai_integration_id"):
            result["ai_integration_id"] = self.ai_integration_id
        if has(self, "model_name"):
            result["model_name"] = self.model_name
        if has(self, "invocation_parameters"):
            result["invocation_parameters"] = self.invocation_parameters.to_dict(spelling)
        if has(self, "provider_parameters"):
            result["provider_parameters"] = dict(self.provider_parameters)
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
                _result.ai_integration_id = _data["ai_integration_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.model_name = _data["model_name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["invocation_parameters"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.invocation_parameters = _stored_invocation_params_decoder()(_raw)
            try:
                _raw = _data["provider_parameters"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.provider_parameters = _raw if isinstance(_raw, dict) else decode_map(_raw)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 4:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
