# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Literal, Self

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
    constant_text,
    decode_constant,
    decode_list,
    decode_map,
    decode_object,
    either_spelling,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
)
from ..models.input_variable_format import InputVariableFormat

if TYPE_CHECKING:
    from ..models.stored_invocation_params import StoredInvocationParams
    from ..models.stored_llm_message import StoredLLMMessage
    from ..models.stored_tool_config import StoredToolConfig

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['llm_generation']", True, False, "llm_generation"),
    Field("ai_integration_id", "ai_integration_id", "str", True, False),
    Field("messages", "messages", "list[StoredLLMMessage]", True, False),
    Field("model_name", "model_name", "str", False, False),
    Field("input_variable_format", "input_variable_format", "InputVariableFormat", False, False),
    Field("invocation_parameters", "invocation_parameters", "StoredInvocationParams", False, False),
    Field("provider_parameters", "provider_parameters", "dict[str, Any]", False, False),
    Field("tool_config", "tool_config", "StoredToolConfig", False, False),
    Field("prompt_version_id", "prompt_version_id", "str | None", False, True),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["llm_generation"] = either_spelling(
    "llm_generation", "StoredLlmGenerationRunConfig.experiment_type"
)
_INPUT_VARIABLE_FORMAT = Members(InputVariableFormat)


@_cache
def _stored_invocation_params_decoder() -> Callable[[Any], StoredInvocationParams]:
    from ..models.stored_invocation_params import StoredInvocationParams

    # Bound once: to bind it takes as long as to decode a field.
    return StoredInvocationParams.from_dict


@_cache
def _stored_llm_message_decoder() -> Callable[[Any], StoredLLMMessage]:
    from ..models.stored_llm_message import StoredLLMMessage

    # Bound once: to bind it takes as long as to decode a field.
    return StoredLLMMessage.from_dict


@_cache
def _stored_tool_config_decoder() -> Callable[[Any], StoredToolConfig]:
    from ..models.stored_tool_config import StoredToolConfig

    # Bound once: to bind it takes as long as to decode a field.
    return StoredToolConfig.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredLlmGenerationRunConfig(ResponseModel):
    """A stored configuration that sends the messages to a model for each example of the dataset.

    Attributes:
        experiment_type: Says that each example is put to a model.
        ai_integration_id: The AI integration that makes the calls.
        messages: The prompt.
        model_name: The model; the integration's own default when left out.
        input_variable_format: Syntax of variables in a prompt: `F_STRING` as {name}, `MUSTACHE` as {{name}}. `NONE` is deprecated and
            read as `F_STRING`, which is also what counts when nothing is said.
        invocation_parameters: Parameters of the model call, as stored. Further ones are passed on.
        provider_parameters: Parameters that only this provider knows.
        tool_config: The tools of a stored configuration.
        prompt_version_id: The prompt version this came from, kept as a link.
    """

    ai_integration_id: str
    messages: list[StoredLLMMessage]
    experiment_type: Literal["llm_generation"] = _EXPERIMENT_TYPE_CONSTANT
    model_name: str | None = None
    input_variable_format: InputVariableFormat | None = None
    invocation_parameters: StoredInvocationParams | None = None
    provider_parameters: dict[str, Any] | None = None
    tool_config: StoredToolConfig | None = None
    prompt_version_id: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "experiment_type"):
            result["experiment_type"] = constant_text(
                self.experiment_type, "StoredLlmGenerationRunConfig.experiment_type", spelling
            )
        if has(self, "ai_integration_id"):
            result["ai_integration_id"] = self.ai_integration_id
        if has(self, "messages"):
            result["messages"] = [item.to_dict(spelling) for item in self.messages]
        if has(self, "model_name"):
            result["model_name"] = self.model_name
        if has(self, "input_variable_format"):
            result["input_variable_format"] = (
                None
                if self.input_variable_format is None
                else enum_text(self.input_variable_format, "InputVariableFormat", spelling)
            )
        if has(self, "invocation_parameters"):
            result["invocation_parameters"] = (
                None if self.invocation_parameters is None else self.invocation_parameters.to_dict(spelling)
            )
        if has(self, "provider_parameters"):
            result["provider_parameters"] = None if self.provider_parameters is None else dict(self.provider_parameters)
        if has(self, "tool_config"):
            result["tool_config"] = None if self.tool_config is None else self.tool_config.to_dict(spelling)
        if has(self, "prompt_version_id"):
            result["prompt_version_id"] = self.prompt_version_id
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
                _raw = _data["experiment_type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                decode_constant(_raw, "llm_generation", "StoredLlmGenerationRunConfig.experiment_type")
                _result.experiment_type = _EXPERIMENT_TYPE_CONSTANT
            try:
                _result.ai_integration_id = _data["ai_integration_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["messages"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.messages = decode_list(_raw, _stored_llm_message_decoder())
            if "model_name" in _data:
                _result.model_name = _data["model_name"]
            else:
                _absent += 1
            if "input_variable_format" in _data:
                _raw = _data["input_variable_format"]
                _result.input_variable_format = (
                    _INPUT_VARIABLE_FORMAT[_raw] if isinstance(_raw, str) else InputVariableFormat(_raw)
                )
            else:
                _absent += 1
            if "invocation_parameters" in _data:
                _result.invocation_parameters = _stored_invocation_params_decoder()(_data["invocation_parameters"])
            else:
                _absent += 1
            if "provider_parameters" in _data:
                _raw = _data["provider_parameters"]
                _result.provider_parameters = _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "tool_config" in _data:
                _result.tool_config = _stored_tool_config_decoder()(_data["tool_config"])
            else:
                _absent += 1
            if "prompt_version_id" in _data:
                _result.prompt_version_id = _data["prompt_version_id"]
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
