# Generated from spec/openapi.yaml by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    reason_of,
)
from ..types import UNSET, Unset

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
)


@_define
class StoredInvocationParams(Model):
    """Parameters of the model call, as stored. Further ones are passed on.

    Attributes:
        temperature: Randomness of the sampling.
        top_p: Share of probability to sample from.
        frequency_penalty: Penalty on frequent tokens, from -2 to 2.
        presence_penalty: Penalty on tokens already seen, from -2 to 2.
        max_tokens: The most tokens to generate.
        max_completion_tokens: The most tokens to generate, thinking included.
        top_k: How many tokens to sample from.
        thinking_budget: The most tokens to think with.
        stop: Texts that end the generation.
        response_format: The form of the model's answer, as stored.
        tool_config: The tools of a stored configuration.
        thinking_level: How hard to think, such as low or high.
        reasoning_effort: How much effort to put into reasoning.
        verbosity: How wordy the answer should be.
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
    response_format: StoredResponseFormat | Unset = UNSET
    tool_config: StoredToolConfig | Unset = UNSET
    thinking_level: str | Unset = UNSET
    reasoning_effort: str | Unset = UNSET
    verbosity: str | Unset = UNSET
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
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        from ..models.stored_response_format import StoredResponseFormat
        from ..models.stored_tool_config import StoredToolConfig

        _data = decode_object(src_dict)
        _at = ""
        try:
            _at = "temperature"
            _raw = _data.pop(_at, UNSET)
            temperature: float | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "top_p"
            _raw = _data.pop(_at, UNSET)
            top_p: float | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "frequency_penalty"
            _raw = _data.pop(_at, UNSET)
            frequency_penalty: float | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "presence_penalty"
            _raw = _data.pop(_at, UNSET)
            presence_penalty: float | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "max_tokens"
            _raw = _data.pop(_at, UNSET)
            max_tokens: int | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "max_completion_tokens"
            _raw = _data.pop(_at, UNSET)
            max_completion_tokens: int | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "top_k"
            _raw = _data.pop(_at, UNSET)
            top_k: int | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "thinking_budget"
            _raw = _data.pop(_at, UNSET)
            thinking_budget: int | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "stop"
            _raw = _data.pop(_at, UNSET)
            stop: list[str] | Unset = UNSET if isinstance(_raw, Unset) else decode_list(_raw)
            _at = "response_format"
            _raw = _data.pop(_at, UNSET)
            response_format: StoredResponseFormat | Unset = (
                UNSET if isinstance(_raw, Unset) else StoredResponseFormat.from_dict(_raw)
            )
            _at = "tool_config"
            _raw = _data.pop(_at, UNSET)
            tool_config: StoredToolConfig | Unset = (
                UNSET if isinstance(_raw, Unset) else StoredToolConfig.from_dict(_raw)
            )
            _at = "thinking_level"
            _raw = _data.pop(_at, UNSET)
            thinking_level: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "reasoning_effort"
            _raw = _data.pop(_at, UNSET)
            reasoning_effort: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
            _at = "verbosity"
            _raw = _data.pop(_at, UNSET)
            verbosity: str | Unset = UNSET if isinstance(_raw, Unset) else _raw
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        _result = cls(
            temperature=temperature,
            top_p=top_p,
            frequency_penalty=frequency_penalty,
            presence_penalty=presence_penalty,
            max_tokens=max_tokens,
            max_completion_tokens=max_completion_tokens,
            top_k=top_k,
            thinking_budget=thinking_budget,
            stop=stop,
            response_format=response_format,
            tool_config=tool_config,
            thinking_level=thinking_level,
            reasoning_effort=reasoning_effort,
            verbosity=verbosity,
        )
        _result.additional_properties = _data
        return _result
