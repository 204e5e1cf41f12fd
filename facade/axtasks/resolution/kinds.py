"""The kinds of resources that can be looked up by name, with their list requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api.api.ai_integrations import list_ai_integrations
from axtasks_api.api.datasets import list_datasets
from axtasks_api.api.evaluators import list_evaluators
from axtasks_api.api.experiments import list_experiments
from axtasks_api.api.integrations import list_integrations
from axtasks_api.api.projects import list_projects
from axtasks_api.api.prompts import list_prompts
from axtasks_api.api.spaces import list_spaces
from axtasks_api.api.tasks import list_tasks

from axtasks.engine.attempts import send
from axtasks.pagination.page import PageKinds
from axtasks.pagination.resource_pages import (
    AiIntegrationPage,
    AsyncAiIntegrationPage,
    AsyncDatasetPage,
    AsyncEvaluatorPage,
    AsyncExperimentPage,
    AsyncIntegrationPage,
    AsyncProjectPage,
    AsyncPromptPage,
    AsyncSpacePage,
    AsyncTaskPage,
    DatasetPage,
    EvaluatorPage,
    ExperimentPage,
    IntegrationPage,
    ProjectPage,
    PromptPage,
    SpacePage,
    TaskPage,
)

if TYPE_CHECKING:
    from axtasks_api.operation import Operation
    from axtasks_api.types import Unset

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.cursor import ListResponse

PagesT = TypeVar("PagesT", bound=PageKinds[Any, Any])


class ResourceKind(NamedTuple, Generic[PagesT]):
    """A kind of resource that can be listed and looked up by name.

    Attributes:
        noun: its name in messages, and the name of its argument.
        pages: the classes of its pages.
        operation: the list operation.
        owner: the parameter of the operation that limits the list to one space or other owner.
    """

    noun: str
    pages: PagesT
    operation: Operation[..., Any]
    owner: str = "space_id"

    @property
    def wire_name(self) -> str:
        """The name of its list in the API."""
        name: str = self.pages.blocking.wire_name
        return name

    def list(
        self,
        context: ClientContext,
        name: str | Unset,
        owner_id: str | Unset,
        cursor: str | Unset,
        limit: int,
        **filters: object,
    ) -> Flow[ListResponse]:
        """Read one page of the resources whose name contains this one."""
        given = {**filters, self.owner: owner_id}
        return send(context, self.operation, name=name, limit=limit, cursor=cursor, **given)


SPACE = ResourceKind("space", PageKinds(SpacePage, AsyncSpacePage), list_spaces.operation, "org_id")
TASK = ResourceKind("task", PageKinds(TaskPage, AsyncTaskPage), list_tasks.operation)
PROJECT = ResourceKind("project", PageKinds(ProjectPage, AsyncProjectPage), list_projects.operation)
DATASET = ResourceKind("dataset", PageKinds(DatasetPage, AsyncDatasetPage), list_datasets.operation)
EVALUATOR = ResourceKind("evaluator", PageKinds(EvaluatorPage, AsyncEvaluatorPage), list_evaluators.operation)
# The names of experiments are unique within a dataset rather than a space.
EXPERIMENT = ResourceKind(
    "experiment", PageKinds(ExperimentPage, AsyncExperimentPage), list_experiments.operation, "dataset_id"
)
# Only in the beta dialect.
EXPERIMENT_OF_SPACE = ResourceKind(
    "experiment", PageKinds(ExperimentPage, AsyncExperimentPage), list_experiments.operation
)
# All of these are only in the beta dialect.
AI_INTEGRATION = ResourceKind(
    "AI integration", PageKinds(AiIntegrationPage, AsyncAiIntegrationPage), list_ai_integrations.operation
)
INTEGRATION = ResourceKind("integration", PageKinds(IntegrationPage, AsyncIntegrationPage), list_integrations.operation)
PROMPT = ResourceKind("prompt", PageKinds(PromptPage, AsyncPromptPage), list_prompts.operation)
