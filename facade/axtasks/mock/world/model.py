"""The classes of resources and their parts. Attributes that the API never shows are named as such.

`extra` has optional fields that the contract gained and no attribute is for, as a world file set them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .tracking import Tracked

if TYPE_CHECKING:
    from axtasks.mock.jsontypes import JsonObject
else:
    JsonObject = dict[str, Any]  # msgspec does not read types that are made of themselves

ACTING_USER = "VXNlcjoxOm5OYkM="
"""The user that everything is created by: the API has no operation for users."""
DEFAULT_SPANS_PER_HOUR = 5000 / (7 * 24)
"""5,000 in a week, as many as the documents' example run counts."""


@dataclass(frozen=True, slots=True)
class Space:
    """A space; the documents' contract does not show its organization, nor whether it is private."""

    id: str
    name: str
    description: str
    created_at: datetime
    organization_id: str
    is_private: bool = False
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project, the source of spans; how many come in is not shown."""

    id: str
    name: str
    space_id: str
    created_at: datetime
    spans_per_hour: int | float = DEFAULT_SPANS_PER_HOUR
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """A version of a dataset; its examples are not shown."""

    id: str
    name: str
    dataset_id: str
    created_at: datetime
    updated_at: datetime
    example_ids: tuple[str, ...] = ()
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset with at least one version, the oldest first."""

    id: str
    name: str
    space_id: str
    created_at: datetime
    updated_at: datetime
    versions: tuple[DatasetVersion, ...]
    extra: JsonObject | None = None

    @property
    def latest(self) -> DatasetVersion:
        """The version that is meant when none is named."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment, as a rule over one version of a dataset; its results are not shown (None: one per example).

    Its space is that of its dataset where nothing else is said. `integration_id` is that of the agent it was run with.
    """

    id: str
    name: str
    dataset_id: str | None
    dataset_version_id: str | None
    created_at: datetime
    updated_at: datetime
    results: int | None = None
    space_id: str = ""
    integration_id: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Evaluator:
    """An evaluator; its versions are not shown, nor whether it is for spans, traces or sessions (None: for any)."""

    id: str
    name: str
    type: str
    space_id: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str | None
    version_ids: tuple[str, ...] = ()
    data_scope: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class AiIntegration:
    """The credentials and the model that experiments use, and whether they work; the API has no operation for it.

    That of an agent is for experiments that call it.
    """

    id: str
    name: str
    space_id: str
    default_model: str
    is_usable: bool = True
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class AttachedEvaluator:
    """An evaluator as a task uses it; the last two are of the beta contract alone."""

    evaluator_id: str
    evaluator_name: str
    query_filter: str | None
    column_mappings: dict[str, str] | None
    evaluator_version_id: str | None = None
    query_mappings: tuple[JsonObject, ...] | None = None
    extra: JsonObject | None = None


@dataclass(slots=True)
class Task(Tracked):
    """A task; its space, that of its project or dataset, is not shown. Only the beta contract has `query_filters`."""

    id: str
    name: str
    type: str
    space_id: str
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str | None
    project_id: str | None = None
    dataset_id: str | None = None
    sampling_rate: int | float | None = None
    is_continuous: bool = False
    query_filter: str | None = None
    evaluators: tuple[AttachedEvaluator, ...] = ()
    experiment_ids: tuple[str, ...] = ()
    run_configuration: JsonObject | None = None
    last_run_at: datetime | None = None
    query_filters: JsonObject | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of items that went well, broke, or were passed over."""

    successes: int = 0
    errors: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class ExperimentPlan:
    """The experiment that a run is going to create, and the tasks that follow it; not shown."""

    name: str
    dataset_id: str
    dataset_version_id: str
    evaluation_task_ids: tuple[str, ...] = ()
    integration_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The plan of a run that has not ended: by the clock, after so many reads, or by hand; not shown.

    `reason` is why it will not complete, where that is for want of work or of credentials.
    """

    counts: Counts
    outcome: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reads: int | None = None
    experiment: ExperimentPlan | None = None
    reason: str | None = None


@dataclass(slots=True)
class TaskRun(Tracked):
    """A run, and the plan of one that has yet to end.

    Which experiments it evaluates and how often it was read is not shown, and by the documents' contract neither is why
    it failed or was cancelled.
    """

    id: str
    task_id: str
    status: str
    created_at: datetime
    created_by_user_id: str | None
    run_started_at: datetime | None = None
    run_finished_at: datetime | None = None
    data_start_time: datetime | None = None
    data_end_time: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    experiment_id: str | None = None
    plan: RunPlan | None = None
    experiment_ids: tuple[str, ...] = ()
    reads: int = 0
    failure_reason: str | None = None
    extra: JsonObject | None = None

    num_successes = property(attrgetter("counts.successes"))
    num_errors = property(attrgetter("counts.errors"))
    num_skipped = property(attrgetter("counts.skipped"))
