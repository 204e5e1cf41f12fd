"""A client for the Arize AX Tasks API. Everything public is here, and is imported when it is first used."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from axtasks_api.models import (
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
    from axtasks_api.types import UNSET, Unset

    from .backfill.outcome import BackfillPlan, PlannedWindow, WindowOutcome
    from .client import AsyncAxClient, AxClient
    from .config.events import Poll, RequestEvent, ResponseEvent, RetryEvent
    from .config.hooks import Hooks
    from .config.options import Clock, Limits, NameMemory, RetryPolicy, Timeouts
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
        ProxyFailedError,
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
        UntrustedCertificateError,
        WrongKindError,
    )
    from .pagination.page import AsyncPage, Page
    from .pagination.resource_pages import (
        AsyncDatasetPage,
        AsyncEvaluatorPage,
        AsyncExperimentPage,
        AsyncProjectPage,
        AsyncSpacePage,
        AsyncTaskPage,
        AsyncTaskRunPage,
        DatasetPage,
        EvaluatorPage,
        ExperimentPage,
        ProjectPage,
        SpacePage,
        TaskPage,
        TaskRunPage,
    )
    from .resolution.ids import is_id
    from .resolution.resolver import ALL_SPACES
    from .resources.backfill import AsyncBackfill, Backfill
    from .resources.ensure_run import EnsuredRun
    from .resources.raw_request import RawAnswer
    from .resources.trigger_runs import TriggerOutcome, TriggerRequest
    from .resources.wait_for_runs import AsyncRunsAsCompleted, RunsAsCompleted

# Each public name with the module it is found in.
_HOMES = {
    "axtasks.backfill.outcome": ("BackfillPlan", "PlannedWindow", "WindowOutcome"),
    "axtasks.client": ("AsyncAxClient", "AxClient"),
    "axtasks.config.events": ("Poll", "RequestEvent", "ResponseEvent", "RetryEvent"),
    "axtasks.config.hooks": ("Hooks",),
    "axtasks.config.options": ("Clock", "Limits", "NameMemory", "RetryPolicy", "Timeouts"),
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
        "ProxyFailedError",
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
        "UntrustedCertificateError",
        "WrongKindError",
    ),
    "axtasks.pagination.page": ("AsyncPage", "Page"),
    "axtasks.pagination.resource_pages": (
        "AsyncDatasetPage",
        "AsyncEvaluatorPage",
        "AsyncExperimentPage",
        "AsyncProjectPage",
        "AsyncSpacePage",
        "AsyncTaskPage",
        "AsyncTaskRunPage",
        "DatasetPage",
        "EvaluatorPage",
        "ExperimentPage",
        "ProjectPage",
        "SpacePage",
        "TaskPage",
        "TaskRunPage",
    ),
    "axtasks.resolution.ids": ("is_id",),
    "axtasks.resolution.resolver": ("ALL_SPACES",),
    "axtasks.resources.backfill": ("AsyncBackfill", "Backfill"),
    "axtasks.resources.ensure_run": ("EnsuredRun",),
    "axtasks.resources.raw_request": ("RawAnswer",),
    "axtasks.resources.trigger_runs": ("TriggerOutcome", "TriggerRequest"),
    "axtasks.resources.wait_for_runs": ("AsyncRunsAsCompleted", "RunsAsCompleted"),
    "axtasks_api.models": (
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
    "axtasks_api.types": ("UNSET", "Unset"),
}
_IMPORTER = "importlib._bootstrap"
_MODULES = {name: module for module, names in _HOMES.items() for name in names}
# Modules of version 0.1.0 that pickled objects name, with the modules that have their contents now.
_FORMER_MODULES = {
    "axtasks.core": "axtasks.config.options",
    "axtasks.errors.root": "axtasks.errors",
    "axtasks.events": "axtasks.config.events",
    "axtasks.flows": "axtasks.resources",
    "axtasks.flows.raw": "axtasks.resources.raw_request",
    "axtasks.hooks": "axtasks.config.hooks",
    "axtasks.limits": "axtasks.config.options",
    "axtasks.names": "axtasks.config.options",
    "axtasks.retry": "axtasks.config.options",
    "axtasks.strict": "axtasks.errors",
    "axtasks.timeouts": "axtasks.config.options",
    "axtasks.triggering": "axtasks.resources.trigger_runs",
    "axtasks.values": "axtasks.config.options",
}


class _FormerModule(ModuleType):
    """A module of an earlier version, for objects that were pickled by it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            # Tools ask all modules for their files and the like, which is no reason to import anything.
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(import_module(_FORMER_MODULES[self.__name__]), name)


