"""The resources of the server at one moment, and ids as the documents describe them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.model.resource_types import LISTED, RESOURCE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.model.contract import Json

PAYLOAD = re.compile(r"([A-Z][A-Za-z0-9]*):[0-9]+(:.*)?", re.DOTALL | re.ASCII)


@lru_cache(maxsize=8192)
def prefix_of(text: str) -> str | None:
    """Return the word before the number in an id (D1); None if the text is no id."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        found = PAYLOAD.fullmatch(raw.decode("utf-8"))
    except (binascii.Error, ValueError):
        return None
    return found[1] if found and base64.b64encode(raw).decode() == text else None


def identifier(prefix: str, number: int) -> str:
    """Return an id with this prefix and number."""
    return base64.b64encode(f"{prefix}:{number}".encode()).decode()


def parse_time(text: str) -> datetime:
    """Parse a time of the server."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _versions(kind: str, thing: Json) -> Iterable[Json]:
    """Yield the versions of a resource, the oldest first. The latest is as old as the last change, in production."""
    ids = thing.get("version_ids", ())
    for identifier in ids:
        is_latest = identifier == ids[-1]
        yield {
            **thing,
            "id": identifier,
            "of": thing["id"],
            kind.removesuffix("s"): thing["id"],
            "created_at": thing["updated_at" if is_latest else "created_at"],
            "labels": ["production"] if is_latest else [],
        }


@dataclass
class World:
    """All resources by type and id, in the form of a world file and in the order of creation.

    Attributes:
        data: the world file.
        now: the time of the server.
    """

    data: Json
    now: datetime
    things: dict[str, dict[str, Json]] = field(init=False)

    def __post_init__(self) -> None:
        self.things = {
            kind: {each["id"]: each for each in self.data.get(RESOURCE_TYPES[kind].file or kind, ())} for kind in LISTED
        }
        # An experiment may have no dataset.
        self.things["experiments"] = {
            key: {"dataset": None, "dataset_version": None, **each} for key, each in self.things["experiments"].items()
        }
        self.things["dataset_versions"] = {
            version["id"]: {**version, "dataset": dataset["id"]}
            for dataset in self.of("datasets")
            for version in dataset["versions"]
        }
        self.things["organizations"] = {each["organization_id"]: each for each in self.of("spaces")}
        for name, kind in RESOURCE_TYPES.items():
            if kind.versions:
                versions = [version for thing in self.of(name) for version in _versions(name, thing)]
                self.things[kind.versions] = {each["id"]: each for each in versions}
            if kind.among:
                self.things[name] = {each["id"]: each for each in self.of(kind.among) if kind.is_one(each)}

    def of(self, kind: str) -> Iterable[Json]:
        """Return all resources of a type, in the order of creation."""
        return self.things[kind].values()

    def get(self, kind: str, identifier: object) -> Json:
        """Return a resource, or None."""
        return self.things[kind].get(str(identifier))

    def has(self, kind: str, identifier: object) -> bool:
        """Return True if the resource exists."""
        return self.get(kind, identifier) is not None

    def holds(self, identifier: str) -> bool:
        """Return True if any resource has this id."""
        return any(identifier in things for things in self.things.values())

    def space_of(self, thing: Mapping[str, Json]) -> str:
        """Return the space of a resource: its own, or that of its project or dataset (J21)."""
        source = self.get("projects", thing.get("project")) or self.get("datasets", thing.get("dataset"))
        return str(thing["space"] if "space" in thing else source["space"])

    def versions(self, kind: str, owner: str, version_id: str | None = None, label: str | None = None) -> list[Json]:
        """Return the versions of a resource, the oldest first: all, or those with an id or a label (B20)."""
        return [
            each
            for each in self.of(kind)
            if each["of"] == owner and version_id in {None, each["id"]} and (label is None or label in each["labels"])
        ]

    def runs_of(self, task_id: str) -> list[Json]:
        """Return the runs of a task, the oldest first."""
        return [run for run in self.of("task_runs") if run["task"] == task_id]

    def names_to_come(self, dataset_id: str) -> set[str]:
        """Return the names of the experiments that pending runs are to create over a dataset."""
        plans = [(run.get("plan") or {}).get("experiment") for run in self.of("task_runs") if run["experiment"] is None]
        return {plan["name"] for plan in plans if plan is not None and plan["dataset_id"] == dataset_id}

    def examples(self, version_id: str) -> list[str]:
        """Return the example ids of a dataset version."""
        version = self.get("dataset_versions", version_id)
        if "example_ids" in version:
            return list(version["example_ids"])
        return [f"example-{number:03d}" for number in range(1, version["examples"] + 1)]

    def differences(self, other: World) -> dict[tuple[str, str], tuple[Json, Json]]:
        """Return the changes to another world: by type and id, the value in each."""
        found = {}
        for kind in LISTED:
            before, after = self.things[kind], other.things[kind]
            if before == after:
                continue
            for key in {**before, **after}:
                if before.get(key) != after.get(key):
                    found[kind, key] = (before.get(key), after.get(key))
        return found
