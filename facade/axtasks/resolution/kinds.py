"""The kinds of resources that can be looked up by name, with their list requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api.api.datasets import list_datasets
from axtasks_api.api.evaluators import list_evaluators
from axtasks_api.api.experiments import list_experiments
from axtasks_api.api.projects import list_projects
from axtasks_api.api.spaces import list_spaces
from axtasks_api.api.tasks import list_tasks

from axtasks.engine.attempts import send
from axtasks.pagination.page import DatasetPage, EvaluatorPage, ExperimentPage, ProjectPage, SpacePage, TaskPage

if TYPE_CHECKING:
    from axtasks_api.operation import Operation
    from axtasks_api.types import Unset

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.cursor import ListResponse
    from axtasks.pagination.page import Page

PageT = TypeVar("PageT", bound="Page[Any]")


class ResourceKind(NamedTuple, Generic[PageT]):
    """A kind of resource that can be listed and looked up by name.

    Attributes:
        noun: its name in messages, and the name of its argument.
        page: the class of its pages.
        operation: the list operation.
        owner: the parameter of the operation that limits the list to one space or other owner.
    """

    noun: str
    page: type[PageT]
    operation: Operation[..., Any]
    owner: str = "space_id"

    def list(
        self, context: ClientContext, name: str | Unset, owner_id: str | Unset, cursor: str | Unset, limit: int
    ) -> Flow[ListResponse]:
        """Read one page of the resources whose name contains this one."""
        return send(context, self.operation, name=name, limit=limit, cursor=cursor, **{self.owner: owner_id})


SPACE = ResourceKind("space", SpacePage, list_spaces.operation, "org_id")
TASK = ResourceKind("task", TaskPage, list_tasks.operation)
PROJECT = ResourceKind("project", ProjectPage, list_projects.operation)
DATASET = ResourceKind("dataset", DatasetPage, list_datasets.operation)
EVALUATOR = ResourceKind("evaluator", EvaluatorPage, list_evaluators.operation)
# The names of experiments are unique within a dataset rather than a space.
EXPERIMENT = ResourceKind("experiment", ExperimentPage, list_experiments.operation, "dataset_id")
# Only in the beta dialect.
EXPERIMENT_OF_SPACE = ResourceKind("experiment", ExperimentPage, list_experiments.operation)
