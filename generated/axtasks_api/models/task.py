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
    UnknownVariant,
    decode_list,
    decode_object,
    decode_text,
    decode_timestamp,
    decode_variant,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
    timestamp_text,
)
from ..models.task_type import TaskType

if TYPE_CHECKING:
    from ..models.stored_agent_call_run_config import StoredAgentCallRunConfig
    from ..models.stored_llm_generation_run_config import StoredLlmGenerationRunConfig
    from ..models.stored_template_evaluation_run_config import StoredTemplateEvaluationRunConfig
    from ..models.task_evaluator import TaskEvaluator
    from ..models.task_query_filters import TaskQueryFilters

_FIELDS = (
    Field("id", "id", "str", True, False),
    Field("name", "name", "str", True, False),
    Field("type", "type", "TaskType", True, False),
    Field("is_continuous", "is_continuous", "bool", True, False),
    Field("query_filter", "query_filter", "str | None", True, True),
    Field("evaluators", "evaluators", "list[TaskEvaluator]", True, False),
    Field("experiment_ids", "experiment_ids", "list[str]", True, False),
    Field("last_run_at", "last_run_at", "datetime | None", True, True),
    Field("created_at", "created_at", "datetime", True, False),
    Field("updated_at", "updated_at", "datetime", True, False),
    Field("created_by_user_id", "created_by_user_id", "str | None", True, True),
    Field("project_id", "project_id", "str | None", False, True),
    Field("dataset_id", "dataset_id", "str | None", False, True),
    Field("sampling_rate", "sampling_rate", "float | None", False, True),
    Field(
        "run_configuration",
        "run_configuration",
        "StoredLlmGenerationRunConfig | StoredTemplateEvaluationRunConfig | StoredAgentCallRunConfig | UnknownVariant | None",
        False,
        True,
    ),
    Field("query_filters", "query_filters", "TaskQueryFilters | None", False, True),
)
_TASK_TYPE = Members(TaskType)


@_cache
def _stored_agent_call_run_config() -> type[StoredAgentCallRunConfig]:
    from ..models.stored_agent_call_run_config import StoredAgentCallRunConfig

    return StoredAgentCallRunConfig


@_cache
def _stored_llm_generation_run_config() -> type[StoredLlmGenerationRunConfig]:
    from ..models.stored_llm_generation_run_config import StoredLlmGenerationRunConfig

    return StoredLlmGenerationRunConfig


@_cache
def _stored_template_evaluation_run_config() -> type[StoredTemplateEvaluationRunConfig]:
    from ..models.stored_template_evaluation_run_config import StoredTemplateEvaluationRunConfig

    return StoredTemplateEvaluationRunConfig


@_cache
def _task_evaluator_decoder() -> Callable[[Any], TaskEvaluator]:
    from ..models.task_evaluator import TaskEvaluator

    # Bound once: to bind it takes as long as to decode a field.
    return TaskEvaluator.from_dict


@_cache
def _task_query_filters_decoder() -> Callable[[Any], TaskQueryFilters]:
    from ..models.task_query_filters import TaskQueryFilters

    # Bound once: to bind it takes as long as to decode a field.
    return TaskQueryFilters.from_dict


