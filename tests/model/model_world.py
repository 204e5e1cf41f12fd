"""The initial world, as a world file for the mock and as values for the model.

Names are similar on purpose: one contains another, they differ by case, some occur twice, some resemble
ids.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from axtasks_api import models

from tests.model.contract import is_beta

Json = dict[str, Any]
START = datetime(2026, 3, 10, 15, tzinfo=UTC)
DEFAULT_SPACE = "alpha"
KEY, READER, VISITOR, REVOKED = "model-main", "model-reader", "model-visitor", "model-gone"


def id_of(word: str, number: int, rest: str = "mOdL") -> str:
    """Return an id as the documents describe it."""
    return base64.b64encode(f"{word}:{number}:{rest}".encode()).decode()


@dataclass(eq=False)
class Thing:
    """A resource with an id and a name."""

    id: str
    name: str
    created_at: datetime


@dataclass(eq=False)
class Space(Thing):
    description: str = ""
    organization_id: str = ""


@dataclass(eq=False)
class Project(Thing):
    space_id: str
    spans_per_hour: int


@dataclass(eq=False)
class Version(Thing):
    dataset_id: str
    examples: tuple[str, ...]


@dataclass(eq=False)
class Dataset(Thing):
    space_id: str
    updated_at: datetime
    versions: tuple[Version, ...]


@dataclass(eq=False)
class Evaluator(Thing):
    space_id: str
    type: models.EvaluatorType
    description: str | None
    updated_at: datetime
    version_id: str


@dataclass(eq=False)
class Experiment(Thing):
    """An experiment. The id and number of results of one that a run created are stored when they are first seen."""

    dataset_id: str
    version_id: str
    results: int | None
    integration_id: str | None = None

    @property
    def space_id(self) -> str:
        """The space of its dataset."""
        return next(it.space_id for it in DATASETS if it.id == self.dataset_id)


def _days(number: float) -> datetime:
    return START - timedelta(days=number)


ORGANIZATION, OTHER_ORGANIZATION = id_of("Organization", 1), id_of("Organization", 2)
SPACES = [
    Space(id_of("Space", number), name, _days(day), f"the space {name}", owner)
    for number, (name, day, owner) in enumerate(
        [
            ("alpha", 50, ORGANIZATION),
            ("alpha-2", 49, ORGANIZATION),
            ("Alpha", 48, ORGANIZATION),
            ("twin", 47, ORGANIZATION),
            ("twin", 47, OTHER_ORGANIZATION),
        ],
        1,
    )
]
ALPHA, ALPHA_2, ALPHA_UPPER, TWIN_A, TWIN_B = SPACES
PROJECTS = [
    Project(id_of("Model" if number % 2 else "Project", number), name, _days(day), space.id, spans)
    for number, (name, day, space, spans) in enumerate(
        [
            ("chat", 40, ALPHA, 3600),
            ("chat-2", 40, ALPHA, 0),
            ("Chat", 39, ALPHA, 3600),
            ("pair", 38, ALPHA, 3600),
            ("pair", 37, ALPHA, 3600),
            ("chat", 36, ALPHA_2, 7200),
            ("Only", 35, ALPHA_2, 3600),
            ("chat", 34, TWIN_A, 3600),
        ],
        1,
    )
]


def _dataset(number: int, name: str, day: int, space: Space, sizes: list[int]) -> Dataset:
    identifier = id_of("Dataset", number)
    versions = tuple(
        Version(
            id_of("DatasetVersion", 10 * number + index),
            f"v{index}",
            _days(day - index),
            identifier,
            tuple(f"example-{example:03d}" for example in range(1, size + 1)),
        )
        for index, size in enumerate(sizes, 1)
    )
    return Dataset(identifier, name, _days(day), space.id, versions[-1].created_at, versions)


DATASETS = [
    _dataset(1, "golden", 30, ALPHA, [3, 5]),
    _dataset(2, "golden-2", 30, ALPHA, [4]),
    _dataset(3, "golden", 29, ALPHA_2, [2]),
    _dataset(4, "Once", 28, TWIN_B, [1]),
]
GOLDEN, GOLDEN_2, GOLDEN_FAR, ONCE = DATASETS
EXPERIMENTS = [
    Experiment(id_of("Experiment", number), name, _days(day), dataset.id, dataset.versions[-1].id, results)
    for number, (name, day, dataset, results) in enumerate(
        [
            ("base", 20, GOLDEN, 5),
            ("base-2", 20, GOLDEN, 2),
            ("Base", 19, GOLDEN, 0),
            ("base", 18, GOLDEN_2, 4),
            ("base", 17, GOLDEN_FAR, 2),
        ],
        1,
    )
]
TEMPLATE, CODE = models.EvaluatorType.TEMPLATE, models.EvaluatorType.CODE
EVALUATORS = [
    Evaluator(
        id_of("Evaluator", number),
        name,
        _days(40 - number),
        space.id,
        kind,
        note,
        _days(updated),
        id_of("EvaluatorVersion", number),
    )
    for number, (name, space, kind, note, updated) in enumerate(
        [
            ("Judge", ALPHA, TEMPLATE, "judges", 3),
            ("judge", ALPHA, TEMPLATE, None, 5),
            ("Shape", ALPHA, CODE, "", 4),
            ("Shape-2", ALPHA, CODE, "checks", 4),
            ("Judge", ALPHA_2, TEMPLATE, "elsewhere", 1),
            ("Judge", TWIN_A, TEMPLATE, "a twin", 2),
        ],
        1,
    )
]
INTEGRATION, USELESS_INTEGRATION = id_of("LlmIntegration", 1), id_of("LlmIntegration", 2)
# The integration of an agent, which only the beta has.
AGENT = id_of("LlmIntegration", 3)
UNUSED_IDS = {
    noun: id_of(word, 999)
    for noun, word in {
        "space": "Space",
        "project": "Project",
        "dataset": "Dataset",
        "dataset version": "DatasetVersion",
        "experiment": "Experiment",
        "evaluator": "Evaluator",
        "evaluator version": "EvaluatorVersion",
        "task": "Task",
        "run": "TaskRun",
        "AI integration": "LlmIntegration",
        "organization": "Organization",
    }.items()
}
"""For each type of resource an id that does not exist."""
ENTITY = id_of("Entity", 1)
"""An id of a prefix that is of no type, and does not exist."""


def world_file() -> Json:
    """Return the world file for the mock."""
    return {
        "settings": {
            "continuous_seconds": 0,
            "keys": [
                {"key": KEY, "role": "admin"},
                {"key": READER, "role": "read-only"},
                {"key": VISITOR, "role": "member", "spaces": [ALPHA_2.id]},
                {"key": REVOKED, "role": "revoked"},
            ],
        },
        "spaces": [
            {**_named(it), "description": it.description, "organization_id": it.organization_id} for it in SPACES
        ],
        "projects": [{**_named(it), "space": it.space_id, "spans_per_hour": it.spans_per_hour} for it in PROJECTS],
        "datasets": [
            {
                **_named(it),
                "space": it.space_id,
                "updated_at": it.updated_at.isoformat(),
                "versions": [{**_named(each), "example_ids": list(each.examples)} for each in it.versions],
            }
            for it in DATASETS
        ],
        "experiments": [
            {**_named(it), "dataset": it.dataset_id, "dataset_version": it.version_id, "results": it.results}
            for it in EXPERIMENTS
        ],
        "evaluators": [
            {
                **_named(it),
                "space": it.space_id,
                "type": it.type.value,
                "description": it.description,
                "updated_at": it.updated_at.isoformat(),
                "version_ids": [it.version_id],
            }
            for it in EVALUATORS
        ],
        "ai_integrations": [
            {"id": identifier, "name": name, "space": ALPHA.id, "is_usable": is_usable}
            for identifier, name, is_usable in ((INTEGRATION, "main", True), (USELESS_INTEGRATION, "broken", False))
        ]
        + [{"id": AGENT, "name": "agent", "space": ALPHA.id, "is_agent": True}] * is_beta(),
    }


def _named(it: Thing) -> Json:
    return {"id": it.id, "name": it.name, "created_at": it.created_at.isoformat()}
