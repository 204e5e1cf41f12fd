"""A generator of requests: most are valid, the others violate one rule, close to its boundary.

All choices are drawn from a `random.Random`, so that Hypothesis can control and shrink them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from tests.model import contract, generator_bodies, generator_flaws
from tests.model.generator_values import any_of, chance, change_case, identifier, part_of
from tests.model.request import RawRequest, parse
from tests.model.rules_in_force import broken
from tests.model.rules_tasks import has_foreign_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from tests.model.contract import Json, Operation
    from tests.model.exchange import History
    from tests.model.worlds import World

KEY = "Bearer test-key"
INVALID_KEYS = ("", "", "Bearer expired-1", "Bearer INVALID", "Bearer ", "Basic dGVzdC1rZXk=", "test-key")
FLAWED = 0.3
FLAWED_OTHERWISE = 0.45
OLD_TASKS = 8
LABELS = ("production", "production", "production", "Production", "")
WEIGHTS = {"trigger_task_run": 9, "create_task": 6, "update_task": 6, "cancel_task_run": 3, "list_tasks": 4}
"""The weights of operations; others have weight 1, lists 2."""


def operations() -> list[str]:
    """Return the operations of the current contract, each repeated by its weight."""
    return [
        name
        for name, operation in contract.operations().items()
        for _ in range(WEIGHTS.get(name, 2 if operation.listed else 1))
    ]


@dataclass
class GeneratedRequest:
    """The path parameters, query and body of a request; a body of None stands for no body."""

    path: dict[str, str]
    query: dict[str, str]
    body: Json = None

    def raw(self, operation: Operation, key: str = KEY) -> RawRequest:
        """Return the raw request."""
        path = operation.path
        for name, text in self.path.items():
            path = path.replace(f"{{{name}}}", quote(text, safe=""))
        headers = {"Authorization": key} if key else {}
        body = b""
        if self.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(self.body).encode()
        return RawRequest(operation.method, path, urlencode(self.query), headers, body)


def generate_request(rng: Random, world: World, history: History, *, among: Sequence[str]) -> RawRequest:
    """Generate a request for one of some operations."""
    operation = contract.operations()[any_of(rng, among)]
    key = any_of(rng, INVALID_KEYS) if chance(rng, 0.02) else KEY
    return generate(rng, operation, world, history, fitting=False).raw(operation, key)


def generate(
    rng: Random,
    operation: Operation,
    world: World,
    history: History,
    *,
    fitting: bool,
    path: dict[str, str] | None = None,
) -> GeneratedRequest:
    """Generate a request for an operation; a `fitting` one violates only rules that are not in the schemas.

    A given `path` stays as it is.
    """
    is_flawed = chance(rng, FLAWED if fitting else FLAWED_OTHERWISE)
    ids = path_ids(rng, operation, world) if path is None else path
    made = GeneratedRequest(ids, query(rng, operation, world, history, ids), None)
    if operation.body is not None:
        task = world.get("tasks", made.path.get("task_id"))
        made.body = generator_bodies.body(rng, operation.id, world, task, history.names)
    if not is_flawed:
        return made
    wrong = ["path"] if made.path and path is None else []
    wrong += ["query"] if operation.query else []
    if made.body is not None:
        wrong += ["body"] * 12
    part = any_of(rng, wrong) if wrong else "none"
    if part == "path":
        made.path = {
            name: generator_flaws.identifier(rng, kind, world, history) for name, kind in operation.path_kinds.items()
        }
    elif part == "query":
        generator_flaws.query(rng, operation, world, made.query, history, fitting=fitting)
    elif part == "body":
        made.body = generator_flaws.body(rng, operation.id, world, made.path, made.body, fitting=fitting)
    return made


def path_ids(rng: Random, operation: Operation, world: World) -> dict[str, str]:
    """Choose path ids of existing resources, and of runs that can be cancelled for a cancellation."""
    found = {}
    for name, kind in operation.path_kinds.items():
        things = list(world.of(kind))
        if operation.id == "cancel_task_run":
            things = [run for run in things if run["status"] not in contract.TERMINAL] or things
        elif operation.id == "delete_task" and chance(rng, 0.5):
            things = things[OLD_TASKS:] or things  # other requests need the first ones
        found[name] = any_of(rng, things)["id"] if things else identifier(rng, kind)
    return found


def applicable_path(rng: Random, operation: Operation, world: World, ids: dict[str, str], body: Json) -> dict[str, str]:
    """Choose a path where the body breaks no rule, or at least has no field of another task type."""
    if "task_id" not in ids or chance(rng, 0.1):
        return ids
    tasks = list(world.of("tasks"))
    second = ids
    for each in rng.sample(tasks, min(len(tasks), OLD_TASKS)):
        other = {**ids, "task_id": each["id"]}
        request = parse(GeneratedRequest(other, {}, body).raw(operation), world)
        if request is None:
            continue
        if not broken(request):
            return other
        if second is ids and not has_foreign_fields(request):
            second = other
    return second


def query(rng: Random, operation: Operation, world: World, history: History, ids: Mapping[str, str]) -> dict[str, str]:
    """Generate some query parameters: filters that match something, and limits close to a page boundary."""
    found: dict[str, str] = {}
    for name, schema in operation.query.items():
        if not chance(rng, 0.3):
            continue
        if name in operation.filter_kinds:
            found[name] = filter_id(rng, operation, name, world, ids)
        elif name in {"name", "space_name"}:
            found[name] = _part(rng, name, operation, world)
        elif name == "limit":
            found[name] = str(any_of(rng, [1, 1, 2, 2, 3, 4, 7, 50, 99, 100]))
        elif name == "cursor":
            _continue_list(rng, operation, found, history)
        elif name == "label":
            found[name] = any_of(rng, LABELS)
        else:
            found[name] = any_of(rng, contract.resolved(schema)["enum"])
    if contract.is_beta() and "dataset_id" in found and operation.id == "list_experiments" and chance(rng, 0.8):
        found.pop("space_id", None)
    return found


def filter_id(rng: Random, operation: Operation, name: str, world: World, ids: Mapping[str, str]) -> str:
    """Choose the id of an existing resource for a filter, mostly one that belongs to the path."""
    kind = operation.filter_kinds[name]
    # Among many similar resources the first few are enough.
    things = list(world.of(kind))
    if name != "version_id":
        return _id_of(any_of(rng, things[:8]), kind)
    its = [each for each in things if each["of"] in ids.values()]
    return _id_of(any_of(rng, its if its and chance(rng, 0.8) else things), kind)


def _id_of(thing: Json, kind: str) -> str:
    return str(thing["organization_id" if kind == "organizations" else "id"])


def _part(rng: Random, name: str, operation: Operation, world: World) -> str:
    kind = "spaces" if name == "space_name" else str(operation.listed)
    names = sorted({each["name"] for each in world.of(kind)})
    return change_case(rng, part_of(rng, any_of(rng, names))) if names else ""


def _continue_list(rng: Random, operation: Operation, found: dict[str, str], history: History) -> None:
    """Continue a list with an issued cursor, if there is one."""
    begun = [(scope, cursor) for scope, cursor in history.cursors if scope[0] == operation.id and not scope[1]]
    if begun:
        scope, cursor = any_of(rng, begun[-8:])
        for name in [name for name in found if name != "limit"]:
            del found[name]
        found.update(dict(scope[2]), cursor=cursor)
