# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""All data models. Each is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agent_call_run_config import AgentCallRunConfig
    from .ai_integration import AiIntegration
    from .ai_integration_auth_type import AiIntegrationAuthType
    from .ai_integration_list_response import AiIntegrationListResponse
    from .ai_integration_provider import AiIntegrationProvider
    from .code_config import CodeConfig
    from .code_config_type import CodeConfigType
    from .create_code_evaluation_task_request import CreateCodeEvaluationTaskRequest
    from .create_run_experiment_task_request import CreateRunExperimentTaskRequest
    from .create_template_evaluation_task_request import CreateTemplateEvaluationTaskRequest
    from .data_granularity import DataGranularity
    from .dataset import Dataset
    from .dataset_list_response import DatasetListResponse
    from .dataset_version import DatasetVersion
    from .default_agent_runtime import DefaultAgentRuntime
    from .default_llm_integration import DefaultLlmIntegration
    from .evaluator import Evaluator
    from .evaluator_list_response import EvaluatorListResponse
    from .evaluator_llm_config import EvaluatorLlmConfig
    from .evaluator_type import EvaluatorType
    from .evaluator_version import EvaluatorVersion
    from .evaluator_version_list_response import EvaluatorVersionListResponse
    from .experiment import Experiment
    from .experiment_list_response import ExperimentListResponse
    from .input_variable_format import InputVariableFormat
    from .integration import Integration
    from .integration_list_response import IntegrationListResponse
    from .integration_scoping import IntegrationScoping
    from .integration_type import IntegrationType
    from .invocation_params import InvocationParams
    from .llm_generation_run_config import LlmGenerationRunConfig
    from .llm_message import LLMMessage
    from .llm_provider import LlmProvider
    from .managed_code_evaluator import ManagedCodeEvaluator
    from .message_role import MessageRole
    from .optimization_direction import OptimizationDirection
    from .pagination_metadata import PaginationMetadata
    from .problem import Problem
    from .project import Project
    from .project_list_response import ProjectListResponse
    from .project_type import ProjectType
    from .prompt import Prompt
    from .prompt_list_response import PromptListResponse
    from .prompt_version import PromptVersion
    from .prompt_version_list_response import PromptVersionListResponse
    from .remote_config import RemoteConfig
    from .response_format import ResponseFormat
    from .response_format_json_schema import ResponseFormatJsonSchema
    from .response_format_type import ResponseFormatType
    from .space import Space
    from .space_list_response import SpaceListResponse
    from .stored_agent_call_run_config import StoredAgentCallRunConfig
    from .stored_invocation_params import StoredInvocationParams
    from .stored_llm_generation_run_config import StoredLlmGenerationRunConfig
    from .stored_llm_message import StoredLLMMessage
    from .stored_response_format import StoredResponseFormat
    from .stored_response_format_json_schema import StoredResponseFormatJsonSchema
    from .stored_template_evaluation_run_config import StoredTemplateEvaluationRunConfig
    from .stored_tool_call import StoredToolCall
    from .stored_tool_call_function import StoredToolCallFunction
    from .stored_tool_config import StoredToolConfig
    from .task import Task
    from .task_evaluator import TaskEvaluator
    from .task_evaluator_input import TaskEvaluatorInput
    from .task_list_response import TaskListResponse
    from .task_query_filter import TaskQueryFilter
    from .task_query_filter_input import TaskQueryFilterInput
    from .task_query_filters import TaskQueryFilters
    from .task_query_filters_input import TaskQueryFiltersInput
    from .task_query_mapping import TaskQueryMapping
    from .task_query_mapping_input import TaskQueryMappingInput
    from .task_run import TaskRun
    from .task_run_list_response import TaskRunListResponse
    from .task_run_status import TaskRunStatus
    from .task_type import TaskType
    from .template_config import TemplateConfig
    from .template_evaluation_run_config import TemplateEvaluationRunConfig
    from .tool_call import ToolCall
    from .tool_call_function import ToolCallFunction
    from .tool_call_type import ToolCallType
    from .tool_config import ToolConfig
    from .trigger_evaluation_task_run_request import TriggerEvaluationTaskRunRequest
    from .trigger_run_experiment_task_run_request import TriggerRunExperimentTaskRunRequest
    from .update_evaluation_task_request import UpdateEvaluationTaskRequest
    from .update_run_experiment_task_request import UpdateRunExperimentTaskRequest

