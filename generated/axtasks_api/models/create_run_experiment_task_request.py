# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    decode_known_variant,
    decode_object,
    decode_text,
    either_spelling,
    reason_of,
    refuse_unknown,
)
from ..types import UNSET

if TYPE_CHECKING:
    from ..models.agent_call_run_config import AgentCallRunConfig
    from ..models.llm_generation_run_config import LlmGenerationRunConfig
    from ..models.template_evaluation_run_config import TemplateEvaluationRunConfig

_FIELDS = (
    Field("name", "name", "str", True, False),
    Field("type", "type", "Literal['run_experiment']", True, False, "run_experiment"),
    Field("dataset_id", "dataset_id", "str", True, False),
    Field(
        "run_configuration",
        "run_configuration",
        "LlmGenerationRunConfig | TemplateEvaluationRunConfig | AgentCallRunConfig",
        True,
        False,
    ),
)
_TYPE_CONSTANT: Literal["run_experiment"] = either_spelling("run_experiment", "CreateRunExperimentTaskRequest.type")


@_cache
def _agent_call_run_config() -> type[AgentCallRunConfig]:
    from ..models.agent_call_run_config import AgentCallRunConfig

    return AgentCallRunConfig


@_cache
def _llm_generation_run_config() -> type[LlmGenerationRunConfig]:
    from ..models.llm_generation_run_config import LlmGenerationRunConfig

    return LlmGenerationRunConfig


@_cache
def _template_evaluation_run_config() -> type[TemplateEvaluationRunConfig]:
    from ..models.template_evaluation_run_config import TemplateEvaluationRunConfig

    return TemplateEvaluationRunConfig


@_define
class CreateRunExperimentTaskRequest(Model):
    """A run_experiment task to create.

    Attributes:
        name: Name of the task, unique within its space.
        type: Says that this is a run_experiment task.
        dataset_id: The dataset whose examples are run.
        run_configuration: Configuration of each run of a run_experiment task; `experiment_type` tells which kind.
    """

    name: str
    dataset_id: str
    run_configuration: LlmGenerationRunConfig | TemplateEvaluationRunConfig | AgentCallRunConfig
    type: Literal["run_experiment"] = _TYPE_CONSTANT

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        result["name"] = self.name
        result["type"] = constant_text(self.type, "CreateRunExperimentTaskRequest.type", spelling)
        result["dataset_id"] = self.dataset_id
        result["run_configuration"] = self.run_configuration.to_dict(spelling)
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
            _at = "name"
            _raw = _data[_at]
            name: str = decode_text(_raw)
            _at = "type"
            _raw = _data[_at]
            if _raw is not UNSET:
                decode_constant(_raw, "run_experiment", "CreateRunExperimentTaskRequest.type")
            _at = "dataset_id"
            _raw = _data[_at]
            dataset_id: str = decode_text(_raw)
            _at = "run_configuration"
            _raw = _data[_at]
            run_configuration: LlmGenerationRunConfig | TemplateEvaluationRunConfig | AgentCallRunConfig = (
                decode_known_variant(
                    _raw,
                    "experiment_type",
                    (
                        _llm_generation_run_config(),
                        _template_evaluation_run_config(),
                        _agent_call_run_config(),
                    ),
                )
            )
        except DecodeError as error:
            raise error.below(_at) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DecodeError(reason_of(error), _at) from error
        refuse_unknown(_data, _FIELDS)
        return cls(
            name=name,
            dataset_id=dataset_id,
            run_configuration=run_configuration,
        )
