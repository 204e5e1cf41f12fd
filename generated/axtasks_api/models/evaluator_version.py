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
from ..models.evaluator_type import EvaluatorType

if TYPE_CHECKING:
    from ..models.code_config import CodeConfig
    from ..models.remote_config import RemoteConfig
    from ..models.template_config import TemplateConfig

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("evaluator_id", "evaluator_id", "str", True, False),
    Field("type", "type", "EvaluatorType", True, False),
    Field("commit_hash", "commit_hash", "str", True, False),
    Field("commit_message", "commit_message", "str | None", True, True),
    Field("created_at", "created_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str | None", True, True),
    Field("template_config", "template_config", "TemplateConfig", False, False),
    Field("code_config", "code_config", "CodeConfig", False, False),
    Field("remote_config", "remote_config", "RemoteConfig", False, False),
)
_EVALUATOR_TYPE = Members(EvaluatorType)


@_cache
def _code_config_decoder() -> Callable[[Any], CodeConfig]:
    from ..models.code_config import CodeConfig

    # Bound once: to bind it takes as long as to decode a field.
    return CodeConfig.from_dict


@_cache
def _remote_config_decoder() -> Callable[[Any], RemoteConfig]:
    from ..models.remote_config import RemoteConfig

    # Bound once: to bind it takes as long as to decode a field.
    return RemoteConfig.from_dict


@_cache
def _template_config_decoder() -> Callable[[Any], TemplateConfig]:
    from ..models.template_config import TemplateConfig

    # Bound once: to bind it takes as long as to decode a field.
    return TemplateConfig.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class EvaluatorVersion(ResponseModel):
    """A version of an evaluator, with what goes with its type.

    Attributes:
        id: Identifier of the version.
        evaluator_id: The evaluator of the version.
        type: Kind of an evaluator: a template for an LLM judge, code, a test harness, or something hosted elsewhere.
        commit_hash: The hash of the version.
        commit_message: Description of the version's changes.
        created_at: Time at which the version was created.
        created_by_user_id: The user who created the version.
        template_config: Prompt and settings of an LLM judge.
        code_config: The code that judges, of the service or one's own.
        remote_config: The service that hosts an evaluator.
    """

    id: str
    evaluator_id: str
    type: EvaluatorType
    commit_hash: str
    commit_message: str | None
    created_at: datetime
    created_by_user_id: str | None
    template_config: TemplateConfig | None = None
    code_config: CodeConfig | None = None
    remote_config: RemoteConfig | None = None
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
        if has(self, "evaluator_id"):
            result["evaluator_id"] = self.evaluator_id
        if has(self, "type"):
            result["type"] = enum_text(self.type, "EvaluatorType", spelling)
        if has(self, "commit_hash"):
            result["commit_hash"] = self.commit_hash
        if has(self, "commit_message"):
            result["commit_message"] = self.commit_message
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "template_config"):
            result["template_config"] = None if self.template_config is None else self.template_config.to_dict(spelling)
        if has(self, "code_config"):
            result["code_config"] = None if self.code_config is None else self.code_config.to_dict(spelling)
        if has(self, "remote_config"):
            result["remote_config"] = None if self.remote_config is None else self.remote_config.to_dict(spelling)
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
                _result.evaluator_id = _data["evaluator_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.type = _EVALUATOR_TYPE[_raw] if isinstance(_raw, str) else EvaluatorType(_raw)
            try:
                _result.commit_hash = _data["commit_hash"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.commit_message = _data["commit_message"]
            except KeyError:
                _absent += 1
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _result.created_by_user_id = _data["created_by_user_id"]
            except KeyError:
                _absent += 1
            if "template_config" in _data:
                _result.template_config = _template_config_decoder()(_data["template_config"])
            else:
                _absent += 1
            if "code_config" in _data:
                _result.code_config = _code_config_decoder()(_data["code_config"])
            else:
                _absent += 1
            if "remote_config" in _data:
                _result.remote_config = _remote_config_decoder()(_data["remote_config"])
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 10:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
