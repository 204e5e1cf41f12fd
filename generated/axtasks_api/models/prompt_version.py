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
from ..models.input_variable_format import InputVariableFormat
from ..models.llm_provider import LlmProvider

if TYPE_CHECKING:
    from ..models.stored_invocation_params import StoredInvocationParams
    from ..models.stored_llm_message import StoredLLMMessage

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("prompt_id", "prompt_id", "str", True, False),
    Field("commit_hash", "commit_hash", "str", True, False),
    Field("commit_message", "commit_message", "str", True, False),
    Field("created_at", "created_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str", True, False),
    Field("input_variable_format", "input_variable_format", "InputVariableFormat", True, False),
    Field("messages", "messages", "list[StoredLLMMessage]", True, False),
    Field("model", "model", "str", True, False),
    Field("provider", "provider", "LlmProvider", True, False),
    Field("provider_params", "provider_params", "dict[str, Any]", False, False),
    Field("invocation_params", "invocation_params", "StoredInvocationParams", False, False),
    Field("labels", "labels", "list[str]", False, False),
)
_INPUT_VARIABLE_FORMAT = Members(InputVariableFormat)
_LLM_PROVIDER = Members(LlmProvider)


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


@_define(getstate_setstate=False, repr=False, eq=False)
class PromptVersion(ResponseModel):
    """A version of a prompt.

    Attributes:
        id: Identifier of the version.
        prompt_id: The prompt of the version.
        commit_hash: The hash of the version.
        commit_message: Description of the version's changes.
        created_at: Time at which the version was created.
        created_by_user_id: The user who created the version.
        input_variable_format: Syntax of variables in a prompt: `F_STRING` as {name}, `MUSTACHE` as {{name}}. `NONE` is deprecated and
            read as `F_STRING`, which is also what counts when nothing is said.
        messages: The messages of the prompt.
        model: The model that the prompt is for.
        provider: Provider of the model that a prompt is for.
        provider_params: Parameters in the provider's own form.
        invocation_params: Parameters of the model call, as stored. Further ones are passed on.
        labels: The labels that the version bears.
    """

    id: str
    prompt_id: str
    commit_hash: str
    commit_message: str
    created_at: datetime
    created_by_user_id: str
    input_variable_format: InputVariableFormat
    messages: list[StoredLLMMessage]
    model: str
    provider: LlmProvider
    provider_params: dict[str, Any] | None = None
    invocation_params: StoredInvocationParams | None = None
    labels: list[str] | None = None
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
        if has(self, "prompt_id"):
            result["prompt_id"] = self.prompt_id
        if has(self, "commit_hash"):
            result["commit_hash"] = self.commit_hash
        if has(self, "commit_message"):
            result["commit_message"] = self.commit_message
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "input_variable_format"):
            result["input_variable_format"] = enum_text(self.input_variable_format, "InputVariableFormat", spelling)
        if has(self, "messages"):
            result["messages"] = [item.to_dict(spelling) for item in self.messages]
        if has(self, "model"):
            result["model"] = self.model
        if has(self, "provider"):
            result["provider"] = enum_text(self.provider, "LlmProvider", spelling)
        if has(self, "provider_params"):
            result["provider_params"] = None if self.provider_params is None else dict(self.provider_params)
        if has(self, "invocation_params"):
            result["invocation_params"] = (
                None if self.invocation_params is None else self.invocation_params.to_dict(spelling)
            )
        if has(self, "labels"):
            result["labels"] = None if self.labels is None else list(self.labels)
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
                _result.prompt_id = _data["prompt_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.commit_hash = _data["commit_hash"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.commit_message = _data["commit_message"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _result.created_by_user_id = _data["created_by_user_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["input_variable_format"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.input_variable_format = (
                    _INPUT_VARIABLE_FORMAT[_raw] if isinstance(_raw, str) else InputVariableFormat(_raw)
                )
            try:
                _raw = _data["messages"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.messages = decode_list(_raw, _stored_llm_message_decoder())
            try:
                _result.model = _data["model"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["provider"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.provider = _LLM_PROVIDER[_raw] if isinstance(_raw, str) else LlmProvider(_raw)
            if "provider_params" in _data:
                _raw = _data["provider_params"]
                _result.provider_params = _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "invocation_params" in _data:
                _result.invocation_params = _stored_invocation_params_decoder()(_data["invocation_params"])
            else:
                _absent += 1
            if "labels" in _data:
                _raw = _data["labels"]
                _result.labels = _raw if isinstance(_raw, list) else decode_list(_raw)
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 13:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
