"""Admin API of the clock."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.clock import read_date_time, timestamp
from axtasks.mock.operations.request import Result, read_json
from axtasks.mock.problems import invalid
from axtasks.mock.simulation import runs

if TYPE_CHECKING:
    from axtasks.mock.messages import MockRequest

    from .controls import Controls

EXPECTED = (
    'the body has to be an object such as {"advance_seconds": 60}, {"set": "2026-03-10T15:00:00Z"} or {"frozen": true}'
)


def show_clock(mock: Controls, _: MockRequest) -> Result:
    """The time, and whether it stands still."""
    clock = mock.state.clock
    return Result(HTTPStatus.OK, {"now": timestamp(mock.state.now), "frozen": clock.is_frozen})


def move_clock(mock: Controls, request: MockRequest) -> Result:
    """The clock as it is now, with everything done that was due by then."""
    body = read_json(request.body)
    if not isinstance(body, dict) or len(body) != 1:
        raise invalid(EXPECTED)
    ((field, value),) = body.items()
    state = mock.state
    clock = state.clock
    try:
        if field == "advance_seconds" and isinstance(value, int | float) and not isinstance(value, bool):
            clock.advance(value)
        elif field == "set" and isinstance(value, str):
            moment = read_date_time(value)
            if moment is None:
                raise invalid("set: has to be an ISO 8601 date-time with an offset, such as 2026-03-10T15:00:00Z")
            clock.set(moment)
        elif field == "frozen" and isinstance(value, bool):
            (clock.freeze if value else clock.unfreeze)()
        else:
            raise invalid(EXPECTED)
    except (ValueError, OverflowError) as error:
        raise invalid(f"{field}: {error}") from error
    state.now = clock.now()
    runs.advance(state)
    return show_clock(mock, request)
