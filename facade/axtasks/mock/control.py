"""The mock's own operations, under one reserved prefix: looking at the world, starting over, moving the clock."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from . import (
    control_clock,
    control_documents,
    control_faults,
    control_journal,
    control_overview,
    control_runs,
    control_world,
)
from .call import BODY_LIMIT, Answer
from .messages import MockRequest
from .problems import RefusalError
from .router import Router

PREFIX = "/__mock"


class Controlled(control_overview.Overseen, control_runs.Running, control_world.Worldly, Protocol):
    """What the control plane steers."""

    def start_over(self) -> None:
        """Back to the world and the time of the start."""


Steer = Callable[[Controlled, MockRequest], Answer]


def is_control(path: str) -> bool:
    """Whether a path is one of the mock's own."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def most_bytes(path: str) -> int:
    """How large a body may be that is sent to a path."""
    return control_world.MOST_BYTES if path == control_world.PATH else BODY_LIMIT


def answer(mock: Controlled, request: MockRequest) -> Answer:
    """The answer to a request for one of the mock's own operations."""
    if request.barred is not None:
        raise RefusalError(HTTPStatus.FORBIDDEN, request.barred)
    steer = ROUTER.match(request.method, request.path).handler
    if len(request.body) > (most := most_bytes(request.path)):
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {most} bytes")
    return steer(mock, request)


def reset(mock: Controlled, _: MockRequest) -> Answer:
    """Nothing: the world and the clock are as they were at the start."""
    mock.start_over()
    return Answer(HTTPStatus.NO_CONTENT)


def _name(steer: Steer) -> str:
    return str(getattr(steer, "__name__", steer))


ROUTER: Router[Steer] = Router(
    [
        ("GET", f"{PREFIX}/openapi.json", control_documents.show_description),
        ("GET", f"{PREFIX}/contract.json", control_documents.show_contract),
        ("GET", control_world.PATH, control_world.show_world),
        ("PUT", control_world.PATH, control_world.put_world),
        ("PATCH", control_world.PATH, control_world.patch_world),
        ("POST", f"{PREFIX}/reset", reset),
        ("GET", f"{PREFIX}/health", control_journal.show_health),
        ("GET", f"{PREFIX}/overview", control_overview.show_overview),
        ("GET", f"{PREFIX}/clock", control_clock.show_clock),
        ("POST", f"{PREFIX}/clock", control_clock.move_clock),
        ("GET", f"{PREFIX}/lifecycle", control_runs.show_lifecycle),
        ("PUT", f"{PREFIX}/lifecycle", control_runs.set_lifecycle),
        ("POST", f"{PREFIX}/task-runs/{{run_id}}/advance", control_runs.advance_run),
        ("GET", f"{PREFIX}/journal", control_journal.show_journal),
        ("DELETE", f"{PREFIX}/journal", control_journal.clear_journal),
        ("GET", f"{PREFIX}/journal/count", control_journal.count_journal),
        ("GET", f"{PREFIX}/journal/har", control_journal.export_journal),
        ("GET", f"{PREFIX}/near-misses", control_journal.show_near_misses),
        ("GET", f"{PREFIX}/faults", control_faults.show_faults),
        ("POST", f"{PREFIX}/faults", control_faults.add_faults),
        ("DELETE", f"{PREFIX}/faults", control_faults.clear_faults),
        ("GET", f"{PREFIX}/limit", control_faults.show_limit),
        ("PUT", f"{PREFIX}/limit", control_faults.set_limit),
        ("GET", f"{PREFIX}/latency", control_faults.show_latency),
        ("PUT", f"{PREFIX}/latency", control_faults.set_latency),
    ],
    _name,
)