_MODULES = {
    "AgentCallRunConfig": ".agent_call_run_config",
    "AiIntegration": ".ai_integration",
    "AiIntegrationAuthType": ".ai_integration_auth_type",
    "AiIntegrationListResponse": ".ai_integration_list_response",
    "AiIntegrationProvider": ".ai_integration_provider",
    "CodeConfig": ".code_config",
    "CodeConfigType": ".code_config_type",
    "CreateCodeEvaluationTaskRequest": ".create_code_evaluation_task_request",
    "CreateRunExperimentTaskRequest": ".create_run_experiment_task_request",
    "CreateTemplateEvaluationTaskRequest": ".create_template_evaluation_task_request",
    "DataGranularity": ".data_granularity",
    "Dataset": ".dataset",
    "DatasetListResponse": ".dataset_list_response",
    "DatasetVersion": ".dataset_version",
    "DefaultAgentRuntime": ".default_agent_runtime",
    "DefaultLlmIntegration": ".default_llm_integration",
    "Evaluator": ".evaluator",
    "EvaluatorListResponse": ".evaluator_list_response",
    "EvaluatorLlmConfig": ".evaluator_llm_config",
    "EvaluatorType": ".evaluator_type",
    "EvaluatorVersion": ".evaluator_version",
    "EvaluatorVersionListResponse": ".evaluator_version_list_response",
    "Experiment": ".experiment",
    "ExperimentListResponse": ".experiment_list_response",
    "InputVariableFormat": ".input_variable_format",
    "Integration": ".integration",
    "IntegrationListResponse": ".integration_list_response",
    "IntegrationScoping": ".integration_scoping",
    "IntegrationType": ".integration_type",
    "InvocationParams": ".invocation_params",
    "LlmGenerationRunConfig": ".llm_generation_run_config",
    "LLMMessage": ".llm_message",
    "LlmProvider": ".llm_provider",
    "ManagedCodeEvaluator": ".managed_code_evaluator",
    "MessageRole": ".message_role",
    "OptimizationDirection": ".optimization_direction",
    "PaginationMetadata": ".pagination_metadata",
    "Problem": ".problem",
    "Project": ".project",
    "ProjectListResponse": ".project_list_response",
    "ProjectType": ".project_type",
    "Prompt": ".prompt",
    "PromptListResponse": ".prompt_list_response",
    "PromptVersion": ".prompt_version",
    "PromptVersionListResponse": ".prompt_version_list_response",
    "RemoteConfig": ".remote_config",
    "ResponseFormat": ".response_format",
    "ResponseFormatJsonSchema": ".response_format_json_schema",
    "ResponseFormatType": ".response_format_type",
    "Space": ".space",
    "SpaceListResponse": ".space_list_response",
    "StoredAgentCallRunConfig": ".stored_agent_call_run_config",
    "StoredInvocationParams": ".stored_invocation_params",
    "StoredLlmGenerationRunConfig": ".stored_llm_generation_run_config",
    "StoredLLMMessage": ".stored_llm_message",
    "StoredResponseFormat": ".stored_response_format",
    "StoredResponseFormatJsonSchema": ".stored_response_format_json_schema",
    "StoredTemplateEvaluationRunConfig": ".stored_template_evaluation_run_config",
    "StoredToolCall": ".stored_tool_call",
    "StoredToolCallFunction": ".stored_tool_call_function",
    "StoredToolConfig": ".stored_tool_config",
    "Task": ".task",
    "TaskEvaluator": ".task_evaluator",
    "TaskEvaluatorInput": ".task_evaluator_input",
    "TaskListResponse": ".task_list_response",
    "TaskQueryFilter": ".task_query_filter",
    "TaskQueryFilterInput": ".task_query_filter_input",
    "TaskQueryFilters": ".task_query_filters",
    "TaskQueryFiltersInput": ".task_query_filters_input",
    "TaskQueryMapping": ".task_query_mapping",
    "TaskQueryMappingInput": ".task_query_mapping_input",
    "TaskRun": ".task_run",
    "TaskRunListResponse": ".task_run_list_response",
    "TaskRunStatus": ".task_run_status",
    "TaskType": ".task_type",
    "TemplateConfig": ".template_config",
    "TemplateEvaluationRunConfig": ".template_evaluation_run_config",
    "ToolCall": ".tool_call",
    "ToolCallFunction": ".tool_call_function",
    "ToolCallType": ".tool_call_type",
    "ToolConfig": ".tool_config",
    "TriggerEvaluationTaskRunRequest": ".trigger_evaluation_task_run_request",
    "TriggerRunExperimentTaskRunRequest": ".trigger_run_experiment_task_run_request",
    "UpdateEvaluationTaskRequest": ".update_evaluation_task_request",
    "UpdateRunExperimentTaskRequest": ".update_run_experiment_task_request",
}

