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
    Model,
    Spelling,
    decode_list,
    decode_object,
    misfit,
    new,
    others,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.response_format import ResponseFormat
    from ..models.tool_config import ToolConfig

_FIELDS = (
    Field("temperature", "temperature", "float", False, False),
    Field("top_p", "top_p", "float", False, False),
    Field("frequency_penalty", "frequency_penalty", "float", False, False),
    Field("presence_penalty", "presence_penalty", "float", False, False),
    Field("max_tokens", "max_tokens", "int", False, False),
    Field("max_completion_tokens", "max_completion_tokens", "int", False, False),
    Field("top_k", "top_k", "int", False, False),
    Field("thinking_budget", "thinking_budget", "int", False, False),
    Field("stop", "stop", "list[str]", False, False),
    Field("response_format", "response_format", "ResponseFormat", False, False),
    Field("tool_config", "tool_config", "ToolConfig", False, False),
    Field("thinking_level", "thinking_level", "str", False, False),
    Field("reasoning_effort", "reasoning_effort", "str", False, False),
    Field("verbosity", "verbosity", "str", False, False),
)


@_cache
def _response_format_decoder() -> Callable[[Any], ResponseFormat]:
    from ..models.response_format import ResponseFormat

    # Bound once: to bind it takes as long as to decode a field.
    return ResponseFormat.from_dict


@_cache
def _tool_config_decoder() -> Callable[[Any], ToolConfig]:
    from ..models.tool_config import ToolConfig

    # Bound once: to bind it takes as long as to decode a field.
    return ToolConfig.from_dict


@_define
class InvocationParams(Model):
    """Parameters of the model call.

    Attributes:
        temperature: Randomness of the sampling.
        top_p: Share of probability to sample from.
        frequency_penalty: Penalty on frequent tokens, from -2 to 2.
        presence_penalty: Penalty on tokens already seen, from -2 to 2.
        max_tokens: The most tokens to generate.
        max_completion_tokens: The most tokens to generate, thinking included.
        top_k: Number of tokens to sample from.
        thinking_budget: The most tokens to think with.
        stop: Texts that end the generation.
        response_format: The form of the model's answer.
        tool_config: The tools that a model may use.
        thinking_level: Amount of thinking, such as low or high.
        reasoning_effort: Amount of effort to put into reasoning.
        verbosity: Wordiness of the answer.
    """

    temperature: float | Unset = UNSET
    top_p: float | Unset = UNSET
    frequency_penalty: float | Unset = UNSET
    presence_penalty: float | Unset = UNSET
    max_tokens: int | Unset = UNSET
    max_completion_tokens: int | Unset = UNSET
    top_k: int | Unset = UNSET
    thinking_budget: int | Unset = UNSET
    stop: list[str] | Unset = UNSET
    response_format: ResponseFormat | Unset = UNSET
    tool_config: ToolConfig | Unset = UNSET
    thinking_level: str | Unset = UNSET
    reasoning_effort: str | Unset = UNSET
    verbosity: str | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if not isinstance(self.temperature, Unset):
            result["temperature"] = self.temperature
        if not isinstance(self.top_p, Unset):
            result["top_p"] = self.top_p
        if not isinstance(self.frequency_penalty, Unset):
            result["frequency_penalty"] = self.frequency_penalty
        if not isinstance(self.presence_penalty, Unset):
            result["presence_penalty"] = self.presence_penalty
        if not isinstance(self.max_tokens, Unset):
            result["max_tokens"] = self.max_tokens
        if not isinstance(self.max_completion_tokens, Unset):
            result["max_completion_tokens"] = self.max_completion_tokens
        if not isinstance(self.top_k, Unset):
            result["top_k"] = self.top_k
        if not isinstance(self.thinking_budget, Unset):
            result["thinking_budget"] = self.thinking_budget
        if not isinstance(self.stop, Unset):
            result["stop"] = list(self.stop)
        if not isinstance(self.response_format, Unset):
            result["response_format"] = self.response_format.to_dict(spelling)
        if not isinstance(self.tool_config, Unset):
            result["tool_config"] = self.tool_config.to_dict(spelling)
        if not isinstance(self.thinking_level, Unset):
            result["thinking_level"] = self.thinking_level
        if not isinstance(self.reasoning_effort, Unset):
            result["reasoning_effort"] = self.reasoning_effort
        if not isinstance(self.verbosity, Unset):
            result["verbosity"] = self.verbosity
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
            if "temperature" in _data:
                _result.temperature = _data["temperature"]
            else:
                _result.temperature = UNSET
                _absent += 1
            if "top_p" in _data:
                _result.top_p = _data["top_p"]
            else:
                _result.top_p = UNSET
                _absent += 1
            if "frequency_penalty" in _data:
                _result.frequency_penalty = _data["frequency_penalty"]
            else:
                _result.frequency_penalty = UNSET
                _absent += 1
            if "presence_penalty" in _data:
                _result.presence_penalty = _data["presence_penalty"]
            else:
                _result.presence_penalty = UNSET
                _absent += 1
            if "max_tokens" in _data:
                _result.max_tokens = _data["max_tokens"]
            else:
                _result.max_tokens = UNSET
                _absent += 1
            if "max_completion_tokens" in _data:
                _result.max_completion_tokens = _data["max_completion_tokens"]
            else:
                _result.max_completion_tokens = UNSET
                _absent += 1
            if "top_k" in _data:
                _result.top_k = _data["top_k"]
            else:
                _result.top_k = UNSET
                _absent += 1
            if "thinking_budget" in _data:
                _result.thinking_budget = _data["thinking_budget"]
            else:
                _result.thinking_budget = UNSET
                _absent += 1
            if "stop" in _data:
                _raw = _data["stop"]
                _result.stop = _raw if isinstance(_raw, list) else decode_list(_raw)
            else:
                _result.stop = UNSET
                _absent += 1
            if "response_format" in _data:
                _result.response_format = _response_format_decoder()(_data["response_format"])
            else:
                _result.response_format = UNSET
                _absent += 1
            if "tool_config" in _data:
                _result.tool_config = _tool_config_decoder()(_data["tool_config"])
            else:
                _result.tool_config = UNSET
                _absent += 1
            if "thinking_level" in _data:
                _result.thinking_level = _data["thinking_level"]
            else:
                _result.thinking_level = UNSET
                _absent += 1
            if "reasoning_effort" in _data:
                _result.reasoning_effort = _data["reasoning_effort"]
            else:
                _result.reasoning_effort = UNSET
                _absent += 1
            if "verbosity" in _data:
                _result.verbosity = _data["verbosity"]
            else:
                _result.verbosity = UNSET
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 14:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
