"""A client for the Arize AX Tasks API. Everything public is here, and is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from axtasks_api_beta.models import (
        AgentCallRunConfig,
        Dataset,
        Evaluator,
        Experiment,
        InputVariableFormat,
        LlmGenerationRunConfig,
        LLMMessage,
        MessageRole,
        Project,
        Space,
        StoredAgentCallRunConfig,
        StoredLlmGenerationRunConfig,
        StoredTemplateEvaluationRunConfig,
        Task,
        TaskEvaluatorInput,
        TaskQueryFilterInput,
        TaskQueryFiltersInput,
        TaskQueryMappingInput,
        TaskRun,
        TaskRunStatus,
        TaskType,
        TemplateEvaluationRunConfig,
    )
    from axtasks_api_beta.types import UNSET, Unset

    from .client import AsyncAxClient, AxClient
    from .completions import RunsAsCompleted
    from .core import Clock
    from .errors import (
        AmbiguousNameError,
        AmbiguousOutcomeError,
        APIError,
        AuthenticationError,
        AxError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        ConnectionFailedError,
        ContractViolationError,
        DeadlineExceededError,
        Deviation,
        InvalidArgumentError,
        NotApplicableError,
        NotFoundError,
        NotInContractError,
        PermissionDeniedError,
        RateLimitError,
        RepeatedCursorError,
        RequestTimeoutError,
        ResolutionError,
        ResponseError,
        ResponseTooLargeError,
        RunCancelledError,
        RunError,
        RunFailedError,
        RunTimeoutError,
        ServerError,
        SpaceRequiredError,
        TooManyPagesError,
        TransportError,
        UndecodableBodyError,
        UnknownNameError,
        UnknownRunStatusError,
        UnprocessableEntityError,
        WrongKindError,
    )
    from .events import RequestEvent, ResponseEvent, RetryEvent
    from .flows.raw import RawAnswer
    from .hooks import Hooks
    from .ids import is_id
    from .limits import Limits
    from .names import NameMemory
    from .pages import DatasetPage, EvaluatorPage, ExperimentPage, ProjectPage, SpacePage, TaskPage, TaskRunPage
    from .paging import Page
    from .polling import Poll
    from .retry import RetryPolicy
    from .timeouts import Timeouts
    from .triggering import TriggerOutcome, TriggerRequest

# Each public name with the module it is found in.
_HOMES = {
    "axtasks.client": (
        "AsyncAxClient",
        "AxClient",
    ),
    "axtasks.completions": ("RunsAsCompleted",),
    "axtasks.core": ("Clock",),
    "axtasks.errors": (
        "APIError",
        "AmbiguousNameError",
        "AmbiguousOutcomeError",
        "AuthenticationError",
        "AxError",
        "BadRequestError",
        "ConfigurationError",
        "ConflictError",
        "ConnectionFailedError",
        "ContractViolationError",
        "DeadlineExceededError",
        "Deviation",
        "InvalidArgumentError",
        "NotApplicableError",
        "NotFoundError",
        "NotInContractError",
        "PermissionDeniedError",
        "RateLimitError",
        "RepeatedCursorError",
        "RequestTimeoutError",
        "ResolutionError",
        "ResponseError",
        "ResponseTooLargeError",
        "RunCancelledError",
        "RunError",
        "RunFailedError",
        "RunTimeoutError",
        "ServerError",
        "SpaceRequiredError",
        "TooManyPagesError",
        "TransportError",
        "UndecodableBodyError",
        "UnknownNameError",
        "UnknownRunStatusError",
        "UnprocessableEntityError",
        "WrongKindError",
    ),
    "axtasks.events": (
        "RequestEvent",
        "ResponseEvent",
        "RetryEvent",
    ),
    "axtasks.flows.raw": ("RawAnswer",),
    "axtasks.hooks": ("Hooks",),
    "axtasks.ids": ("is_id",),
    "axtasks.limits": ("Limits",),
    "axtasks.names": ("NameMemory",),
    "axtasks.pages": (
        "DatasetPage",
        "EvaluatorPage",
        "ExperimentPage",
        "ProjectPage",
        "SpacePage",
        "TaskPage",
        "TaskRunPage",
    ),
    "axtasks.paging": ("Page",),
    "axtasks.polling": ("Poll",),
    "axtasks.retry": ("RetryPolicy",),
    "axtasks.timeouts": ("Timeouts",),
    "axtasks.triggering": (
        "TriggerOutcome",
        "TriggerRequest",
    ),
    "axtasks_api_beta.models": (
        "AgentCallRunConfig",
        "Dataset",
        "Evaluator",
        "Experiment",
        "InputVariableFormat",
        "LLMMessage",
        "LlmGenerationRunConfig",
        "MessageRole",
        "Project",
        "Space",
        "StoredAgentCallRunConfig",
        "StoredLlmGenerationRunConfig",
        "StoredTemplateEvaluationRunConfig",
        "Task",
        "TaskEvaluatorInput",
        "TaskQueryFilterInput",
        "TaskQueryFiltersInput",
        "TaskQueryMappingInput",
        "TaskRun",
        "TaskRunStatus",
        "TaskType",
        "TemplateEvaluationRunConfig",
    ),
    "axtasks_api_beta.types": (
        "UNSET",
        "Unset",
    ),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "UNSET",
    "APIError",
    "AgentCallRunConfig",
    "AmbiguousNameError",
    "AmbiguousOutcomeError",
    "AsyncAxClient",
    "AuthenticationError",
    "AxClient",
    "AxError",
    "BadRequestError",
    "Clock",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContractViolationError",
    "Dataset",
    "DatasetPage",
    "DeadlineExceededError",
    "Deviation",
    "Evaluator",
    "EvaluatorPage",
    "Experiment",
    "ExperimentPage",
    "Hooks",
    "InputVariableFormat",
    "InvalidArgumentError",
    "LLMMessage",
    "Limits",
    "LlmGenerationRunConfig",
    "MessageRole",
    "NameMemory",
    "NotApplicableError",
    "NotFoundError",
    "NotInContractError",
    "Page",
    "PermissionDeniedError",
    "Poll",
    "Project",
    "ProjectPage",
    "RateLimitError",
    "RawAnswer",
    "RepeatedCursorError",
    "RequestEvent",
    "RequestTimeoutError",
    "ResolutionError",
    "ResponseError",
    "ResponseEvent",
    "ResponseTooLargeError",
    "RetryEvent",
    "RetryPolicy",
    "RunCancelledError",
    "RunError",
    "RunFailedError",
    "RunTimeoutError",
    "RunsAsCompleted",
    "ServerError",
    "Space",
    "SpacePage",
    "SpaceRequiredError",
    "StoredAgentCallRunConfig",
    "StoredLlmGenerationRunConfig",
    "StoredTemplateEvaluationRunConfig",
    "Task",
    "TaskEvaluatorInput",
    "TaskPage",
    "TaskQueryFilterInput",
    "TaskQueryFiltersInput",
    "TaskQueryMappingInput",
    "TaskRun",
    "TaskRunPage",
    "TaskRunStatus",
    "TaskType",
    "TemplateEvaluationRunConfig",
    "Timeouts",
    "TooManyPagesError",
    "TransportError",
    "TriggerOutcome",
    "TriggerRequest",
    "UndecodableBodyError",
    "UnknownNameError",
    "UnknownRunStatusError",
    "UnprocessableEntityError",
    "Unset",
    "WrongKindError",
    "__version__",
    "is_id",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