__all__ = (
    "AgentCallRunConfig",
    "AiIntegration",
    "AiIntegrationAuthType",
    "AiIntegrationListResponse",
    "AiIntegrationProvider",
    "CodeConfig",
    "CodeConfigType",
    "CreateCodeEvaluationTaskRequest",
    "CreateRunExperimentTaskRequest",
    "CreateTemplateEvaluationTaskRequest",
    "DataGranularity",
    "Dataset",
    "DatasetListResponse",
    "DatasetVersion",
    "DefaultAgentRuntime",
    "DefaultLlmIntegration",
    "Evaluator",
    "EvaluatorListResponse",
    "EvaluatorLlmConfig",
    "EvaluatorType",
    "EvaluatorVersion",
    "EvaluatorVersionListResponse",
    "Experiment",
    "ExperimentListResponse",
    "InputVariableFormat",
    "Integration",
    "IntegrationListResponse",
    "IntegrationScoping",
    "IntegrationType",
    "InvocationParams",
    "LlmGenerationRunConfig",
    "LLMMessage",
    "LlmProvider",
    "ManagedCodeEvaluator",
    "MessageRole",
    "OptimizationDirection",
    "PaginationMetadata",
    "Problem",
    "Project",
    "ProjectListResponse",
    "ProjectType",
    "Prompt",
    "PromptListResponse",
    "PromptVersion",
    "PromptVersionListResponse",
    "RemoteConfig",
    "ResponseFormat",
    "ResponseFormatJsonSchema",
    "ResponseFormatType",
    "Space",
    "SpaceListResponse",
    "StoredAgentCallRunConfig",
    "StoredInvocationParams",
    "StoredLlmGenerationRunConfig",
    "StoredLLMMessage",
    "StoredResponseFormat",
    "StoredResponseFormatJsonSchema",
    "StoredTemplateEvaluationRunConfig",
    "StoredToolCall",
    "StoredToolCallFunction",
    "StoredToolConfig",
    "Task",
    "TaskEvaluator",
    "TaskEvaluatorInput",
    "TaskListResponse",
    "TaskQueryFilter",
    "TaskQueryFilterInput",
    "TaskQueryFilters",
    "TaskQueryFiltersInput",
    "TaskQueryMapping",
    "TaskQueryMappingInput",
    "TaskRun",
    "TaskRunListResponse",
    "TaskRunStatus",
    "TaskType",
    "TemplateConfig",
    "TemplateEvaluationRunConfig",
    "ToolCall",
    "ToolCallFunction",
    "ToolCallType",
    "ToolConfig",
    "TriggerEvaluationTaskRunRequest",
    "TriggerRunExperimentTaskRunRequest",
    "UpdateEvaluationTaskRequest",
    "UpdateRunExperimentTaskRequest",
)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
