"""The classes of resources and their parts. Attributes that the API never shows are named as such.

`extra` has optional fields that the contract gained and no attribute is for, as a world file set them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from axtasks.mock.contract import vocabulary

from .tracking import Tracked

if TYPE_CHECKING:
    from axtasks.mock.jsontypes import JsonObject
else:
    JsonObject = dict[str, Any]  # msgspec does not read types that are made of themselves

ACTING_USER = "VXNlcjoxOm5OYkM="
"""The user that everything is created by: the API has no operation for users."""
DEFAULT_INTEGRATION = "TGxtSW50ZWdyYXRpb246MTI6YUJjRA=="
"""The AI integration that judges are called through, that of the documents' examples."""
PRODUCTION = "production"
DEFAULT_MODEL = "gpt-4o"
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
    project_type: str | None = vocabulary.APPLICATION_PROJECT
    extra: JsonObject | None = None


def example_ids(count: int) -> tuple[str, ...]:
    """The identifiers of so many examples."""
    return tuple(f"example-{number:03d}" for number in range(1, count + 1))


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


def _hash_of(version: EvaluatorVersion | PromptVersion) -> str:
    """The hash that a version always has."""
    return hashlib.blake2b(version.id.encode(), digest_size=10).hexdigest()


@dataclass(frozen=True, slots=True)
class EvaluatorVersion:
    """A version of an evaluator: what it asks or runs follows from the evaluator, and is the same in all versions."""

    id: str
    evaluator_id: str
    type: str
    created_at: datetime
    created_by_user_id: str | None
    template_config: JsonObject | None = None
    code_config: JsonObject | None = None
    remote_config: JsonObject | None = None

    commit_message: ClassVar[None] = None
    commit_hash = property(_hash_of)


@dataclass(frozen=True, slots=True)
class Evaluator:
    """An evaluator with at least one version, the oldest first.

    Whether it is for spans, traces or sessions (None: for any) is not shown, but in its versions.
    """

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

    @property
    def versions(self) -> tuple[EvaluatorVersion, ...]:
        """The versions, made of what is known of the evaluator."""
        config = self._config()
        *earlier, latest = [(identifier, self.created_at) for identifier in self.version_ids]
        return tuple(
            EvaluatorVersion(identifier, self.id, self.type, at, self.created_by_user_id, **config)
            for identifier, at in (*earlier, (latest[0], self.updated_at))
        )

    @property
    def version(self) -> EvaluatorVersion:
        """The latest version."""
        return self.versions[-1]

    def _config(self) -> dict[str, JsonObject]:
        """Return what goes with the type."""
        question = self.description or self.name
        scope = None if self.data_scope is None else {"data_granularity": self.data_scope}
        if self.type == vocabulary.TEMPLATE_EVALUATOR:
            llm: JsonObject = {
                "ai_integration_id": DEFAULT_INTEGRATION,
                "model_name": DEFAULT_MODEL,
                "invocation_parameters": {},
                "provider_parameters": {},
            }
            template: JsonObject = {"template": question, "include_explanations": True, "llm_config": llm}
            return {"template_config": {"name": self.name, **template, **(scope or {})}}
        if self.type == vocabulary.CODE_EVALUATOR:
            name = re.sub(r"[^\w\s&()-]", " ", self.name, flags=re.ASCII)
            code: JsonObject = {
                "type": vocabulary.CUSTOM_CODE,
                "name": name,
                "variables": ["output"],
                "code": f"# {question}",
            }
            return {"code_config": {**code, **(scope or {})}}
        return {"remote_config": {}} if self.type == vocabulary.REMOTE_EVALUATOR else {}


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A version of a prompt: one message of the user."""

    id: str
    prompt_id: str
    created_at: datetime
    created_by_user_id: str
    text: str
    labels: tuple[str, ...] = ()

    commit_message: ClassVar[str] = ""
    model: ClassVar[str] = DEFAULT_MODEL
    provider: ClassVar[str] = vocabulary.OPEN_AI
    input_variable_format: ClassVar[str] = vocabulary.MUSTACHE
    commit_hash = property(_hash_of)

    @property
    def messages(self) -> list[JsonObject]:
        """The message."""
        return [{"role": vocabulary.USER_ROLE, "content": self.text}]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with at least one version, the oldest first; all say the same."""

    id: str
    name: str
    space_id: str
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str
    version_ids: tuple[str, ...] = ()
    description: str | None = None
    text: str = "Sum up {{input}}"
    extra: JsonObject | None = None

    @property
    def versions(self) -> tuple[PromptVersion, ...]:
        """The versions; the latest one is the one in production."""
        *earlier, latest = self.version_ids
        made = (self.created_by_user_id, self.text)
        return (
            *(PromptVersion(each, self.id, self.created_at, *made) for each in earlier),
            PromptVersion(latest, self.id, self.updated_at, *made, labels=(PRODUCTION,)),
        )

    @property
    def version(self) -> PromptVersion:
        """The latest version."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class AiIntegration:
    """The credentials and the model that experiments use, and whether they work, which is not shown.

    That of an agent is for experiments that call it.
    """

    id: str
    name: str
    space_id: str
    created_at: datetime
    updated_at: datetime
    created_by_user_id: str
    default_model: str = DEFAULT_MODEL
    provider: str = vocabulary.OPEN_AI
    is_usable: bool = True
    is_agent: bool = False
    extra: JsonObject | None = None

    has_api_key: ClassVar[bool] = True
    enable_default_models: ClassVar[bool] = True
    function_calling_enabled: ClassVar[bool] = True
    auth_type: ClassVar[str] = vocabulary.KEY_OF_ITS_OWN

    @property
    def type(self) -> str:
        """The type: of models or of an agent."""
        return vocabulary.AGENT_INTEGRATION if self.is_agent else vocabulary.LLM_INTEGRATION

    @property
    def scopings(self) -> list[JsonObject]:
        """The scope in which it can be used: its space."""
        return [{"organization_id": None, "space_id": self.space_id}]

    @property
    def config(self) -> JsonObject:
        """The settings, in the form that the service has for its type."""
        if self.is_agent:
            endpoint = f"https://agents.example/{self.name}"
            return {"endpoint": endpoint, "has_headers": False, "input_schema": {}, "request_presets": []}
        return {"provider": self.provider.upper(), "has_api_key": True, "is_function_calling_enabled": True}


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
