"""List and get the resources that tasks refer to: spaces, projects, datasets, experiments and evaluators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api.api.datasets import get_dataset as get_dataset_operation
from axtasks_api.api.evaluators import get_evaluator as get_evaluator_operation
from axtasks_api.api.experiments import get_experiment as get_experiment_operation
from axtasks_api.api.experiments import list_experiments as list_experiments_operation
from axtasks_api.api.projects import get_project as get_project_operation
from axtasks_api.api.spaces import get_space as get_space_operation
from axtasks_api.models import ProjectType
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send
from axtasks.errors import SpaceRequiredError
from axtasks.inputs.evaluators import EVALUATOR_VERSION
from axtasks.resolution.ids import expect_id
from axtasks.resolution.kinds import DATASET, EVALUATOR, EXPERIMENT, EXPERIMENT_OF_SPACE, PROJECT, SPACE
from axtasks.resolution.lookup import find_exact
from axtasks.resolution.resolver import AllSpaces, check_reference, resolve, resolve_scope, resolve_space
from axtasks.validation import enum_member, text

from .listing import list_kind

if TYPE_CHECKING:
    from axtasks_api.models import Dataset, Evaluator, Experiment, Project, Space
    from axtasks_api.models.project_type import ProjectTypeText

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.page import Paged
    from axtasks.pagination.resource_pages import (
        AsyncDatasetPage,
        AsyncEvaluatorPage,
        AsyncExperimentPage,
        AsyncProjectPage,
        AsyncSpacePage,
        DatasetPage,
        EvaluatorPage,
        ExperimentPage,
        ProjectPage,
        SpacePage,
    )


def list_spaces(
    context: ClientContext,
    *,
    name: str | None = None,
    organization: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[SpacePage, AsyncSpacePage]]:
    """One page of the spaces you can read; iterating over it goes on through all pages.

    Args:
        name: part of the name, in any case; at most 255 characters.
        organization: id of an organization.
        limit: the most spaces on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        APIError: the server refused.
    """
    return (yield from list_kind(context, SPACE, _organization_id(organization), name=name, limit=limit, cursor=cursor))


def get_space(context: ClientContext, space: str) -> Flow[Space]:
    """A space by name or id.

    Args:
        space: its name or id.

    Raises:
        ResolutionError: the name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    space_id = yield from resolve_space(context, space)
    return (yield from send(context, get_space_operation.operation, space_id))


def list_projects(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    project_type: ProjectType | ProjectTypeText | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[ProjectPage, AsyncProjectPage]]:
    """One page of the projects you can read; iterating over it goes on through all pages.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        project_type: only projects of this kind, as member or text, which only the beta dialect can do.
        limit: the most projects on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: a type was given, and the server cannot list by it.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    filters = {} if project_type is None else {"project_type": enum_member("project_type", ProjectType, project_type)}
    within = resolve_scope(context, space)
    return (yield from list_kind(context, PROJECT, within, filters, name=name, limit=limit, cursor=cursor))


def get_project(context: ClientContext, project: str, *, space: str | None = None) -> Flow[Project]:
    """A project by name or id.

    Args:
        project: its name or id.
        space: name or id of the space that a name is looked up in.

    Raises:
        ResolutionError: the name or id leads nowhere, or to several projects.
        APIError: the server refused.
    """
    project_id = yield from resolve(context, PROJECT, project, space=space)
    return (yield from send(context, get_project_operation.operation, project_id))


def list_datasets(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[DatasetPage, AsyncDatasetPage]]:
    """One page of the datasets you can read, newest first and without versions; iterating goes on through all pages.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        limit: the most datasets on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    within = resolve_scope(context, space)
    return (yield from list_kind(context, DATASET, within, name=name, limit=limit, cursor=cursor))