@_define(getstate_setstate=False, repr=False, eq=False)
class Task(ResponseModel):
    """A unit of work that ties evaluators to a project or a dataset, or that runs an experiment over a dataset.

    Attributes:
        id: Identifier of the task.
        name: Name of the task, unique within its space.
        type: Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code
            over the data, `RUN_EXPERIMENT` runs an experiment over a dataset.
        is_continuous: True if incoming data is evaluated as it comes.
        query_filter: Filter on all data of the task.
        evaluators: The evaluators of the task; empty for run_experiment.
        experiment_ids: The experiments that are evaluated; empty for tasks over a project.
        last_run_at: Time of the task's last run; null before its first run.
        created_at: Time at which the task was created.
        updated_at: Time at which the task was last changed.
        created_by_user_id: The user who created the task.
        project_id: The project whose spans are evaluated; null for tasks over a dataset.
        dataset_id: The dataset the task works on; null for tasks over a project.
        sampling_rate: The share of spans that is evaluated; only for tasks over a project.
        run_configuration: Configuration of each run; only for run_experiment, null or absent otherwise.
        query_filters: Named filters of a task over traces or sessions; null otherwise.
    """

    id: str
    name: str
    type: TaskType
    is_continuous: bool
    query_filter: str | None
    evaluators: list[TaskEvaluator]
    experiment_ids: list[str]
    last_run_at: datetime | None
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str | None
    project_id: str | None = None
    dataset_id: str | None = None
    sampling_rate: float | None = None
    run_configuration: (
        StoredLlmGenerationRunConfig
        | StoredTemplateEvaluationRunConfig
        | StoredAgentCallRunConfig
        | UnknownVariant
        | None
    ) = None
    query_filters: TaskQueryFilters | None = None
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
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "type"):
            result["type"] = enum_text(self.type, "TaskType", spelling)
        if has(self, "is_continuous"):
            result["is_continuous"] = self.is_continuous
        if has(self, "query_filter"):
            result["query_filter"] = self.query_filter
        if has(self, "evaluators"):
            result["evaluators"] = [item.to_dict(spelling) for item in self.evaluators]
        if has(self, "experiment_ids"):
            result["experiment_ids"] = list(self.experiment_ids)
        if has(self, "last_run_at"):
            result["last_run_at"] = None if self.last_run_at is None else timestamp_text(self.last_run_at)
        if has(self, "created_at"):
            result["created_at"] = timestamp_text(self.created_at)
        if has(self, "updated_at"):
            result["updated_at"] = timestamp_text(self.updated_at)
        if has(self, "created_by_user_id"):
            result["created_by_user_id"] = self.created_by_user_id
        if has(self, "project_id"):
            result["project_id"] = self.project_id
        if has(self, "dataset_id"):
            result["dataset_id"] = self.dataset_id
        if has(self, "sampling_rate"):
            result["sampling_rate"] = self.sampling_rate
        if has(self, "run_configuration"):
            result["run_configuration"] = (
                None if self.run_configuration is None else self.run_configuration.to_dict(spelling)
            )
        if has(self, "query_filters"):
            result["query_filters"] = None if self.query_filters is None else self.query_filters.to_dict(spelling)
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
                _result.name = _data["name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.type = _TASK_TYPE[_raw] if isinstance(_raw, str) else TaskType(_raw)
            try:
                _result.is_continuous = _data["is_continuous"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _result.query_filter = _data["query_filter"]
            except KeyError:
                _absent += 1
            try:
                _raw = _data["evaluators"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.evaluators = decode_list(_raw, _task_evaluator_decoder())
            try:
                _raw = _data["experiment_ids"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.experiment_ids = _raw if isinstance(_raw, list) else decode_list(_raw)
            try:
                _raw = _data["last_run_at"]
            except KeyError:
                _absent += 1
            else:
                _result.last_run_at = None if _raw is None else decode_timestamp(_raw)
            try:
                _raw = _data["created_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.created_at = decode_timestamp(_raw)
            try:
                _raw = _data["updated_at"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.updated_at = decode_timestamp(_raw)
            try:
                _result.created_by_user_id = _data["created_by_user_id"]
            except KeyError:
                _absent += 1
            if "project_id" in _data:
                _result.project_id = _data["project_id"]
            else:
                _absent += 1
            if "dataset_id" in _data:
                _raw = _data["dataset_id"]
                _result.dataset_id = None if _raw is None else _raw if isinstance(_raw, str) else decode_text(_raw)
            else:
                _absent += 1
            if "sampling_rate" in _data:
                _result.sampling_rate = _data["sampling_rate"]
            else:
                _absent += 1
            if "run_configuration" in _data:
                _raw = _data["run_configuration"]
                _result.run_configuration = (
                    None
                    if _raw is None
                    else decode_variant(
                        _raw,
                        "experiment_type",
                        (
                            _stored_llm_generation_run_config(),
                            _stored_template_evaluation_run_config(),
                            _stored_agent_call_run_config(),
                        ),
                    )
                )
            else:
                _absent += 1
            if "query_filters" in _data:
                _raw = _data["query_filters"]
                _result.query_filters = None if _raw is None else _task_query_filters_decoder()(_raw)
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 16:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
