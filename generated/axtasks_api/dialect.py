# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""The dialects of the contract: how each spells values that have other names in Python, and what it lacks."""

from collections.abc import Mapping
from typing import NamedTuple

# Enum, or Model.field of a constant, to: name in Python to spelling on the wire.
SPELLING: Mapping[str, Mapping[str, str]] = {
    "AgentCallRunConfig.experiment_type": {
        "agent_call": "AGENT_CALL",
    },
    "AiIntegrationAuthType": {
        "default": "DEFAULT",
        "proxy_with_headers": "PROXY_WITH_HEADERS",
        "bearer_token": "BEARER_TOKEN",
        "oauth2_client_credentials": "OAUTH2_CLIENT_CREDENTIALS",
    },
    "AiIntegrationProvider": {
        "open_ai": "OPEN_AI",
        "azure_open_ai": "AZURE_OPEN_AI",
        "aws_bedrock": "AWS_BEDROCK",
        "vertex_ai": "VERTEX_AI",
        "anthropic": "ANTHROPIC",
        "custom": "CUSTOM",
        "nvidia_nim": "NVIDIA_NIM",
        "gemini": "GEMINI",
        "litellm": "LITELLM",
        "fireworks": "FIREWORKS",
        "together_ai": "TOGETHER_AI",
    },
    "CodeConfigType": {
        "managed": "MANAGED",
        "custom": "CUSTOM",
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
    "DataGranularity": {
        "span": "SPAN",
        "trace": "TRACE",
        "session": "SESSION",
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
    "IntegrationType": {
        "llm": "LLM",
        "agent": "AGENT",
        "evaluator": "EVALUATOR",
    },
    "LlmGenerationRunConfig.experiment_type": {
        "llm_generation": "LLM_GENERATION",
    },
    "LlmProvider": {
        "open_ai": "OPEN_AI",
        "azure_open_ai": "AZURE_OPEN_AI",
        "aws_bedrock": "AWS_BEDROCK",
        "vertex_ai": "VERTEX_AI",
        "anthropic": "ANTHROPIC",
        "custom": "CUSTOM",
    },
    "ManagedCodeEvaluator": {
        "matches_regex": "MATCHES_REGEX",
        "json_parseable": "JSON_PARSEABLE",
        "contains_any_keyword": "CONTAINS_ANY_KEYWORD",
        "contains_all_keywords": "CONTAINS_ALL_KEYWORDS",
        "exact_match": "EXACT_MATCH",
    },
    "MessageRole": {
        "user": "USER",
        "assistant": "ASSISTANT",
        "system": "SYSTEM",
        "tool": "TOOL",
    },
    "OptimizationDirection": {
        "maximize": "MAXIMIZE",
        "minimize": "MINIMIZE",
        "none": "NONE",
    },
    "ProjectType": {
        "application": "APPLICATION",
        "harness": "HARNESS",
        "experiment": "EXPERIMENT",
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
    "AiIntegration": frozenset(),
    "AiIntegrationAuthType": frozenset(),
    "AiIntegrationListResponse": frozenset(),
    "AiIntegrationProvider": frozenset(),
    "CodeConfig": frozenset(),
    "CodeConfigType": frozenset(),
    "CreateCodeEvaluationTaskRequest": frozenset({"query_filters"}),
    "CreateTemplateEvaluationTaskRequest": frozenset({"query_filters"}),
    "DataGranularity": frozenset(),
    "DefaultAgentRuntime": frozenset(),
    "DefaultLlmIntegration": frozenset(),
    "Evaluator": frozenset({"version"}),
    "EvaluatorLlmConfig": frozenset(),
    "EvaluatorType": frozenset({"harness", "remote"}),
    "EvaluatorVersion": frozenset(),
    "EvaluatorVersionListResponse": frozenset(),
    "Experiment": frozenset({"integration_id", "space_id"}),
    "Integration": frozenset(),
    "IntegrationListResponse": frozenset(),
    "IntegrationScoping": frozenset(),
    "IntegrationType": frozenset(),
    "LlmProvider": frozenset(),
    "ManagedCodeEvaluator": frozenset(),
    "OptimizationDirection": frozenset(),
    "Problem": frozenset({"error_code"}),
    "Project": frozenset({"project_type"}),
    "ProjectType": frozenset(),
    "Prompt": frozenset(),
    "PromptListResponse": frozenset(),
    "PromptVersion": frozenset(),
    "PromptVersionListResponse": frozenset(),
    "RemoteConfig": frozenset(),
    "Space": frozenset({"default_agent_runtime", "default_llm_integration", "gradient_end_color", "gradient_start_color", "is_private", "ml_models_enabled", "organization_id"}),
    "StoredAgentCallRunConfig": frozenset(),
    "StoredInvocationParams": frozenset({"service_tier"}),
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
    "TemplateConfig": frozenset(),
    "TriggerRunExperimentTaskRunRequest": frozenset({"query_filter"}),
    "UpdateEvaluationTaskRequest": frozenset({"query_filters"}),
    "get_ai_integration": frozenset(),
    "get_evaluator_version": frozenset(),
    "get_integration": frozenset(),
    "get_prompt": frozenset(),
    "get_prompt_version": frozenset(),
    "list_ai_integrations": frozenset(),
    "list_evaluator_versions": frozenset(),
    "list_experiments": frozenset({"space_id"}),
    "list_integrations": frozenset(),
    "list_projects": frozenset({"project_type"}),
    "list_prompt_versions": frozenset(),
    "list_prompts": frozenset(),
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
