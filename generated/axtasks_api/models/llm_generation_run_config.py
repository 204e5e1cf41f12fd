# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache as _cache
from typing import TYPE_CHECKING, Any, Literal, Self

from attrs import define as _define

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Model,
    Spelling,
    constant_text,
    decode_constant,
    decode_known,
    decode_list,
    decode_map,
    decode_object,
    decode_text,
    either_spelling,
    enum_text,
    reason_of,
    refuse_unknown,
)
from ..models.input_variable_format import InputVariableFormat
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.invocation_params import InvocationParams
    from ..models.llm_message import LLMMessage
    from ..models.tool_config import ToolConfig

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['llm_generation']", True, False, "llm_generation"),
    Field("ai_integration_id", "ai_integration_id", "str", True, False),
    Field("messages", "messages", "list[LLMMessage]", True, False),
    Field("model_name", "model_name", "str", False, False),
    Field("input_variable_format", "input_variable_format", "InputVariableFormat", False, False),
    Field("invocation_parameters", "invocation_parameters", "InvocationParams", False, False),
    Field("provider_parameters", "provider_parameters", "dict[str, Any]", False, False),
    Field("tool_config", "tool_config", "ToolConfig", False, False),
    Field("prompt_version_id", "prompt_version_id", "str | None", False, True),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["llm_generation"] = either_spelling(
    "llm_generation", "LlmGenerationRunConfig.experiment_type"
)


@_cache
def _invocation_params_decoder() -> Callable[[Any], InvocationParams]:
    from ..models.invocation_params import InvocationParams

    # Bound once: to bind it takes as long as to decode a field.
    return InvocationParams.from_dict


@_cache
def _llm_message_decoder() -> Callable[[Any], LLMMessage]:
    from ..models.llm_message import LLMMessage

    # Bound once: to bind it takes as long as to decode a field.
    return LLMMessage.from_dict


@_cache
def _tool_config_decoder() -> Callable[[Any], ToolConfig]:
    from ..models.tool_config import ToolConfig

    # Bound once: to bind it takes as long as to decode a field.
    return ToolConfig.from_dict


@_define
class LlmGenerationRunConfig(Model):
    """Sends the messages to a model for each example of the dataset.

    Attributes:
        experiment_type: Says that each example is put to a model.
        ai_integration_id: The AI integration that makes the calls.
        messages: The prompt.
        model_name: The model; the integration's own default when left out.
        input_variable_format: Syntax of variables in a prompt: `F_STRING` as {name}, `MUSTACHE` as {{name}}. `NONE` is deprecated and
            read as `F_STRING`, which is also what counts when nothing is said.
        invocation_parameters: Parameters of the model call.
        provider_parameters: Parameters that only this provider knows.
        tool_config: The tools that a model may use.
        prompt_version_id: The prompt version this came from, kept as a link.
    """

    ai_integration_id: str
    messages: list[LLMMessage]
    experiment_type: Literal["llm_generation"] = _EXPERIMENT_TYPE_CONSTANT
    model_name: str | Unset = UNSET
    input_variable_format: InputVariableFormat | Unset = UNSET
    invocation_parameters: InvocationParams | Unset = UNSET
    provider_parameters: dict[str, Any] | Unset = UNSET
    tool_config: ToolConfig | Unset = UNSET
    prompt_version_id: str | None | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["experiment_type"] = constant_text(
            self.experiment_type, "LlmGenerationRunConfig.experiment_type", spelling
        )
        result["ai_integration_id"] = self.ai_integration_id
        result["messages"] = [item.to_dict(spelling) for item in self.messages]
        if not isinstance(self.model_name, Unset):
            result["model_name"] = self.model_name
        if not isinstance(self.input_variable_format, Unset):
            result["input_variable_format"] = enum_text(self.input_variable_format, "InputVariableFormat", spelling)
        if not isinstance(self.invocation_parameters, Unset):
            result["invocation_parameters"] = self.invocation_parameters.to_dict(spelling)
        if not isinstance(self.provider_parameters, Unset):
            result["provider_parameters"] = dict(self.provider_parameters)
        if not isinstance(self.tool_config, Unset):
            result["tool_config"] = self.tool_config.to_dict(spelling)
        if not isinstance(self.prompt_version_id, Unset):
            result["prompt_version_id"] = self.prompt_version_id
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object. Null counts as absent where the contract has no null.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "experiment_type"
            _raw = _data[_at]
            if _raw is not UNSET:
                decode_constant(_raw, "llm_generation", "LlmGenerationRunConfig.experiment_type")
            _at = "ai_integration_id"
            _raw = _data[_at]
            ai_integration_id: str = decode_text(_raw)
            _at = "messages"
            _raw = _data[_at]
            messages: list[LLMMessage] = decode_list(_raw, _llm_message_decoder())
            _at = "model_name"
            _raw = _data.get(_at, UNSET)
            model_name: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "input_variable_format"
            _raw = _data.get(_at, UNSET)
            input_variable_format: InputVariableFormat | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_known(InputVariableFormat, _raw)
            )
            _at = "invocation_parameters"
            _raw = _data.get(_at, UNSET)
            invocation_parameters: InvocationParams | Unset = (
                UNSET if _raw is None or _raw is UNSET else _invocation_params_decoder()(_raw)
            )
            _at = "provider_parameters"
            _raw = _data.get(_at, UNSET)
            provider_parameters: dict[str, Any] | Unset = UNSET if _raw is None or _raw is UNSET else decode_map(_raw)
            _at = "tool_config"
            _raw = _data.get(_at, UNSET)
            tool_config: ToolConfig | Unset = UNSET if _raw is None or _raw is UNSET else _tool_config_decoder()(_raw)
            _at = "prompt_version_id"
            _raw = _data.get(_at, UNSET)
            prompt_version_id: str | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            ai_integration_id=ai_integration_id,
            messages=messages,
            model_name=model_name,
            input_variable_format=input_variable_format,
            invocation_parameters=invocation_parameters,
            provider_parameters=provider_parameters,
            tool_config=tool_config,
            prompt_version_id=prompt_version_id,
        )
