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
    Members,
    ResponseModel,
    Spelling,
    decode_map,
    decode_object,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
)
from ..models.data_granularity import DataGranularity
from ..models.optimization_direction import OptimizationDirection

if TYPE_CHECKING:
    from ..models.evaluator_llm_config import EvaluatorLlmConfig

_FIELDS = (
    Field("name", "name", "str", True, False),
    Field("template", "template", "str", True, False),
    Field("include_explanations", "include_explanations", "bool", True, False),
    Field("llm_config", "llm_config", "EvaluatorLlmConfig", True, False),
    Field("classification_choices", "classification_choices", "dict[str, float] | None", False, True),
    Field("direction", "direction", "OptimizationDirection", False, False),
    Field("data_granularity", "data_granularity", "DataGranularity | None", False, True),
    Field("use_structured_output", "use_structured_output", "bool", False, False),
    Field("use_function_calling", "use_function_calling", "bool", False, False),
)
_DATA_GRANULARITY = Members(DataGranularity)
_OPTIMIZATION_DIRECTION = Members(OptimizationDirection)


@_cache
def _evaluator_llm_config_decoder() -> Callable[[Any], EvaluatorLlmConfig]:
    from ..models.evaluator_llm_config import EvaluatorLlmConfig

    # Bound once: to bind it takes as long as to decode a field.
    return EvaluatorLlmConfig.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class TemplateConfig(ResponseModel):
    """Prompt and settings of an LLM judge.

    Attributes:
        name: The name of what is judged; results bear it.
        template: The question, with variables in braces.
        include_explanations: True if the judge explains itself.
        llm_config: The model that judges.
        classification_choices: The answers there are, with their scores.
        direction: Direction of better scores, higher or lower.
        data_granularity: The unit of data that is judged.
        use_structured_output: True if the answer is asked for in a fixed form.
        use_function_calling: True if the answer is asked for as a function call.
    """

    name: str
    template: str
    include_explanations: bool
    llm_config: EvaluatorLlmConfig
    classification_choices: dict[str, float] | None = None
    direction: OptimizationDirection | None = None
    data_granularity: DataGranularity | None = None
    use_structured_output: bool | None = None
    use_function_calling: bool | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "template"):
            result["template"] = self.template
        if has(self, "include_explanations"):
            result["include_explanations"] = self.include_explanations
        if has(self, "llm_config"):
            result["llm_config"] = self.llm_config.to_dict(spelling)
        if has(self, "classification_choices"):
            result["classification_choices"] = (
                None if self.classification_choices is None else dict(self.classification_choices)
            )
        if has(self, "direction"):
            result["direction"] = (
                None if self.direction is None else enum_text(self.direction, "OptimizationDirection", spelling)
            )
        if has(self, "data_granularity"):
            result["data_granularity"] = (
                None if self.data_granularity is None else enum_text(self.data_granularity, "DataGranularity", spelling)
            )
        if has(self, "use_structured_output"):
            result["use_structured_output"] = self.use_structured_output
        if has(self, "use_function_calling"):
            result["use_function_calling"] = self.use_function_calling
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
                _result.name = _data["name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.template = _data["template"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.include_explanations = _data["include_explanations"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["llm_config"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.llm_config = _evaluator_llm_config_decoder()(_raw)
            if "classification_choices" in _data:
                _raw = _data["classification_choices"]
                _result.classification_choices = (
                    None if _raw is None else _raw if isinstance(_raw, dict) else decode_map(_raw)
                )
            else:
                _absent += 1
            if "direction" in _data:
                _raw = _data["direction"]
                _result.direction = (
                    _OPTIMIZATION_DIRECTION[_raw] if isinstance(_raw, str) else OptimizationDirection(_raw)
                )
            else:
                _absent += 1
            if "data_granularity" in _data:
                _raw = _data["data_granularity"]
                _result.data_granularity = (
                    None
                    if _raw is None
                    else _DATA_GRANULARITY[_raw]
                    if isinstance(_raw, str)
                    else DataGranularity(_raw)
                )
            else:
                _absent += 1
            if "use_structured_output" in _data:
                _result.use_structured_output = _data["use_structured_output"]
            else:
                _absent += 1
            if "use_function_calling" in _data:
                _result.use_function_calling = _data["use_function_calling"]
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
