"""A generator of the valid parts of bodies that only the beta contract has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.generator_values import any_of, chance, some

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.model.contract import Json
    from tests.model.worlds import World

LETTERS = "ABCDE"
SPAN, LARGER = "span", ("trace", "session")


def filters(rng: Random) -> Json:
    """Generate named filters, with an expression where one is required, and sometimes where none is."""
    ids = some(rng, LETTERS, least=1, most=any_of(rng, (1, 2, 5)))
    made: Json = {"filters": [{"id": each, "filter": any_of(rng, ("", "name = 'é'"))} for each in ids]}
    if len(ids) > 1 or chance(rng, 0.3):
        made["expression"] = expression(rng, ids)
    return made


def expression(rng: Random, ids: Sequence[str]) -> str:
    """Generate a boolean expression over some ids."""
    if len(ids) == 1 or chance(rng, 0.2):
        return any_of(rng, ("{}", "NOT {}", "({})", " ( NOT NOT {} )", "not{}", "(({}))")).format(any_of(rng, ids))
    half = rng.randint(1, len(ids) - 1)
    parts = expression(rng, ids[:half]), expression(rng, ids[half:])
    return any_of(rng, (" AND ", " OR ", "  and\t")).join(f"({part})" if chance(rng, 0.4) else part for part in parts)


def mappings(rng: Random, ids: Sequence[str]) -> list[Json]:
    """Generate query mappings for the variables of an evaluator."""
    made = []
    for name in some(rng, ("input", "output", "", "é" * 256), least=1):
        fed = {"query_ids": some(rng, ids), "attribute_path": any_of(rng, ("", "attributes.input.value"))}
        made.append({"variable_name": name, **fed})
    return made


def filter_ids(filters: Json) -> list[str] | None:
    """Return the ids of named filters; None without named filters."""
    return None if filters is None else [each["id"] for each in filters["filters"]]


def fitting(rng: Random, evaluators: Sequence[Json], ids: Sequence[str] | None) -> list[Json]:
    """Return the evaluators that a task can have together, with named filters or without."""
    scope = SPAN if ids is None else any_of(rng, LARGER)
    return [each for each in evaluators if each.get("data_scope", scope) == scope]


def attached(rng: Random, evaluator: Json, made: Json, ids: Sequence[str] | None) -> Json:
    """Add the beta's fields to an evaluator of a body: its pinned version and query mappings."""
    if ids is not None:
        made = {name: value if name == "evaluator_id" else None for name, value in made.items()}
        made["query_mappings"] = mappings(rng, ids)
    elif chance(rng, 0.1):
        made["query_mappings"] = None
    if chance(rng, 0.3):
        made["evaluator_version_id"] = any_of(rng, (None, *evaluator["version_ids"]))
    return made


def agent_call(rng: Random, world: World) -> Json:
    """Generate a configuration that calls an agent."""
    return {
        "experiment_type": contract.AGENT_CALL,
        "integration_id": any_of(rng, integrations(world, is_agent=True))["id"],
        "input_template": any_of(rng, ({}, {"q": "{{q}}"}, {"role": "user", "type": "text", "deep": [{"x": None}]})),
    }


def integrations(world: World, *, is_agent: bool) -> list[Json]:
    """Return the integrations of agents, or the others."""
    return [each for each in world.of("integrations") if each.get("is_agent", False) == is_agent]
