"""The types of resources, each described once.

Tables, copies, visibility, responses, the admin API, world files and their schema, state files and assertions on the
journal read this. A further type is a class in `model` and an entry here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import IdKind

from .model import (
    ACTING_USER,
    AiIntegration,
    AttachedEvaluator,
    Dataset,
    DatasetVersion,
    Evaluator,
    EvaluatorVersion,
    Experiment,
    Project,
    Prompt,
    PromptVersion,
    Space,
    Task,
    TaskRun,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from axtasks.mock.contract.contract import Contract

ORGANIZATION = "T3JnYW5pemF0aW9uOjEyMzQ1"
REFERENCES: Mapping[str, IdKind] = {
    "space_id": IdKind.SPACE,
    "project_id": IdKind.PROJECT,
    "dataset_id": IdKind.DATASET,
    "dataset_version_id": IdKind.DATASET_VERSION,
    "experiment_id": IdKind.EXPERIMENT,
    "experiment_ids": IdKind.EXPERIMENT,
    "evaluator_id": IdKind.EVALUATOR,
    "prompt_id": IdKind.PROMPT,
    "task_id": IdKind.TASK,
}
"""The attributes that refer to other resources, in all models, and the kind of these."""


@dataclass(frozen=True, slots=True)
class Part:
    """A type of what stands in a list of a resource, with the contract's schema for it."""

    model: type[Any]
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One type of resource.

    Attributes:
        kind: the kind of its identifiers.
        model: the class of its resources.
        name: the name of its list, in responses, in world files and in the admin API; by default `singular` with an s.
        schema: the contract's schema for it; by default that of the name of the model.
        owner: the attribute with what a resource is in: its path is `owner/name`, and who sees the owner sees it.
        references: attributes with identifiers of other resources, and the kind of these, by default those in
            `REFERENCES`. World files name them.
        placed_by: attributes with a resource whose space it is in; world files leave out the space beside these.
        parts: attributes with a part or a list of parts, and what stands there.
        versions: the kind of its versions, which its attribute `versions` has, and which are found by themselves too.
        limits: values of attributes that a resource of the table has to have to be one of this type.
        indexed: attributes that lists filter by; by default the owner.
        moment: the attribute that lists go by, newest first; where a resource has none, it is as old as its space.
        conditions: attributes that are only shown if a contract and the value meet a condition.
        unlisted: attributes that are shown of a single resource and not in lists.
        admin: attributes that only the admin API shows.
        defaults: values of attributes that a world file leaves out, where the model has no default.
        explicit: attributes that written world files state even at their default.
        word: the name of the filter of the journal.
        is_known: tells whether a contract can show a resource; it can show all where this is None.
    """

    kind: IdKind
    model: type[Any]
    name: str = ""
    schema: str = ""
    owner: str | None = "space_id"
    references: Mapping[str, IdKind] = field(default_factory=dict)
    placed_by: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    versions: IdKind | None = None
    limits: Mapping[str, object] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    moment: str = "created_at"
    conditions: Mapping[str, Callable[[Contract, Any], bool]] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    admin: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)
    explicit: tuple[str, ...] = ()
    word: str = ""
    is_known: Callable[[Contract, Any], bool] | None = None

    def __post_init__(self) -> None:
        own = {name: kind for name, kind in REFERENCES.items() if name in self.attributes}
        for name, default in (
            ("name", f"{self.singular}s"),
            ("schema", self.model.__name__),
            ("references", own),
            ("indexed", () if self.owner is None else (self.owner,)),
            ("word", self.singular),
        ):
            object.__setattr__(self, name, getattr(self, name) or default)

    @property
    def singular(self) -> str:
        """The word for one of them in names of operations: `get_task_run`."""
        return self.kind.noun.replace(" ", "_").lower()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of all attributes of the model."""
        return tuple(each.name for each in fields(self.model))

    @property
    def owner_kind(self) -> IdKind | None:
        """The kind of what a resource is in."""
        return None if self.owner is None else self.references[self.owner]

    def owner_of(self, resource: object) -> str | None:
        """The identifier of what a resource is in; None where it is in nothing."""
        return None if self.owner is None else getattr(resource, self.owner)

    def has(self, resource: object) -> bool:
        """Return whether a resource of the table is one of this type."""
        return all(getattr(resource, name) == value for name, value in self.limits.items())


