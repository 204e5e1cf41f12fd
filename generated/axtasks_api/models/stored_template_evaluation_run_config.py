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
    ResponseModel,
    Spelling,
    constant_text,
    decode_constant,
    decode_map,
    decode_object,
    either_spelling,
    has,
    leave_out,
    misfit,
    new,
    others,
)

if TYPE_CHECKING:
    from ..models.stored_invocation_params import StoredInvocationParams

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['template_evaluation']", True, False, "template_evaluation"),
    Field("ai_integration_id", "ai_integration_id", "str", True, False),
    Field("template", "template", "str", True, False),
    Field("provide_explanation", "provide_explanation", "bool", True, False),
    Field("model_name", "model_name", "str", False, False),
    Field("classification_choices", "classification_choices", "dict[str, float]", False, False),
    Field("column_mapping", "column_mapping", "dict[str, str]", False, False),
    Field("evaluator_version_id", "evaluator_version_id", "str | None", False, True),
    Field("invocation_parameters", "invocation_parameters", "StoredInvocationParams", False, False),
    Field("provider_parameters", "provider_parameters", "dict[str, Any]", False, False),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["template_evaluation"] = either_spelling(
    "template_evaluation", "StoredTemplateEvaluationRunConfig.experiment_type"
)


@_cache
def _stored_invocation_params_decoder() -> Callable[[Any], StoredInvocationParams]:
    from ..models.stored_invocation_params import StoredInvocationParams

    # Bound once: to bind it takes as long as to decode a field.
    return StoredInvocationParams.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class StoredTemplateEvaluationRunConfig(ResponseModel):
    """A stored configuration that lets an LLM judge label each example of the dataset by a template.

    Attributes:
        experiment_type: Says that each example is put to a judge.
        ai_integration_id: The AI integration of the judge.
        template: The template, with {{variable}} placeholders.
        provide_explanation: True if the judge explains its label.
        model_name: The judge's model; the integration's own default when left out.
        classification_choices: Label to score.
        column_mapping: Template variable to column of the dataset.
        evaluator_version_id: The evaluator version this came from, kept as a link.
        invocation_parameters: Parameters of the model call, as stored. Further ones are passed on.
        provider_parameters: Parameters that only this provider knows.
    """

    ai_integration_id: str
    template: str
    provide_explanation: bool
    experiment_type: Literal["template_evaluation"] = _EXPERIMENT_TYPE_CONSTANT
    model_name: str | None = None
    classification_choices: dict[str, float] | None = None
    column_mapping: dict[str, str] | None = None
    evaluator_version_id: str | None = None
    invocation_parameters: StoredInvocationParams | None = None
    provider_parameters: dict[str, Any] | None = None
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
                self.experiment_type, "StoredTemplateEvaluationRunConfig.experiment_type", spelling
            )
        if has(self, "ai_integration_id"):
            result["ai_integration_id"] = self.ai_integration_id
        if has(self, "template"):
            result["template"] = self.template
        if has(self, "provide_explanation"):
            result["provide_explanation"] = self.provide_explanation
        if has(self, "model_name"):
            result["model_name"] = self.model_name
        if has(self, "classification_choices"):
            result["classification_choices"] = (
                None if self.classification_choices is None else dict(self.classification_choices)
            )
        if has(self, "column_mapping"):
            result["column_mapping"] = None if self.column_mapping is None else dict(self.column_mapping)
        if has(self, "evaluator_version_id"):
            result["evaluator_version_id"] = self.evaluator_version_id
        if has(self, "invocation_parameters"):
            result["invocation_parameters"] = (
                None if self.invocation_parameters is None else self.invocation_parameters.to_dict(spelling)
            )
        if has(self, "provider_parameters"):
            result["provider_parameters"] = None if self.provider_parameters is None else dict(self.provider_parameters)
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
                decode_constant(_raw, "template_evaluation", "StoredTemplateEvaluationRunConfig.experiment_type")
                _result.experiment_type = _EXPERIMENT_TYPE_CONSTANT
            try:
                _result.ai_integration_id = _data["ai_integration_id"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.template = _data["template"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.provide_explanation = _data["provide_explanation"]
            except KeyError:
                _absent += leave_out(_result)
            if "model_name" in _data:
                _result.model_name = _data["model_name"]
            else:
                _absent += 1
            if "classification_choices" in _data:
                _raw = _data["classification_choices"]
                _result.classification_choices = _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "column_mapping" in _data:
                _raw = _data["column_mapping"]
                _result.column_mapping = _raw if isinstance(_raw, dict) else decode_map(_raw)
            else:
                _absent += 1
            if "evaluator_version_id" in _data:
                _result.evaluator_version_id = _data["evaluator_version_id"]
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
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 10:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
