"""A generator of the flaws that only the beta contract has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import contract, generator_beta
from tests.model.generator_values import UNUSUAL, any_of, chance, other_identifier
from tests.model.generator_values import identifier as unknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.model.contract import Json
    from tests.model.worlds import World

NO_EXPRESSIONS = ("", " ", "A AND", "NOT", "(A", "A)", "A B", "A && B", "a", "AB", "()", "A AND OR A", "F", "(" * 512)
WRONG_FILTERS: tuple[Json, ...] = (
    {"filters": []},
    {"filters": [{"id": each, "filter": ""} for each in "ABCDEA"], "expression": "A"},
    {"filters": [{"id": "F", "filter": ""}]},
    {"filters": [{"id": "a", "filter": ""}]},
    {"filters": [{"id": "AB", "filter": ""}]},
    {"filters": [{"id": "A", "filter": ""}, {"id": "B", "filter": ""}]},
    {"filters": [{"id": "A", "filter": "x" * 2001}]},
    {"filters": [{"id": "A", "filter": ""}], "expression": "A" * 513},
    {"filters": [{"id": "A"}]},
    {"expression": "A"},
)
WRONG_NAMES = ('a"b', "back\\slash", "x" * 256, '"')


def break_filters(rng: Random, made: Json) -> None:
    """Give named filters a duplicate id or an invalid expression."""
    filters = dict(made.get("query_filters") or generator_beta.filters(rng))
    if chance(rng, 0.4):
        filters["filters"] = [*filters["filters"], filters["filters"][0]][-5:]
        filters.setdefault("expression", filters["filters"][0]["id"])
    else:
        filters["expression"] = any_of(rng, NO_EXPRESSIONS)
    made["query_filters"] = filters
    made.pop("query_filter", None)


def break_mappings(rng: Random, made: Json, evaluators: list[Json]) -> None:
    """Map a variable to a filter that does not exist."""
    wrong = {"variable_name": "input", "query_ids": ["E", "A"], "attribute_path": ""}
    made["evaluators"] = [
        {**each, "query_mappings": [*(each.get("query_mappings") or ()), wrong]} for each in evaluators
    ]
    if chance(rng, 0.5):
        made["query_filters"] = {"filters": [{"id": any_of(rng, "AE"), "filter": ""}]}


def break_version(rng: Random, world: World, made: Json, evaluators: list[Json]) -> None:
    """Pin an evaluator to an unknown version or another evaluator's."""
    versions = [version for each in world.of("evaluators") for version in each["version_ids"]]
    choices = (
        any_of(rng, versions),
        unknown(rng, "evaluator_versions"),
        other_identifier(rng, "evaluator_versions", world),
        any_of(rng, UNUSUAL),
    )
    made["evaluators"] = [{**evaluators[0], "evaluator_version_id": any_of(rng, choices)}, *evaluators[1:]]


def mix_scopes(rng: Random, world: World, made: Json, kind: str, evaluators: list[Json]) -> None:
    """Append an evaluator that may have another data scope."""
    others = [each["id"] for each in world.of("evaluators") if each["type"] == contract.EVALUATOR_FOR[kind]]
    used = {name: value for name, value in evaluators[0].items() if name == "query_mappings"}
    made["evaluators"] = [*evaluators, {"evaluator_id": any_of(rng, others), **used}]


def add_second_code_evaluator(rng: Random, world: World, made: Json, evaluators: list[Json]) -> None:
    """Add a second code evaluator."""
    kind, first = contract.EVALUATOR_FOR[contract.CODE_EVALUATION], evaluators[0]
    fit = [each["id"] for each in world.of("evaluators") if each["type"] == kind and "data_scope" not in each]
    other = any_of(rng, [each for each in fit if each != first["evaluator_id"]])
    made["evaluators"] = [*evaluators, {**first, "evaluator_id": other, "evaluator_version_id": None}]


def break_integration(rng: Random, world: World, made: Json) -> None:
    """Use an agent's integration for a generation, or another integration for an agent call."""
    configuration = made["run_configuration"]
    is_agent = configuration["experiment_type"] == contract.AGENT_CALL
    wrong = any_of(rng, generator_beta.integrations(world, is_agent=not is_agent))["id"]
    configuration["integration_id" if is_agent else "ai_integration_id"] = wrong


def for_create(rng: Random, world: World, made: Json) -> list[Callable[[], None]]:
    """Return the flaws of a task creation."""
    if made["type"] == contract.RUN_EXPERIMENT:
        return [lambda: break_integration(rng, world, made)] * 2
    attached = made["evaluators"]
    is_code = made["type"] == contract.CODE_EVALUATION
    return [
        *[lambda: add_second_code_evaluator(rng, world, made, attached)] * (2 * is_code),
        lambda: break_filters(rng, made),
        lambda: break_mappings(rng, made, attached),
        lambda: break_version(rng, world, made, attached),
        lambda: mix_scopes(rng, world, made, made["type"], attached),
    ]


def for_update(rng: Random, world: World, task: Json, made: Json, evaluators: list[Json]) -> list[Callable[[], None]]:
    """Return the flaws of a task update, conflicts with the stored task included."""
    if task["type"] == contract.RUN_EXPERIMENT:
        return [lambda: break_integration(rng, world, made)] * 2 if "run_configuration" in made else []
    has_filters = task.get("query_filters") is not None
    against = {"query_filter": "x"} if has_filters else {"query_filters": generator_beta.filters(rng)}
    mapped = generator_beta.mappings(rng, ["A"])
    is_code = task["type"] == contract.CODE_EVALUATION
    # An evaluator as tasks of the other kind of filter have it.
    other = {"evaluator_id": evaluators[0]["evaluator_id"], **({} if has_filters else {"query_mappings": mapped})}
    return [
        *[lambda: add_second_code_evaluator(rng, world, made, evaluators)] * (2 * is_code),
        lambda: made.update(against),
        lambda: made.update(evaluators=[other]),
        lambda: made.update(query_filters=None if has_filters else {"filters": [{"id": "A", "filter": ""}]}),
        lambda: break_filters(rng, made),
        lambda: break_mappings(rng, made, evaluators),
        lambda: break_version(rng, world, made, evaluators),
        lambda: mix_scopes(rng, world, made, task["type"], evaluators),
    ]


def shapes(rng: Random, operation: str, made: Json) -> list[Callable[[], None]]:
    """Return flaws that the schemas refuse."""
    if operation == "trigger_task_run":
        return [lambda: made.update(experiment_name=any_of(rng, WRONG_NAMES)), lambda: made.update(query_filter=5)]
    ways: list[Callable[[], None]] = [lambda: made.update(query_filters=any_of(rng, WRONG_FILTERS))]
    if made.get("evaluators"):
        both = {"query_filter": "x", "query_mappings": generator_beta.mappings(rng, ["A"])}
        ways.append(lambda: made["evaluators"][0].update(both))
    return ways
