"""The kinds of resources that can be looked up by name, with their list requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta.api.datasets import list_datasets
from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.experiments import list_experiments
from axtasks_api_beta.api.projects import list_projects
from axtasks_api_beta.api.spaces import list_spaces
from axtasks_api_beta.api.tasks import list_tasks
from axtasks_api_beta.types import Unset

from axtasks.engine.effects import Flow, send
from axtasks.pagination.page import DatasetPage, EvaluatorPage, ExperimentPage, ProjectPage, SpacePage, TaskPage

if TYPE_CHECKING:
    from axtasks.pagination.cursor import ListResponse
    from axtasks.pagination.page import Page

PageT = TypeVar("PageT", bound="Page[Any]")

# Sends the request for one page: name filter, id of the space or other owner, cursor, page size.
ListNamed = Callable[[str | Unset, str | Unset, str | Unset, int], Flow["ListResponse"]]


class ResourceKind(NamedTuple, Generic[PageT]):
    """A kind of resource that can be listed and looked up by name.

    Attributes:
        noun: its name in messages, and the name of its argument.
        page: the class of its pages.
        list: sends the request for one page.
    """

    noun: str
    page: type[PageT]
    list: ListNamed


SPACE = ResourceKind(
    "space", SpacePage, lambda n, o, c, size: send(list_spaces.operation, name=n, org_id=o, limit=size, cursor=c)
)
TASK = ResourceKind(
    "task", TaskPage, lambda n, s, c, size: send(list_tasks.operation, name=n, space_id=s, limit=size, cursor=c)
)
PROJECT = ResourceKind(
    "project",
    ProjectPage,
    lambda n, s, c, size: send(list_projects.operation, name=n, space_id=s, limit=size, cursor=c),
)
DATASET = ResourceKind(
    "dataset",
    DatasetPage,
    lambda n, s, c, size: send(list_datasets.operation, name=n, space_id=s, limit=size, cursor=c),
)
EVALUATOR = ResourceKind(
    "evaluator",
    EvaluatorPage,
    lambda n, s, c, size: send(list_evaluators.operation, name=n, space_id=s, limit=size, cursor=c),
)
# The names of experiments are unique within a dataset rather than a space.
EXPERIMENT = ResourceKind(
    "experiment",
    ExperimentPage,
    lambda n, d, c, size: send(list_experiments.operation, name=n, dataset_id=d, limit=size, cursor=c),
)
# Only in the beta dialect.
EXPERIMENT_OF_SPACE = ResourceKind(
    "experiment",
    ExperimentPage,
    lambda n, s, c, size: send(list_experiments.operation, name=n, space_id=s, limit=size, cursor=c),
)