# Names that programs for the vendor's package import, with what they are called here.
_VENDOR_NAMES = {
    "ApiException": "APIError",
    "ArizeClient": "AxClient",
    "BadRequestException": "BadRequestError",
    "ConflictException": "ConflictError",
    "ForbiddenException": "PermissionDeniedError",
    "InvalidDefaultHeadersError": "ConfigurationError",
    "ListTaskRunsResponse": "TaskRunPage",
    "ListTasksResponse": "TaskPage",
    "AgentCallRunConfigRequest": "AgentCallRunConfig",
    "LlmGenerationRunConfigRequest": "LlmGenerationRunConfig",
    "TemplateEvaluationRunConfigRequest": "TemplateEvaluationRunConfig",
    "MissingAPIKeyError": "ConfigurationError",
    "MultipleEndpointOverridesError": "ConfigurationError",
    "NotFoundException": "NotFoundError",
    "PaginationMetadata": "Page",
    "RunConfiguration": "LlmGenerationRunConfig, TemplateEvaluationRunConfig or AgentCallRunConfig",
    "RunConfigurationRequest": "LlmGenerationRunConfig, TemplateEvaluationRunConfig or AgentCallRunConfig",
    "RunStatus": "TaskRunStatus",
    "ServiceException": "ServerError",
    "TaskEvaluator": "TaskEvaluatorInput",
    "TaskQueryFilter": "TaskQueryFilterInput",
    "TaskQueryFilters": "TaskQueryFiltersInput",
    "TaskQueryMapping": "TaskQueryMappingInput",
    "UnauthorizedException": "AuthenticationError",
    "UnprocessableEntityException": "UnprocessableEntityError",
}

for _name in _FORMER_MODULES:
    sys.modules.setdefault(_name, _FormerModule(_name))

__all__ = [
    "ALL_SPACES",
    "UNSET",
    "APIError",
    "AgentCallRunConfig",
    "AmbiguousNameError",
    "AmbiguousOutcomeError",
    "AsyncAxClient",
    "AsyncBackfill",
    "AsyncDatasetPage",
    "AsyncEvaluatorPage",
    "AsyncExperimentPage",
    "AsyncPage",
    "AsyncProjectPage",
    "AsyncRunsAsCompleted",
    "AsyncSpacePage",
    "AsyncTaskPage",
    "AsyncTaskRunPage",
    "AuthenticationError",
    "AxClient",
    "AxError",
    "Backfill",
    "BackfillPlan",
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
    "EnsuredRun",
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
    "PlannedWindow",
    "Poll",
    "Project",
    "ProjectPage",
    "ProxyFailedError",
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
    "UntrustedCertificateError",
    "WindowOutcome",
    "WrongKindError",
    "__version__",
    "is_id",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        hint = f"; did you mean {_VENDOR_NAMES[name]}?" if name in _VENDOR_NAMES else ""
        # An import asks for the names that it is after, and words the error for one that is missing itself, without
        # the hint.
        if hint and sys._getframe(1).f_globals.get("__name__") == _IMPORTER:  # noqa: SLF001  # there is no other way
            raise ImportError(f"cannot import name {name!r} from {__name__!r}{hint}", name=__name__, path=__file__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
    value: object = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
