"""Admin API of faults, the limit and latency."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.faults.fault import FaultError
from axtasks.mock.operations.request import Result, read_json
from axtasks.mock.problems import invalid

if TYPE_CHECKING:
    from axtasks.mock.faults.registry import ArmedFault
    from axtasks.mock.messages import MockRequest

    from .controls import Controls


def show_faults(mock: Controls, _: MockRequest) -> Result:
    """The armed faults, with how many requests each has seen and hit."""
    return Result(HTTPStatus.OK, {"faults": armed(mock)})


def armed(mock: Controls) -> list[dict[str, object]]:
    """The armed faults as they are shown."""
    return list(map(_view, mock.faults.list()))


def add_faults(mock: Controls, request: MockRequest) -> Result:
    """The faults of a script, now armed."""
    body = read_json(request.body)
    script = body.get("script") if isinstance(body, dict) and len(body) == 1 else None
    if not isinstance(script, str):
        raise invalid('the body has to be an object such as {"script": "times=2, fault=status:503"}')
    try:
        added = mock.faults.add(script)
    except FaultError as error:
        raise invalid(f"script: {error}") from error
    return Result(HTTPStatus.CREATED, {"faults": list(map(_view, added))})


def clear_faults(mock: Controls, _: MockRequest) -> Result:
    """Disarm all faults."""
    mock.faults.clear()
    return Result(HTTPStatus.NO_CONTENT)


def show_limit(mock: Controls, _: MockRequest) -> Result:
    """Show the most requests that are let in; null for any number."""
    return Result(HTTPStatus.OK, {"limit": mock.limit})


def set_limit(mock: Controls, request: MockRequest) -> Result:
    """The limit that is in force from now on, with nothing used up of it."""
    body = read_json(request.body)
    if not isinstance(body, dict) or body.keys() != {"limit"} or not isinstance(limit := body["limit"], str | None):
        raise invalid('the body has to be an object such as {"limit": "10/s"}, or {"limit": null} for none')
    try:
        mock.limit = limit
    except ValueError as error:
        raise invalid(f"limit: {error}") from error
    return show_limit(mock, request)


def show_latency(mock: Controls, _: MockRequest) -> Result:
    """Show the delay of every response of the API."""
    return Result(HTTPStatus.OK, {"latency_seconds": mock.latency_seconds})


def set_latency(mock: Controls, request: MockRequest) -> Result:
    """Set the delay of every response of the API."""
    body = read_json(request.body)
    seconds = body.get("latency_seconds") if isinstance(body, dict) and len(body) == 1 else None
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise invalid('the body has to be an object such as {"latency_seconds": 0.5}')
    try:
        mock.latency_seconds = seconds
    except ValueError as error:
        raise invalid(str(error)) from error
    return show_latency(mock, request)


def _view(armed: ArmedFault) -> dict[str, object]:
    return {
        "number": armed.number,
        "script": str(armed.fault),
        "seen": armed.seen,
        "hits": armed.hits,
        "is_spent": armed.is_spent,
    }
