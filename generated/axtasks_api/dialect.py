# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
"""The dialects of the contract: how each spells values that have other names in Python, and what it lacks."""

from collections.abc import Mapping
from typing import NamedTuple

# Enum, or Model.field of a constant, to: name in Python to spelling on the wire.
SPELLING: Mapping[str, Mapping[str, str]] = {
    "AgentCallRunConfig.experiment_type": {
        "agent_call": "AGENT_CALL",
    },
    "CreateCodeEvaluationTaskRequest.type": {
        "code_evaluation": "CODE_EVALUATION",
    },
    "CreateRunExperimentTaskRequest.type": {
        "run_experiment": "RUN_EXPERIMENT",
    },
    "CreateTemplateEvaluationTaskRequest.type": {
        "template_evaluation": "TEMPLATE_EVALUATION",
    },
    "EvaluatorType": {
        "template": "TEMPLATE",
        "code": "CODE",
        "harness": "HARNESS",
        "remote": "REMOTE",
    },
    "InputVariableFormat": {
        "f_string": "F_STRING",
        "mustache": "MUSTACHE",
        "none": "NONE",
    },
    "LlmGenerationRunConfig.experiment_type": {
        "llm_generation": "LLM_GENERATION",
    },
    "MessageRole": {
        "user": "USER",
        "assistant": "ASSISTANT",
        "system": "SYSTEM",
        "tool": "TOOL",
    },
    "ResponseFormatType": {
        "text": "TEXT",
        "json_object": "JSON_OBJECT",
        "json_schema": "JSON_SCHEMA",
    },
    "StoredAgentCallRunConfig.experiment_type": {
        "agent_call": "AGENT_CALL",
    },
    "StoredLlmGenerationRunConfig.experiment_type": {
        "llm_generation": "LLM_GENERATION",
    },
    "StoredTemplateEvaluationRunConfig.experiment_type": {
        "template_evaluation": "TEMPLATE_EVALUATION",
    },
    "TaskRunStatus": {
        "pending": "PENDING",
        "running": "RUNNING",
        "completed": "COMPLETED",
        "failed": "FAILED",
        "cancelled": "CANCELLED",
    },
    "TaskType": {
        "template_evaluation": "TEMPLATE_EVALUATION",
        "code_evaluation": "CODE_EVALUATION",
        "run_experiment": "RUN_EXPERIMENT",
    },
    "TemplateEvaluationRunConfig.experiment_type": {
        "template_evaluation": "TEMPLATE_EVALUATION",
    },
    "ToolCallType": {
        "function": "FUNCTION",
    },
}
# The same of the contract without overlays.
FORMER_SPELLING: Mapping[str, Mapping[str, str]] = {
}
# Class or operation, to the fields, values or parameters that it has with overlays alone; none where all of it is new.
ADDED: Mapping[str, frozenset[str]] = {
    "AgentCallRunConfig": frozenset(),
    "CreateCodeEvaluationTaskRequest": frozenset({"query_filters"}),
    "CreateTemplateEvaluationTaskRequest": frozenset({"query_filters"}),
    "EvaluatorType": frozenset({"harness", "remote"}),
    "Experiment": frozenset({"integration_id", "space_id"}),
    "Problem": frozenset({"error_code"}),
    "Space": frozenset({"is_private", "organization_id"}),
    "StoredAgentCallRunConfig": frozenset(),
    "Task": frozenset({"query_filters"}),
    "TaskEvaluator": frozenset({"evaluator_version_id", "query_mappings"}),
    "TaskEvaluatorInput": frozenset({"evaluator_version_id", "query_mappings"}),
    "TaskQueryFilter": frozenset(),
    "TaskQueryFilterInput": frozenset(),
    "TaskQueryFilters": frozenset(),
    "TaskQueryFiltersInput": frozenset(),
    "TaskQueryMapping": frozenset(),
    "TaskQueryMappingInput": frozenset(),
    "TaskRun": frozenset({"failure_reason"}),
    "TriggerRunExperimentTaskRunRequest": frozenset({"query_filter"}),
    "UpdateEvaluationTaskRequest": frozenset({"query_filters"}),
    "list_experiments": frozenset({"space_id"}),
}


class Dialect(NamedTuple):
    """A dialect of the contract.

    Attributes:
        stage: how far the API has come.
        spelling: how values are spelled.
        lacks: the fields, values and parameters that it does not have, by class or operation; none for all of it.
    """

    stage: str
    spelling: Mapping[str, Mapping[str, str]]
    lacks: Mapping[str, frozenset[str]]


DIALECTS: Mapping[str, Dialect] = {
    "documents": Dialect("alpha", FORMER_SPELLING, ADDED),
    "beta": Dialect("beta", SPELLING, {}),
}
# Spoken where no other is named.
DEFAULT_DIALECT = "documents"
