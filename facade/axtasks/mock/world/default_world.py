"""The world a mock starts with: the resources that the documents' examples name, and others to get lost among.

They stand in `default_world.json`, by the attributes of their classes. Everything happened between January and March
2026, at the times that the documents' examples show.

Two evaluators and an integration are of kinds that only the beta contract has; the documents' does not show them.

Names repeat on purpose: `europe` has a project, a dataset and a task of the same names as `demo`, `sandbox` and
`workshop` have a project of one name, and `archive` is full of tasks. No name of a space is part of another's, and the
newest things are in `demo`: published clients look a space up by a part of its name, and take the first that is found.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axtasks.mock import ids
from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import IdKind

from .model import ACTING_USER, AttachedEvaluator, Counts, Task, example_ids
from .names import Names
from .resource_types import TYPES
from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .resource_types import Part

FILE = "default_world.json"
FIRST_ARCHIVED_AT = datetime(2026, 1, 11, 9, tzinfo=UTC)
FIRST_ARCHIVED_NUMBER = 1000
ARCHIVED_TASKS = 130
COLUMN_MAPPINGS = {"input": "attributes.input.value", "output": "attributes.output.value"}


def default_world() -> World:
    """A new copy of the default world."""
    return unchanged_default_world().copy()


@cache
def unchanged_default_world() -> World:
    """The default world that mocks make copies of; it is made once, and nobody may change it."""
    world = World()
    listed = json.loads(Path(__file__).with_name(FILE).read_text(encoding="utf-8"))
    for described in TYPES:
        for task in _archived_tasks(world) if described.kind is IdKind.TASK else ():
            world.add(task)
        for data in listed.get(described.name, ()):
            world.add(_made(described.model, {**described.defaults, **data}, described.parts))
    return world


def _made(model: type[Any], data: Mapping[str, Any], parts: Mapping[str, Part]) -> Any:
    """Make a resource, or a part of one, of JSON."""
    types = {each.name: str(each.type) for each in fields(model)}
    return model(**{name: _value(types[name], each, parts.get(name)) for name, each in data.items()})


def _value(declared: str, value: Any, part: Part | None) -> Any:
    if part is not None:
        return tuple(_made(part.model, each, {}) for each in value)
    if declared == Counts.__name__:
        return Counts(**value)
    if declared.startswith("tuple"):
        return tuple(value) if isinstance(value, list) else example_ids(value)
    return datetime.fromisoformat(value) if declared.startswith("datetime") else value


def _archived_tasks(world: World) -> Iterator[Task]:
    names = Names(world)
    project, evaluator = names.find(IdKind.PROJECT, "nightly-jobs"), names.find(IdKind.EVALUATOR, "Relevance Eval")
    for number in range(1, ARCHIVED_TASKS + 1):
        at = FIRST_ARCHIVED_AT + timedelta(hours=number)
        yield Task(
            id=ids.encode(IdKind.TASK, FIRST_ARCHIVED_NUMBER + number, f"a{number:03d}"),
            name=f"nightly-{number:03d}",
            type=vocabulary.TEMPLATE_EVALUATION,
            space_id=names.find(IdKind.SPACE, "archive"),
            created_at=at,
            updated_at=at + timedelta(milliseconds=500),
            created_by_user_id=ACTING_USER,
            project_id=project,
            evaluators=(AttachedEvaluator(evaluator, "Relevance Eval", None, dict(COLUMN_MAPPINGS)),),
        )


_WORLD = unchanged_default_world()
_find = Names(_WORLD).find
DEMO = _find(IdKind.SPACE, "demo")
DEMO_EU = _find(IdKind.SPACE, "europe")
SANDBOXES = (_find(IdKind.SPACE, "sandbox"), _find(IdKind.SPACE, "workshop"))
ORGANIZATION = _WORLD.spaces[DEMO].organization_id
ARCHIVE = _find(IdKind.SPACE, "archive")

CHAT_PROD = _find(IdKind.PROJECT, "demo/chat-prod")
SUPPORT_BOT = _find(IdKind.PROJECT, "support-bot")
CHAT_PROD_EU = _find(IdKind.PROJECT, "europe/chat-prod")

GOLDEN_SET = _find(IdKind.DATASET, "demo/golden-set")
GOLDEN_SET_VERSION = _find(IdKind.DATASET_VERSION, "demo/golden-set/v1")
REGRESSION_SET = _find(IdKind.DATASET, "regression-set")
GOLDEN_SET_EU = _find(IdKind.DATASET, "europe/golden-set")

BASELINE = _find(IdKind.EXPERIMENT, "golden-set/baseline")
CANDIDATE = _find(IdKind.EXPERIMENT, "candidate-b")
REGRESSION_EXPERIMENT = _find(IdKind.EXPERIMENT, "regression-set/baseline")

HALLUCINATION = _find(IdKind.EVALUATOR, "Hallucination Eval")
RELEVANCE = _find(IdKind.EVALUATOR, "Relevance Eval")
JSON_SHAPE = _find(IdKind.EVALUATOR, "JSON Shape")
TOXICITY_EU = _find(IdKind.EVALUATOR, "Toxicity Eval")
ACCEPTANCE = _find(IdKind.EVALUATOR, "Acceptance Harness")
REMOTE_JUDGE = _find(IdKind.EVALUATOR, "Remote Judge")
EARLIER_HALLUCINATION_VERSION, HALLUCINATION_VERSION = _WORLD.evaluators[HALLUCINATION].version_ids
RELEVANCE_VERSION = _WORLD.evaluators[RELEVANCE].version.id

OPENAI_MAIN = _find(IdKind.AI_INTEGRATION, "openai-main")
ANTHROPIC_SPARE = _find(IdKind.AI_INTEGRATION, "anthropic-spare")
SUPPORT_AGENT = _find(IdKind.AI_INTEGRATION, "support-agent")

SUMMARIZE = _find(IdKind.PROMPT, "summarize")
TRANSLATE = _find(IdKind.PROMPT, "translate")
SUMMARIZE_VERSIONS = _WORLD.tables[IdKind.PROMPT][SUMMARIZE].version_ids
(TRANSLATE_VERSION,) = _WORLD.tables[IdKind.PROMPT][TRANSLATE].version_ids

CHAT_QUALITY = _find(IdKind.TASK, "demo/Chat Quality Monitor")
NIGHTLY_SUMMARIES = _find(IdKind.TASK, "Nightly Summaries")
GOLDEN_REVIEW = _find(IdKind.TASK, "Golden Set Review")
SUPPORT_CHECKS = _find(IdKind.TASK, "Support Answer Checks")
CHAT_QUALITY_EU = _find(IdKind.TASK, "europe/Chat Quality Monitor")
CHAT_QUALITY_RUN = _WORLD.runs_of(_WORLD.tasks[CHAT_QUALITY]).all()[0].id