def written_name(attribute: str, references: Mapping[str, IdKind]) -> str:
    """Return how a world file calls an attribute: references are without `_id`, as they are names."""
    if attribute not in references:
        return attribute
    return attribute.removesuffix("_id") if attribute.endswith("_id") else f"{attribute.removesuffix('_ids')}s"


_MADE_BY = {"created_by_user_id": ACTING_USER}

TYPES = (
    ResourceType(
        kind=IdKind.SPACE,
        model=Space,
        owner=None,
        indexed=("organization_id",),
        defaults={"description": "", "organization_id": ORGANIZATION},
    ),
    ResourceType(
        kind=IdKind.PROJECT,
        model=Project,
        indexed=("space_id", "project_type"),
    ),
    ResourceType(
        kind=IdKind.DATASET,
        model=Dataset,
        parts={"versions": Part(DatasetVersion, "DatasetVersion")},
        versions=IdKind.DATASET_VERSION,
        unlisted=("versions",),
        defaults={"versions": ()},
    ),
    ResourceType(
        kind=IdKind.EXPERIMENT,
        model=Experiment,
        owner="dataset_id",
        placed_by=("dataset_id",),
        indexed=("dataset_id", "space_id"),
        is_known=lambda contract, it: it.dataset_id is not None or contract.has_beta_rules,
    ),
    ResourceType(
        kind=IdKind.EVALUATOR,
        model=Evaluator,
        moment="updated_at",
        parts={"version": Part(EvaluatorVersion, "EvaluatorVersion")},
        versions=IdKind.EVALUATOR_VERSION,
        unlisted=("version",),
        explicit=("version_ids",),
        defaults={"type": vocabulary.TEMPLATE_EVALUATOR, "description": None, **_MADE_BY},
        is_known=lambda contract, it: contract.has_word("EvaluatorType", it.type),
    ),
    ResourceType(
        kind=IdKind.AI_INTEGRATION,
        model=AiIntegration,
        limits={"is_agent": False},
        admin=("id", "name", "space_id", "default_model"),
        defaults=_MADE_BY,
    ),
    ResourceType(
        kind=IdKind.PROMPT,
        model=Prompt,
        is_known=lambda contract, _: contract.has_beta_rules,
        parts={"version": Part(PromptVersion, "PromptVersion")},
        versions=IdKind.PROMPT_VERSION,
        unlisted=("version",),
        explicit=("version_ids",),
        defaults=_MADE_BY,
    ),
    ResourceType(
        kind=IdKind.TASK,
        model=Task,
        placed_by=("project_id", "dataset_id"),
        conditions={"run_configuration": lambda contract, it: it is not None and contract.knows_configuration(it)},
        parts={"evaluators": Part(AttachedEvaluator, "TaskEvaluator")},
        indexed=("space_id", "project_id", "dataset_id", "type", "is_continuous"),
        defaults={"type": vocabulary.TEMPLATE_EVALUATION, **_MADE_BY},
    ),
    ResourceType(
        kind=IdKind.TASK_RUN,
        model=TaskRun,
        owner="task_id",
        defaults={"status": vocabulary.COMPLETED, **_MADE_BY},
        explicit=(
            "run_started_at",
            "run_finished_at",
            "data_start_time",
            "data_end_time",
            "counts",
            "experiment_id",
            "experiment_ids",
        ),
        word="run",
    ),
)
"""All types, in an order that never refers forward."""

VERSIONS = (
    ResourceType(
        kind=IdKind.DATASET_VERSION,
        model=DatasetVersion,
        owner="dataset_id",
        admin=("example_ids",),
    ),
    ResourceType(
        kind=IdKind.EVALUATOR_VERSION,
        model=EvaluatorVersion,
        owner="evaluator_id",
        conditions={f"{name}_config": lambda _, it: it is not None for name in ("template", "code", "remote")},
    ),
    ResourceType(
        kind=IdKind.PROMPT_VERSION,
        model=PromptVersion,
        owner="prompt_id",
    ),
)
"""Versions are parts of what they are versions of, and found by themselves as well."""

BY_KIND = {each.kind: each for each in (*TYPES, *VERSIONS)}
BY_MODEL = {each.model: each for each in (*TYPES, *VERSIONS)}
BY_WORD = {each.word: each for each in TYPES}

INTEGRATIONS = replace(
    BY_KIND[IdKind.AI_INTEGRATION], name="integrations", schema="Integration", indexed=("space_id", "type"), limits={}
)
"""Integrations once more: those of models and of agents, in the form that both have."""
