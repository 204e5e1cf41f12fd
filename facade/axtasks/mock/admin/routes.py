"""Routes of the admin API, under one reserved prefix, and the documents that describe it and the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path

from axtasks.mock.contract.contract import Contract
from axtasks.mock.jsontypes import JsonObject, as_object
from axtasks.mock.messages import MockRequest
from axtasks.mock.operations.request import BODY_LIMIT, Result, check_parameters
from axtasks.mock.operations.router import Router
from axtasks.mock.problems import RefusalError
from axtasks.mock.world.resource_types import TYPES

from . import clock, faults, journal, overview, runs, world
from .controls import Controls

FILE = "control.openapi.json"
WORLD_FILE = "WorldFile"
BY_TYPE = ("World", WORLD_FILE, "Census")
"""The schemas that have a property for each type of resource."""


@cache
def description() -> JsonObject:
    """Return the admin API as an OpenAPI document, with a list for each type of resource."""
    document = as_object(json.loads(Path(__file__).with_name(FILE).read_text(encoding="utf-8")))
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


def show_description(_: object, __: MockRequest) -> Result:
    """Show the admin API as an OpenAPI document."""
    return Result(HTTPStatus.OK, description())


def show_contract(mock: Controls, _: MockRequest) -> Result:
    """The API's operations as an OpenAPI document: the contract that is served."""
    return Result(HTTPStatus.OK, mock.state.contract.document)


PREFIX = "/__mock"

Steer = Callable[[Controls, MockRequest], Result]


def most_bytes(path: str) -> int:
    """Return the most bytes that a body may have which is sent to a path."""
    return world.MOST_BYTES if path == world.PATH else BODY_LIMIT


def answer(mock: Controls, request: MockRequest) -> Result:
    """Answer a request to the admin API."""
    steer, _ = ROUTER.match(request.method, request.path)
    check_parameters(request.query, _parameters()[_name(steer)], _name(steer))
    if len(request.body) > (most := most_bytes(request.path)):
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {most} bytes")
    return steer(mock, request)


@cache
def _parameters() -> dict[str, list[str]]:
    """Return the query parameters of each operation."""
    whole = Contract("control", description())
    return {name: list(operation.query) for name, operation in whole.operations.items()}


def reset(mock: Controls, _: MockRequest) -> Result:
    """Return to the world, the clock and the faults of the start."""
    mock.start_over()
    return Result(HTTPStatus.NO_CONTENT)


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
