"""The part of the control plane that makes things go wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from axtasks.mock.faults.fault import FaultError
from axtasks.mock.operations.request import Answer, read_json
from axtasks.mock.problems import invalid

if TYPE_CHECKING:
    from axtasks.mock.faults.registry import ArmedFault, Faults
    from axtasks.mock.messages import MockRequest


class Disrupted(Protocol):
    """What can be made to answer wrongly."""

    @property
    def limit(self) -> str | None:
        """How many requests are let in, such as `10/s`; None for as many as come."""
        ...

    @limit.setter
    def limit(self, text: str | None) -> None: ...

    @property
    def latency_seconds(self) -> float:
        """How late every answer of the API is."""
        ...

    @latency_seconds.setter
    def latency_seconds(self, seconds: float) -> None: ...

    @property
    def faults(self) -> Faults:
        """The armed faults."""
        ...


def show_faults(mock: Disrupted, _: MockRequest) -> Answer:
    """The armed faults, with how many requests each has seen and hit."""
    return Answer(HTTPStatus.OK, {"faults": armed(mock)})


def armed(mock: Disrupted) -> list[dict[str, object]]:
    """The armed faults as they are shown."""
    return list(map(_view, mock.faults.list()))


def add_faults(mock: Disrupted, request: MockRequest) -> Answer:
    """The faults of a script, now armed."""
    body = read_json(request.body)
    script = body.get("script") if isinstance(body, dict) else None
    if not isinstance(script, str):
        raise invalid('the body has to be an object such as {"script": "times=2, fault=status:503"}')
    try:
        added = mock.faults.add(script)
    except FaultError as error:
        raise invalid(f"script: {error}") from error
    return Answer(HTTPStatus.CREATED, {"faults": list(map(_view, added))})


def clear_faults(mock: Disrupted, _: MockRequest) -> Answer:
    """Nothing: no fault is armed any more."""
    mock.faults.clear()
    return Answer(HTTPStatus.NO_CONTENT)


def show_limit(mock: Disrupted, _: MockRequest) -> Answer:
    """How many requests are let in; null for any number."""
    return Answer(HTTPStatus.OK, {"limit": mock.limit})


def set_limit(mock: Disrupted, request: MockRequest) -> Answer:
    """The limit that is in force from now on, with nothing used up of it."""
    body = read_json(request.body)
    if not isinstance(body, dict) or "limit" not in body or not isinstance(limit := body["limit"], str | None):
        raise invalid('the body has to be an object such as {"limit": "10/s"}, or {"limit": null} for none')
    try:
        mock.limit = limit
    except ValueError as error:
        raise invalid(f"limit: {error}") from error
    return show_limit(mock, request)


def show_latency(mock: Disrupted, _: MockRequest) -> Answer:
    """How late every answer of the API is."""
    return Answer(HTTPStatus.OK, {"latency_seconds": mock.latency_seconds})


def set_latency(mock: Disrupted, request: MockRequest) -> Answer:
    """How late every answer of the API is from now on."""
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
