"""The mock's own operations, under one reserved prefix: looking at the world, starting over, moving the clock."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from . import runs, views
from .call import Answer, read_json
from .clock import timestamp
from .messages import MockRequest
from .problems import invalid
from .router import Router

if TYPE_CHECKING:
    from .state import State

PREFIX = "/__mock"


class Controlled(Protocol):
    """What the control plane steers."""

    @property
    def state(self) -> State:
        """The present state."""
        ...

    def start_over(self) -> None:
        """Back to the world and the time of the start."""


Steer = Callable[[Controlled, MockRequest], Answer]


def show_world(mock: Controlled, _: MockRequest) -> Answer:
    """All resources, in lists by kind."""
    return Answer(HTTPStatus.OK, views.world(mock.state.world))


def reset(mock: Controlled, _: MockRequest) -> Answer:
    """Nothing: the world and the clock are as they were at the start."""
    mock.start_over()
    return Answer(HTTPStatus.NO_CONTENT)


def move_clock(mock: Controlled, request: MockRequest) -> Answer:
    """The new time, with everything done that was due by then."""
    body = read_json(request.body)
    seconds = body.get("advance_seconds") if isinstance(body, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise invalid('the body has to be an object such as {"advance_seconds": 60}')
    state = mock.state
    try:
        state.now = state.clock.advance(seconds)
    except (ValueError, OverflowError) as error:
        raise invalid(f"advance_seconds: {error}") from error
    runs.advance(state)
    return Answer(HTTPStatus.OK, {"now": timestamp(state.now)})


ROUTER: Router[Steer] = Router(
    [
        ("GET", f"{PREFIX}/world", show_world),
        ("POST", f"{PREFIX}/reset", reset),
        ("POST", f"{PREFIX}/clock", move_clock),
    ]
)
