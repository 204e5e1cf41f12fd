"""The types of resources: for each its id prefixes, its schema, and how the API shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.model import contract

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.model.contract import Json
    from tests.model.worlds import World


def _field(name: str, otherwise: Json = None) -> Callable[[World, Json], Json]:
    """Return a function that reads a field of a world file, with the default for an absent one."""
    return lambda _, thing: thing.get(name, otherwise)


def _word(name: str, enum: str, usual: str) -> Callable[[World, Json], Json]:
    """Return a function that reads an enumeration value of a world file in the spelling of the contract."""

    def found(_: World, thing: Json) -> Json:
        meaning = thing.get(name, usual)
        return None if meaning is None else contract.word(enum, meaning)

    return found


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """The description of one type of resource.

    Attributes:
        prefixes: the first words of its ids.
        schema: the contract's schema; a property that is not in `values` has the value of the world file.
        is_listed: True if a world file has a list of this type.
        file: the name of that list, if it differs from the type's.
        among: the type that this one is a subset of; `is_one` selects it.
        versions: the type of its versions, whose ids a world file has.
        dated: the field that lists are sorted by, newest first.
        values: functions for the properties that differ from the world file.
        unlisted: properties that lists omit.
        made_up: properties that the server chooses. They only have to stay the same.
        parts: properties that are resources themselves, with their types.
    """

    prefixes: tuple[str, ...]
    schema: str = ""
    is_listed: bool = True
    file: str = ""
    among: str = ""
    is_one: Callable[[Json], bool] = lambda _: True
    versions: str = ""
    dated: str = "created_at"
    values: Mapping[str, Callable[[World, Json], Json]] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()
    made_up: frozenset[str] = frozenset()
    parts: Mapping[str, str] = field(default_factory=dict)


def _is_agent(thing: Json) -> bool:
    return bool(thing.get("is_agent", False))


def _dataset_versions(world: World, dataset: Json) -> Json:
    return [view(world, "dataset_versions", world.get("dataset_versions", each["id"])) for each in dataset["versions"]]


def _attached(world: World, task: Json) -> Json:
    return [
        {
            "evaluator_id": each["evaluator"],
            "evaluator_name": world.get("evaluators", each["evaluator"])["name"],
            **{name: each.get(name) for name in contract.fields("TaskEvaluator") - {"evaluator_id", "evaluator_name"}},
        }
        for each in task.get("evaluators", ())
    ]


def _version(kind: str) -> Callable[[World, Json], Json]:
    """Return a function that shows the requested version, or the latest."""
    return lambda world, thing: view(world, kind, thing.get("version") or world.versions(kind, thing["id"])[-1])


def _scopings(_: World, thing: Json) -> Json:
    return [{"organization_id": None, "space_id": thing["space"]}]


INTEGRATION = "LlmIntegration"
RESOURCE_TYPES = {
    "spaces": ResourceType(
        prefixes=("Space",), schema="Space", values={"is_private": _field("is_private", otherwise=False)}
    ),
    "projects": ResourceType(
        prefixes=("Model", "Project"),
        schema="Project",
        values={"project_type": _word("project_type", "ProjectType", "application")},
    ),
    "datasets": ResourceType(
        prefixes=("Dataset",),
        schema="Dataset",
        values={"versions": _dataset_versions},
        unlisted=frozenset({"versions"}),
    ),
    "dataset_versions": ResourceType(prefixes=("DatasetVersion",), schema="DatasetVersion", is_listed=False),
    "experiments": ResourceType(
        prefixes=("Experiment",),
        schema="Experiment",
        values={
            "dataset_id": _field("dataset"),
            "dataset_version_id": _field("dataset_version"),
            "space_id": lambda world, thing: world.space_of(thing),
            "integration_id": _field("integration_id"),
        },
    ),
    "evaluators": ResourceType(
        prefixes=("Evaluator",),
        schema="Evaluator",
        versions="evaluator_versions",
        dated="updated_at",
        values={"version": _version("evaluator_versions")},
        unlisted=frozenset({"version"}),
        parts={"version": "evaluator_versions"},
    ),
    "evaluator_versions": ResourceType(
        prefixes=("EvaluatorVersion",),
        schema="EvaluatorVersion",
        is_listed=False,
        made_up=frozenset({"commit_hash", "commit_message", "template_config", "code_config", "remote_config"}),
    ),
    "integrations": ResourceType(
        prefixes=(INTEGRATION,),
        schema="Integration",
        file="ai_integrations",
        values={
            "type": lambda _, thing: contract.word("IntegrationType", "agent" if _is_agent(thing) else "llm"),
            "scopings": _scopings,
        },
        made_up=frozenset({"config"}),
    ),
    "ai_integrations": ResourceType(
        prefixes=(INTEGRATION,),
        schema="AiIntegration",
        is_listed=False,
        among="integrations",
        is_one=lambda thing: not _is_agent(thing),
        values={"provider": _word("provider", "AiIntegrationProvider", "open_ai"), "scopings": _scopings},
        made_up=frozenset({"has_api_key", "enable_default_models", "function_calling_enabled", "auth_type"}),
    ),
    "prompts": ResourceType(
        prefixes=("Prompt",),
        schema="Prompt",
        versions="prompt_versions",
        values={"description": _field("description"), "version": _version("prompt_versions")},
        unlisted=frozenset({"version"}),
        parts={"version": "prompt_versions"},
    ),
    "prompt_versions": ResourceType(
        prefixes=("PromptVersion",),
        schema="PromptVersion",
        is_listed=False,
        values={
            "messages": lambda _, thing: [{"role": contract.word("MessageRole", "user"), "content": thing["text"]}]
        },
        made_up=frozenset({"commit_hash", "commit_message", "model", "provider", "input_variable_format"}),
    ),
    "tasks": ResourceType(
        prefixes=("OnlineTask", "Task"),
        schema="Task",
        values={
            "project_id": _field("project"),
            "dataset_id": _field("dataset"),
            "is_continuous": _field("is_continuous", otherwise=False),
            "evaluators": _attached,
            "experiment_ids": _field("experiments", []),
            **{
                name: _field(name)
                for name in ("sampling_rate", "query_filter", "query_filters", "run_configuration", "last_run_at")
            },
        },
    ),
    "task_runs": ResourceType(
        prefixes=("TaskRun",),
        schema="TaskRun",
        values={"failure_reason": _field("failure_reason")},
    ),
    "organizations": ResourceType(prefixes=("Organization",), is_listed=False),
    "users": ResourceType(prefixes=("User",), is_listed=False),
}
"""The resource types by the names of their lists."""
TYPE_OF_PREFIX = {prefix: name for name, kind in RESOURCE_TYPES.items() if not kind.among for prefix in kind.prefixes}
LISTED = tuple(name for name, kind in RESOURCE_TYPES.items() if kind.is_listed)
"""The types that a world file has lists of."""
UNRECORDED = frozenset({"evaluator_versions", "prompt_versions", "organizations"})
"""Types whose existence is not checked when a write refers to them."""
UNSAID = ("run_configuration", "description", "project_id", "dataset_id", "sampling_rate", "experiment_id")
"""Properties that may be absent instead of null."""
_NOTHING = object()


def _value(world: World, kind: str, thing: Json, name: str) -> Json:
    """Return a property of a resource; `_NOTHING` if its value is unknown."""
    values = RESOURCE_TYPES[kind].values
    if name in values:
        return values[name](world, thing)
    return thing.get(name, thing.get(name.removesuffix("_id"), _NOTHING))


def view(world: World, kind: str, thing: Json, *, in_list: bool = False) -> Json:
    """Return the resource as the API has to show it, alone or in a list, under the current contract."""
    left_out = RESOURCE_TYPES[kind].unlisted if in_list else frozenset()
    names = [name for name in contract.fields(RESOURCE_TYPES[kind].schema) if name not in left_out]
    values = {name: _value(world, kind, thing, name) for name in names}
    return {name: value for name, value in values.items() if value is not _NOTHING}


def has_value(world: World, kind: str, thing: Json, name: str, text: str) -> bool:
    """Return True if a resource passes a filter by equality, or has the value of the path."""
    if name == "space_id":
        return world.space_of(thing) == text
    return bool(_value(world, kind, thing, "organization_id" if name == "org_id" else name) == text)


def is_shown_as(kind: str, shown: Json, expected: Json) -> bool:
    """Return True if a resource is shown as expected; null and absent are equal for the properties in `UNSAID`."""
    return bool(_known(kind, shown) == _known(kind, expected))


def _known(kind: str, thing: Json) -> Json:
    """Return the known properties of a resource, without those that are null and may be absent."""
    described = RESOURCE_TYPES[kind]
    return {
        name: _known(described.parts[name], value) if name in described.parts else value
        for name, value in thing.items()
        if name not in described.made_up and (value is not None or name not in UNSAID)
    }


def made_up(kind: str, shown: Json) -> dict[tuple[str, str], Json]:
    """Return the values that the server chose for a resource and its parts, by type and id."""
    described = RESOURCE_TYPES[kind]
    found = {(kind, str(shown["id"])): {name: shown[name] for name in sorted(described.made_up & shown.keys())}}
    for name, part in described.parts.items():
        if name in shown:
            found |= made_up(part, shown[name])
    return {key: value for key, value in found.items() if value}
