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
    decode_bool,
    decode_constant,
    decode_map,
    decode_number,
    decode_object,
    decode_text,
    either_spelling,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.invocation_params import InvocationParams

_FIELDS = (
    Field("experiment_type", "experiment_type", "Literal['template_evaluation']", True, False, "template_evaluation"),
    Field("ai_integration_id", "ai_integration_id", "str", True, False),
    Field("template", "template", "str", True, False),
    Field("provide_explanation", "provide_explanation", "bool", True, False),
    Field("model_name", "model_name", "str", False, False),
    Field("classification_choices", "classification_choices", "dict[str, float]", False, False),
    Field("column_mapping", "column_mapping", "dict[str, str]", False, False),
    Field("evaluator_version_id", "evaluator_version_id", "str | None", False, True),
    Field("invocation_parameters", "invocation_parameters", "InvocationParams", False, False),
    Field("provider_parameters", "provider_parameters", "dict[str, Any]", False, False),
)
_EXPERIMENT_TYPE_CONSTANT: Literal["template_evaluation"] = either_spelling(
    "template_evaluation", "TemplateEvaluationRunConfig.experiment_type"
)


@_cache
def _invocation_params_decoder() -> Callable[[Any], InvocationParams]:
    from ..models.invocation_params import InvocationParams

    # Bound once: to bind it takes as long as to decode a field.
    return InvocationParams.from_dict


@_define
class TemplateEvaluationRunConfig(Model):
    """Lets an LLM judge label each example of the dataset by a template.

    Attributes:
        experiment_type: Says that each example is put to a judge.
        ai_integration_id: The AI integration of the judge.
        template: The template, with {{variable}} placeholders.
        provide_explanation: True if the judge explains its label.
        model_name: The judge's model; the integration's own default when left out.
        classification_choices: Label to score.
        column_mapping: Template variable to column of the dataset.
        evaluator_version_id: The evaluator version this came from, kept as a link.
        invocation_parameters: Parameters of the model call.
        provider_parameters: Parameters that only this provider knows.
    """

    ai_integration_id: str
    template: str
    provide_explanation: bool
    experiment_type: Literal["template_evaluation"] = _EXPERIMENT_TYPE_CONSTANT
    model_name: str | Unset = UNSET
    classification_choices: dict[str, float] | Unset = UNSET
    column_mapping: dict[str, str] | Unset = UNSET
    evaluator_version_id: str | None | Unset = UNSET
    invocation_parameters: InvocationParams | Unset = UNSET
    provider_parameters: dict[str, Any] | Unset = UNSET

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["experiment_type"] = constant_text(
            self.experiment_type, "TemplateEvaluationRunConfig.experiment_type", spelling
        )
        result["ai_integration_id"] = self.ai_integration_id
        result["template"] = self.template
        result["provide_explanation"] = self.provide_explanation
        if not isinstance(self.model_name, Unset):
            result["model_name"] = self.model_name
        if not isinstance(self.classification_choices, Unset):
            result["classification_choices"] = dict(self.classification_choices)
        if not isinstance(self.column_mapping, Unset):
            result["column_mapping"] = dict(self.column_mapping)
        if not isinstance(self.evaluator_version_id, Unset):
            result["evaluator_version_id"] = self.evaluator_version_id
        if not isinstance(self.invocation_parameters, Unset):
            result["invocation_parameters"] = self.invocation_parameters.to_dict(spelling)
        if not isinstance(self.provider_parameters, Unset):
            result["provider_parameters"] = dict(self.provider_parameters)
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
                decode_constant(_raw, "template_evaluation", "TemplateEvaluationRunConfig.experiment_type")
            _at = "ai_integration_id"
            _raw = _data[_at]
            ai_integration_id: str = decode_text(_raw)
            _at = "template"
            _raw = _data[_at]
            template: str = decode_text(_raw)
            _at = "provide_explanation"
            _raw = _data[_at]
            provide_explanation: bool = decode_bool(_raw)
            _at = "model_name"
            _raw = _data.get(_at, UNSET)
            model_name: str | Unset = UNSET if _raw is None or _raw is UNSET else decode_text(_raw)
            _at = "classification_choices"
            _raw = _data.get(_at, UNSET)
            classification_choices: dict[str, float] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_map(_raw, decode_number)
            )
            _at = "column_mapping"
            _raw = _data.get(_at, UNSET)
            column_mapping: dict[str, str] | Unset = (
                UNSET if _raw is None or _raw is UNSET else decode_map(_raw, decode_text)
            )
            _at = "evaluator_version_id"
            _raw = _data.get(_at, UNSET)
            evaluator_version_id: str | None | Unset = (
                UNSET if _raw is UNSET else None if _raw is None else decode_text(_raw)
            )
            _at = "invocation_parameters"
            _raw = _data.get(_at, UNSET)
            invocation_parameters: InvocationParams | Unset = (
                UNSET if _raw is None or _raw is UNSET else _invocation_params_decoder()(_raw)
            )
            _at = "provider_parameters"
            _raw = _data.get(_at, UNSET)
            provider_parameters: dict[str, Any] | Unset = UNSET if _raw is None or _raw is UNSET else decode_map(_raw)
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            ai_integration_id=ai_integration_id,
            template=template,
            provide_explanation=provide_explanation,
            model_name=model_name,
            classification_choices=classification_choices,
            column_mapping=column_mapping,
            evaluator_version_id=evaluator_version_id,
            invocation_parameters=invocation_parameters,
            provider_parameters=provider_parameters,
        )