def get_dataset(context: ClientContext, dataset: str, *, space: str | None = None) -> Flow[Dataset]:
    """A dataset by name or id, with its versions.

    Args:
        dataset: its name or id.
        space: name or id of the space that a name is looked up in.

    Raises:
        ResolutionError: the name or id leads nowhere, or to several datasets.
        APIError: the server refused.
    """
    dataset_id = yield from resolve(context, DATASET, dataset, space=space)
    return (yield from send(context, get_dataset_operation.operation, dataset_id))


def list_experiments(
    context: ClientContext,
    *,
    dataset: str | None = None,
    space: str | None = None,
    name: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[ExperimentPage, AsyncExperimentPage]]:
    """One page of the experiments you can read; iterating over it goes on through all pages.

    Args:
        dataset: name or id of a dataset.
        space: name or id of the space that the dataset's name is looked up in; without a dataset, of the space whose
            experiments to list, which only the beta dialect can do.
        name: part of the name, in any case; at most 255 characters.
        limit: the most experiments on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: a space was given without a dataset, and the server cannot list by space.
        ResolutionError: the dataset's or the space's name or id leads nowhere, or to several things.
        APIError: the server refused.
    """
    if space is None or isinstance(space, AllSpaces) or dataset is not None:
        within = _dataset_id(context, dataset, space)
        return (yield from list_kind(context, EXPERIMENT, within, name=name, limit=limit, cursor=cursor))
    context.dialect.refuse(list_experiments_operation.operation.id, {"space_id": space})
    within = resolve_scope(context, space)
    return (yield from list_kind(context, EXPERIMENT_OF_SPACE, within, name=name, limit=limit, cursor=cursor))


def get_experiment(
    context: ClientContext, experiment: str, *, dataset: str | None = None, space: str | None = None
) -> Flow[Experiment]:
    """An experiment by name or id.

    Args:
        experiment: its name or id.
        dataset: name or id of the dataset that a name is looked up in.
        space: name or id of the space that the dataset's name is looked up in.

    Raises:
        ResolutionError: a name or an id leads nowhere, or to several things, or a name was given without its dataset.
        APIError: the server refused.
    """
    experiment_id = check_reference(EXPERIMENT, experiment)
    if experiment_id is None:
        if dataset is None:
            raise SpaceRequiredError(
                f"experiment {experiment!r} is a name, and names of experiments are looked up within a dataset: give"
                " dataset=..., or the experiment's id",
                noun=EXPERIMENT.noun,
                value=experiment,
            )
        dataset_id = yield from resolve(context, DATASET, dataset, space=space)
        experiment_id = yield from find_exact(context, EXPERIMENT, experiment, within=dataset_id)
    return (yield from send(context, get_experiment_operation.operation, experiment_id))


def list_evaluators(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[EvaluatorPage, AsyncEvaluatorPage]]:
    """One page of the evaluators you can read, last updated first; iterating over it goes on through all pages.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        limit: the most evaluators on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    within = resolve_scope(context, space)
    return (yield from list_kind(context, EVALUATOR, within, name=name, limit=limit, cursor=cursor))


def get_evaluator(
    context: ClientContext, evaluator: str, *, space: str | None = None, version_id: str | None = None
) -> Flow[Evaluator]:
    """An evaluator by name or id.

    Args:
        evaluator: its name or id.
        space: name or id of the space that a name is looked up in.
        version_id: id of the version to show; the latest when left out.

    Raises:
        InvalidArgumentError: the id of the version is none.
        ResolutionError: the name or id leads nowhere, or to several evaluators.
        APIError: the server refused.
    """
    version = UNSET if version_id is None else expect_id(text("version_id", version_id), EVALUATOR_VERSION)
    evaluator_id = yield from resolve(context, EVALUATOR, evaluator, space=space)
    return (yield from send(context, get_evaluator_operation.operation, evaluator_id, version_id=version))


def _dataset_id(context: ClientContext, dataset: str | None, space: str | None) -> Flow[str | Unset]:
    return UNSET if dataset is None else (yield from resolve(context, DATASET, dataset, space=space))


def _organization_id(organization: str | None) -> Flow[str | Unset]:
    yield from ()
    return UNSET if organization is None else expect_id(text("organization", organization), "organization")
