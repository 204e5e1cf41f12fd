"""The mock's own operations, under one reserved prefix: looking at the world, starting over, moving the clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from axtasks.mock.contract.contract import Contract
from axtasks.mock.jsontypes import JsonObject, as_object
from axtasks.mock.messages import MockRequest
from axtasks.mock.operations.request import BODY_LIMIT, Answer, check_parameters
from axtasks.mock.operations.router import Router
from axtasks.mock.problems import RefusalError
from axtasks.mock.world.resource_types import TYPES

from . import clock, faults, journal, overview, runs, world

if TYPE_CHECKING:
    from axtasks.mock.simulation.state import State

FILE = "control.openapi.json"
WORLD_FILE = "WorldFile"
BY_TYPE = ("World", WORLD_FILE, "Census")
"""The schemas that have a property for each type of resource."""


@cache
def description() -> JsonObject:
    """Return the mock's own operations as an OpenAPI document, with a list for each type of resource."""
    document = as_object(json.loads(files(__package__ or "").joinpath(FILE).read_text(encoding="utf-8")))
    schemas = as_object(as_object(document["components"])["schemas"])
    for name in BY_TYPE:
        schema = as_object(schemas[name])
        pattern, own = schema["additionalProperties"], as_object(schema.get("properties", {}))
        lists: JsonObject = {each.name: own.get(each.name, pattern) for each in TYPES}
        schema |= {"properties": {**own, **lists}, "additionalProperties": False}
        if name != WORLD_FILE:
            schema["required"] = [each.name for each in TYPES]
        schemas[name] = schema
    return document


def show_description(_: object, __: MockRequest) -> Answer:
    """The mock's own operations as an OpenAPI document."""
    return Answer(HTTPStatus.OK, description())


class Served(Protocol):
    """What serves a contract."""

    @property
    def state(self) -> State:
        """The present state."""
        ...


def show_contract(mock: Served, _: MockRequest) -> Answer:
    """The API's operations as an OpenAPI document: the contract that is served."""
    return Answer(HTTPStatus.OK, mock.state.contract.document)


PREFIX = "/__mock"


class Controlled(overview.Overseen, runs.Running, world.Worldly, Protocol):
    """What the control plane steers."""

    def start_over(self) -> None:
        """Back to the world and the time of the start."""


Steer = Callable[[Controlled, MockRequest], Answer]


def is_control(path: str) -> bool:
    """Whether a path is one of the mock's own."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def most_bytes(path: str) -> int:
    """How large a body may be that is sent to a path."""
    return world.MOST_BYTES if path == world.PATH else BODY_LIMIT


def answer(mock: Controlled, request: MockRequest) -> Answer:
    """The answer to a request for one of the mock's own operations."""
    if request.barred is not None:
        raise RefusalError(HTTPStatus.FORBIDDEN, request.barred)
    steer = ROUTER.match(request.method, request.path).handler
    check_parameters(request.query, _parameters()[_name(steer)], _name(steer))
    if len(request.body) > (most := most_bytes(request.path)):
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {most} bytes")
    return steer(mock, request)


@cache
def _parameters() -> dict[str, list[str]]:
    """Return the query parameters of each operation."""
    whole = Contract("control", description())
    return {name: list(operation.query) for name, operation in whole.operations.items()}


def reset(mock: Controlled, _: MockRequest) -> Answer:
    """Nothing: the world and the clock are as they were at the start."""
    mock.start_over()
    return Answer(HTTPStatus.NO_CONTENT)


def _name(steer: Steer) -> str:
    return str(getattr(steer, "__name__", steer))


ROUTER: Router[Steer] = Router(
    [
        ("GET", f"{PREFIX}/openapi.json", show_description),
        ("GET", f"{PREFIX}/contract.json", show_contract),
        ("GET", world.PATH, world.show_world),
        ("PUT", world.PATH, world.put_world),
        ("PATCH", world.PATH, world.patch_world),
        ("POST", f"{PREFIX}/reset", reset),
        ("GET", f"{PREFIX}/health", journal.show_health),
        ("GET", f"{PREFIX}/overview", overview.show_overview),
        ("GET", f"{PREFIX}/clock", clock.show_clock),
        ("POST", f"{PREFIX}/clock", clock.move_clock),
        ("GET", f"{PREFIX}/lifecycle", runs.show_lifecycle),
        ("PUT", f"{PREFIX}/lifecycle", runs.set_lifecycle),
        ("POST", f"{PREFIX}/task-runs/{{run_id}}/advance", runs.advance_run),
        ("GET", f"{PREFIX}/journal", journal.show_journal),
        ("DELETE", f"{PREFIX}/journal", journal.clear_journal),
        ("GET", f"{PREFIX}/journal/count", journal.count_journal),
        ("GET", f"{PREFIX}/journal/har", journal.export_journal),
        ("GET", f"{PREFIX}/near-misses", journal.show_near_misses),
        ("GET", f"{PREFIX}/faults", faults.show_faults),
        ("POST", f"{PREFIX}/faults", faults.add_faults),
        ("DELETE", f"{PREFIX}/faults", faults.clear_faults),
        ("GET", f"{PREFIX}/limit", faults.show_limit),
        ("PUT", f"{PREFIX}/limit", faults.set_limit),
        ("GET", f"{PREFIX}/latency", faults.show_latency),
        ("PUT", f"{PREFIX}/latency", faults.set_latency),
    ],
    _name,
)
