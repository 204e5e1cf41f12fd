"""Putting the items of a world file into a world, those that are referred to before those that refer to them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import JsonObject, as_list, as_object
from axtasks.mock.problems import quoted
from axtasks.mock.world.model import Dataset, DatasetVersion, Experiment, example_ids
from axtasks.mock.world.resource_types import BY_KIND, TYPES

from .context import MADE_BEFORE, BuildContext
from .repetition import Item, items
from .settings import check_names, read_settings
from .tasks import add_run, add_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from axtasks.mock.world.resource_types import ResourceType
    from axtasks.mock.world.world import World

    from .document import Document

FIRST_VERSION = "v1"


def build(world: World, document: Document, data: JsonObject, *, seed: int, start: datetime) -> None:
    """Put all that the document lists into the world."""
    settings = as_object(data.get("settings", {}))
    world.settings = read_settings(document, settings, world.settings)
    context = BuildContext(world, seed, start)
    context.reserve(data)
    for each in TYPES:
        add = SPECIAL.get(each.kind, partial(_add, each))
        for item in items(document, data, each.name):
            add(context, item)
    check_names(document, settings, world)


def _add(described: ResourceType, context: BuildContext, item: Item) -> None:
    context.put(described.model(**context.attributes(item, described, {})))


def _add_dataset(context: BuildContext, item: Item) -> None:
    created_at = context.moment(item, "created_at", context.start - MADE_BEFORE)
    identifier = context.identifier(item, IdKind.DATASET, item.data.get("id"))
    versions = _versions(context, item, identifier, created_at)
    updated_at = context.moment(item, "updated_at", max(each.updated_at for each in versions))
    given = {"id": identifier, "created_at": created_at, "updated_at": updated_at, "versions": versions}
    context.put(Dataset(**context.attributes(item, BY_KIND[IdKind.DATASET], given)))


def _versions(context: BuildContext, item: Item, dataset_id: str, created_at: datetime) -> tuple[DatasetVersion, ...]:
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
        identifier = context.identifier(part, IdKind.DATASET_VERSION, data.get("id"))
        if identifier in {each.id for each in found}:
            raise part.refuse("is the identifier of another dataset version already", "id")
        if data["name"] in {each.name for each in found}:
            raise part.refuse(f"there is already a version named {quoted(data['name'])} of this dataset", "name")
        given = {
            "id": identifier,
            "dataset_id": dataset_id,
            "created_at": context.moment(part, "created_at", created_at),
            "example_ids": tuple(map(str, as_list(data.get("example_ids", [])))) or example_ids(part.whole("examples")),
        }
        described = BY_KIND[IdKind.DATASET_VERSION]
        found.append(DatasetVersion(**context.attributes(part, described, given, place="datasets.versions")))
    return tuple(found)


def _add_experiment(context: BuildContext, item: Item) -> None:
    dataset_id, version_id = _data(context, item)
    name = str(item.data["name"])
    if dataset_id is not None and context.world.has_experiment_named(dataset_id, name):
        raise item.refuse(f"there is already an experiment named {quoted(name)} over this dataset", "name")
    space_id = context.space(item) if dataset_id is None else ""
    given = {"dataset_id": dataset_id, "dataset_version_id": version_id, "space_id": space_id}
    context.put(Experiment(**context.attributes(item, BY_KIND[IdKind.EXPERIMENT], given)))


def _data(context: BuildContext, item: Item) -> tuple[str | None, str | None]:
    """The dataset of an experiment and the version of it; most have one."""
    if "dataset" not in item.data:
        return None, None
    dataset_id = context.reference(item, IdKind.DATASET, str(item.data["dataset"]), "dataset")
    if "dataset_version" not in item.data:
        return dataset_id, context.world.datasets[dataset_id].versions[-1].id
    text = str(item.data["dataset_version"])
    return dataset_id, context.reference(item, IdKind.DATASET_VERSION, text, "dataset_version", inside=dataset_id)


SPECIAL: dict[IdKind, Callable[[BuildContext, Item], None]] = {
    IdKind.DATASET: _add_dataset,
    IdKind.EXPERIMENT: _add_experiment,
    IdKind.TASK: add_task,
    IdKind.TASK_RUN: add_run,
}
"""Types of which context one takes more than reading its attributes."""
