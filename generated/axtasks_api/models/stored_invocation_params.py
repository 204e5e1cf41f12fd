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
    decode_list,
    decode_object,
    has,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    from ..models.stored_response_format import StoredResponseFormat
    from ..models.stored_tool_config import StoredToolConfig

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
    Field("response_format", "response_format", "StoredResponseFormat", False, False),
    Field("tool_config", "tool_config", "StoredToolConfig", False, False),
    Field("thinking_level", "thinking_level", "str", False, False),
    Field("reasoning_effort", "reasoning_effort", "str", False, False),
    Field("verbosity", "verbosity", "str", False, False),
    Field("service_tier", "service_tier", "str", False, False),
)


@_cache
def _stored_response_format_decoder() -> Callable[[Any], StoredResponseFormat]:
    from ..models.stored_response_format import StoredResponseFormat

    # Bound once: to bind it takes as long as to decode a field.
    return StoredResponseFormat.from_dict


@_cache
def _stored_tool_config_decoder() -> Callable[[Any], StoredToolConfig]:
    from ..models.stored_tool_config import StoredToolConfig

    # Bound once: to bind it takes as long as to decode a field.
    return StoredToolConfig.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredInvocationParams(ResponseModel):
    """Parameters of the model call, as stored. Further ones are passed on.

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
        response_format: The form of the model's answer, as stored.
        tool_config: The tools of a stored configuration.
        thinking_level: Amount of thinking, such as low or high.
        reasoning_effort: Amount of effort to put into reasoning.
        verbosity: Wordiness of the answer.
        service_tier: The tier of the provider's service.
    """

    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    top_k: int | None = None
    thinking_budget: int | None = None
    stop: list[str] | None = None
    response_format: StoredResponseFormat | None = None
    tool_config: StoredToolConfig | None = None
    thinking_level: str | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "temperature"):
            result["temperature"] = self.temperature
        if has(self, "top_p"):
            result["top_p"] = self.top_p
        if has(self, "frequency_penalty"):
            result["frequency_penalty"] = self.frequency_penalty
        if has(self, "presence_penalty"):
            result["presence_penalty"] = self.presence_penalty
        if has(self, "max_tokens"):
            result["max_tokens"] = self.max_tokens
        if has(self, "max_completion_tokens"):
            result["max_completion_tokens"] = self.max_completion_tokens
        if has(self, "top_k"):
            result["top_k"] = self.top_k
        if has(self, "thinking_budget"):
            result["thinking_budget"] = self.thinking_budget
        if has(self, "stop"):
            result["stop"] = None if self.stop is None else list(self.stop)
        if has(self, "response_format"):
            result["response_format"] = None if self.response_format is None else self.response_format.to_dict(spelling)
        if has(self, "tool_config"):
            result["tool_config"] = None if self.tool_config is None else self.tool_config.to_dict(spelling)
        if has(self, "thinking_level"):
            result["thinking_level"] = self.thinking_level
        if has(self, "reasoning_effort"):
            result["reasoning_effort"] = self.reasoning_effort
        if has(self, "verbosity"):
            result["verbosity"] = self.verbosity
        if has(self, "service_tier"):
            result["service_tier"] = self.service_tier
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
                _absent += 1
            if "top_p" in _data:
                _result.top_p = _data["top_p"]
            else:
                _absent += 1
            if "frequency_penalty" in _data:
                _result.frequency_penalty = _data["frequency_penalty"]
            else:
                _absent += 1
            if "presence_penalty" in _data:
                _result.presence_penalty = _data["presence_penalty"]
            else:
                _absent += 1
            if "max_tokens" in _data:
                _result.max_tokens = _data["max_tokens"]
            else:
                _absent += 1
            if "max_completion_tokens" in _data:
                _result.max_completion_tokens = _data["max_completion_tokens"]
            else:
                _absent += 1
            if "top_k" in _data:
                _result.top_k = _data["top_k"]
            else:
                _absent += 1
            if "thinking_budget" in _data:
                _result.thinking_budget = _data["thinking_budget"]
            else:
                _absent += 1
            if "stop" in _data:
                _raw = _data["stop"]
                _result.stop = _raw if isinstance(_raw, list) else decode_list(_raw)
            else:
                _absent += 1
            if "response_format" in _data:
                _result.response_format = _stored_response_format_decoder()(_data["response_format"])
            else:
                _absent += 1
            if "tool_config" in _data:
                _result.tool_config = _stored_tool_config_decoder()(_data["tool_config"])
            else:
                _absent += 1
            if "thinking_level" in _data:
                _result.thinking_level = _data["thinking_level"]
            else:
                _absent += 1
            if "reasoning_effort" in _data:
                _result.reasoning_effort = _data["reasoning_effort"]
            else:
                _absent += 1
            if "verbosity" in _data:
                _result.verbosity = _data["verbosity"]
            else:
                _absent += 1
            if "service_tier" in _data:
                _result.service_tier = _data["service_tier"]
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
