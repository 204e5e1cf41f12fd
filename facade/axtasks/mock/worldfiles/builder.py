"""Putting the items of a world file into a world, those that are referred to before those that refer to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import Kind
from axtasks.mock.jsontypes import JsonObject, as_list, as_object
from axtasks.mock.problems import quoted
from axtasks.mock.world.model import (
    ACTING_USER,
    DEFAULT_SPANS_PER_HOUR,
    AiIntegration,
    Dataset,
    DatasetVersion,
    Evaluator,
    Experiment,
    Project,
    Space,
)

from .context import Making
from .repetition import Item, items
from .schema import extra_values
from .settings import check_keys, read_settings
from .tasks import add_run, add_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from axtasks.mock.world.world import World

    from .document import Document

ORGANIZATION = "T3JnYW5pemF0aW9uOjEyMzQ1"
MADE_BEFORE = timedelta(days=30)
"""How long before the start everything is from that has no date."""
DEFAULT_MODEL = "gpt-4o"
FIRST_VERSION = "v1"


def build(world: World, document: Document, data: JsonObject, *, seed: int, start: datetime) -> None:
    """Put all that the document lists into the world."""
    settings = as_object(data.get("settings", {}))
    world.settings = read_settings(document, settings, world.settings)
    making = Making(world, seed, start)
    making.reserve(data)
    for name, add in ADDERS.items():
        for item in items(document, data, name):
            add(making, item)
    check_keys(document, settings, world)


def example_ids(count: int) -> tuple[str, ...]:
    """The identifiers of so many examples."""
    return tuple(f"example-{number:03d}" for number in range(1, count + 1))


def _name(item: Item) -> str:
    return str(item.data["name"])


def _text(item: Item, name: str, default: str) -> str:
    return str(item.data.get(name, default))


def _text_or_none(item: Item, name: str, default: str | None) -> str | None:
    value = item.data.get(name, default)
    return value if isinstance(value, str) else None


def _created_at(making: Making, item: Item) -> datetime:
    return making.moment(item, "created_at", making.start - MADE_BEFORE)


def _add_space(making: Making, item: Item) -> None:
    space = Space(
        id=making.identifier(item, Kind.SPACE, item.data.get("id")),
        name=_name(item),
        description=_text(item, "description", ""),
        created_at=_created_at(making, item),
        organization_id=_text(item, "organization_id", ORGANIZATION),
        is_private=item.data.get("is_private") is True,
        extra=extra_values("spaces", item.data),
    )
    making.world.add_space(space)
    making.names.add(Kind.SPACE, space.id, space.name)


def _add_project(making: Making, item: Item) -> None:
    spans = item.data.get("spans_per_hour")
    project = Project(
        id=making.identifier(item, Kind.PROJECT, item.data.get("id")),
        name=_name(item),
        space_id=making.space(item),
        created_at=_created_at(making, item),
        spans_per_hour=spans if isinstance(spans, int | float) else DEFAULT_SPANS_PER_HOUR,
        extra=extra_values("projects", item.data),
    )
    making.world.add_project(project)
    making.names.add(Kind.PROJECT, project.id, project.name, project.space_id)


def _add_dataset(making: Making, item: Item) -> None:
    space_id, created_at = making.space(item), _created_at(making, item)
    identifier = making.identifier(item, Kind.DATASET, item.data.get("id"))
    versions = _versions(making, item, identifier, created_at)
    dataset = Dataset(
        id=identifier,
        name=_name(item),
        space_id=space_id,
        created_at=created_at,
        updated_at=making.moment(item, "updated_at", max(each.updated_at for each in versions)),
        versions=versions,
        extra=extra_values("datasets", item.data),
    )
    making.world.add_dataset(dataset)
    making.names.add(Kind.DATASET, dataset.id, dataset.name, dataset.space_id)
    for version in versions:
        making.names.add(Kind.DATASET_VERSION, version.id, version.name, dataset.id)


def _versions(making: Making, item: Item, dataset_id: str, created_at: datetime) -> tuple[DatasetVersion, ...]:
    listed = [as_object(each) for each in as_list(item.data.get("versions", []))]
    if "examples" in item.data:
        if "versions" in item.data:
            raise item.refuse("is for a dataset without a list of versions; give each version its own", "examples")
        listed = [{"name": FIRST_VERSION, "examples": item.data["examples"]}]
    if not listed:
        raise item.refuse("a dataset needs at least one version: give versions, or examples for a single one")
    found: list[DatasetVersion] = []
    for index, data in enumerate(listed):
        place = () if "examples" in item.data else ("versions", index)
        part = Item(data, (*item.steps, *place), item.document)
        if "examples" in data and "example_ids" in data:
            raise part.refuse("is one way to say it, and example_ids another; give one of them", "examples")
        identifier = making.identifier(part, Kind.DATASET_VERSION, data.get("id"))
        if identifier in {each.id for each in found}:
            raise part.refuse("is the identifier of another dataset version already", "id")
        if data["name"] in {each.name for each in found}:
            raise part.refuse(f"there is already a version named {quoted(data['name'])} of this dataset", "name")
        made_at = making.moment(part, "created_at", created_at)
        count = data.get("examples", 0)
        found.append(
            DatasetVersion(
                id=identifier,
                name=str(data["name"]),
                dataset_id=dataset_id,
                created_at=made_at,
                updated_at=making.moment(part, "updated_at", made_at),
                example_ids=tuple(map(str, as_list(data["example_ids"])))
                if "example_ids" in data
                else example_ids(int(count) if isinstance(count, int | float) else 0),
                extra=extra_values("datasets.versions", data),
            )
        )
    return tuple(found)


def _add_experiment(making: Making, item: Item) -> None:
    dataset_id, version_id = _data(making, item)
    name, results = _name(item), item.data.get("results")
    if dataset_id is not None and making.world.has_experiment_named(dataset_id, name):
        raise item.refuse(f"there is already an experiment named {quoted(name)} over this dataset", "name")
    created_at = _created_at(making, item)
    experiment = Experiment(
        id=making.identifier(item, Kind.EXPERIMENT, item.data.get("id")),
        name=name,
        dataset_id=dataset_id,
        dataset_version_id=version_id,
        created_at=created_at,
        updated_at=making.moment(item, "updated_at", created_at),
        results=int(results) if isinstance(results, int | float) else None,
        space_id=making.space(item) if dataset_id is None else "",
        integration_id=_text_or_none(item, "integration_id", None),
        extra=extra_values("experiments", item.data),
    )
    making.world.add_experiment(experiment)
    making.names.add(Kind.EXPERIMENT, experiment.id, name, dataset_id or experiment.space_id)


def _data(making: Making, item: Item) -> tuple[str | None, str | None]:
    """The dataset of an experiment and the version of it; most have one."""
    if "dataset" not in item.data:
        return None, None
    dataset_id = making.reference(item, Kind.DATASET, str(item.data["dataset"]), "dataset")
    dataset = making.world.datasets.get(dataset_id)
    if dataset is None:
        raise LookupError(f"the dataset {dataset_id} has a name but is not there")
    if "dataset_version" not in item.data:
        return dataset_id, dataset.latest.id
    text = str(item.data["dataset_version"])
    return dataset_id, making.reference(item, Kind.DATASET_VERSION, text, "dataset_version", inside=dataset_id)


def _add_evaluator(making: Making, item: Item) -> None:
    created_at = _created_at(making, item)
    evaluator = Evaluator(
        id=making.identifier(item, Kind.EVALUATOR, item.data.get("id")),
        name=_name(item),
        type=_text(item, "type", vocabulary.TEMPLATE_EVALUATOR),
        space_id=making.space(item),
        description=_text_or_none(item, "description", None),
        created_at=created_at,
        updated_at=making.moment(item, "updated_at", created_at),
        created_by_user_id=_text_or_none(item, "created_by_user_id", ACTING_USER),
        version_ids=tuple(map(str, as_list(item.data.get("version_ids", [])))),
        data_scope=_text_or_none(item, "data_scope", None),
        extra=extra_values("evaluators", item.data),
    )
    making.world.add_evaluator(evaluator)
    making.names.add(Kind.EVALUATOR, evaluator.id, evaluator.name, evaluator.space_id)


def _add_ai_integration(making: Making, item: Item) -> None:
    integration = AiIntegration(
        id=making.identifier(item, Kind.AI_INTEGRATION, item.data.get("id")),
        name=_name(item),
        space_id=making.space(item),
        default_model=_text(item, "default_model", DEFAULT_MODEL),
        is_usable=item.data.get("is_usable", True) is True,
        is_agent=item.data.get("is_agent") is True,
    )
    making.world.add_ai_integration(integration)
    making.names.add(Kind.AI_INTEGRATION, integration.id, integration.name, integration.space_id)


ADDERS: dict[str, Callable[[Making, Item], None]] = {
    "spaces": _add_space,
    "projects": _add_project,
    "datasets": _add_dataset,
    "experiments": _add_experiment,
    "evaluators": _add_evaluator,
    "ai_integrations": _add_ai_integration,
    "tasks": add_task,
    "task_runs": add_run,
}
"""List to what puts one of its items into the world, in the order in which that is done."""
