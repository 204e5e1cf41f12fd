"""Admin API of the journal, near misses and health."""

from __future__ import annotations

from dataclasses import fields
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from axtasks.mock.clock import timestamp
from axtasks.mock.journal.har import text_of
from axtasks.mock.journal.matching import Filter
from axtasks.mock.operations.request import WHOLE_NUMBER, Result
from axtasks.mock.problems import invalid, quoted

if TYPE_CHECKING:
    from axtasks.mock.journal.exchange import Exchange
    from axtasks.mock.messages import MockRequest

    from .controls import Controls

NUMBERS = ("status", "since")


def show_journal(mock: Controls, request: MockRequest) -> Result:
    """The kept exchanges that match the query, how many had to make room, and the number of the latest."""
    journal = mock.journal
    found = list(map(view, _found(mock, request)))
    return Result(HTTPStatus.OK, {"exchanges": found, "dropped": journal.dropped, "last_number": journal.last_number})


def count_journal(mock: Controls, request: MockRequest) -> Result:
    """Count the kept exchanges that match the query."""
    return Result(HTTPStatus.OK, {"count": len(_found(mock, request))})


def export_journal(mock: Controls, _: MockRequest) -> Result:
    """All kept exchanges as an HTTP archive."""
    return Result(HTTPStatus.OK, mock.journal.har())


def clear_journal(mock: Controls, _: MockRequest) -> Result:
    """Empty the journal."""
    mock.journal.clear()
    return Result(HTTPStatus.NO_CONTENT)


def show_near_misses(mock: Controls, _: MockRequest) -> Result:
    """The requests that no operation was meant for, each with the operation that it came closest to."""
    return Result(HTTPStatus.OK, {"near_misses": near_misses(mock)[::-1]})


def near_misses(mock: Controls, most: int | None = None) -> list[dict[str, object]]:
    """The kept requests that no operation was meant for, from the latest back, so many of them if there is a limit."""
    misses = (it for it in mock.journal.newest_first() if it.operation is None and it.status in {404, 405})
    return [_miss(mock, exchange) for exchange in islice(misses, most)]


def show_health(mock: Controls, _: MockRequest) -> Result:
    """Health of the mock: its time, and the sizes of its world and journal."""
    world = mock.state.world
    health = {
        "status": "ok",
        "now": timestamp(mock.state.now),
        "tasks": len(world.tasks),
        "task_runs": len(world.task_runs),
        "exchanges": len(mock.journal),
    }
    return Result(HTTPStatus.OK, health)


def _found(mock: Controls, request: MockRequest) -> list[Exchange]:
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    for name in NUMBERS:
        if name in given and WHOLE_NUMBER.fullmatch(given[name]) is None:
            raise invalid(f"{name} has to be a whole number, not {quoted(given[name])}")
    numbers = {name: int(given[name]) for name in NUMBERS if name in given}
    try:
        return mock.journal.matching(Filter.of(given.pop("operation", None), {**given, **numbers}))
    except ValueError as error:
        raise invalid(str(error)) from error


def _miss(mock: Controls, exchange: Exchange) -> dict[str, object]:
    shown, nearest = view(exchange), mock.nearest(exchange.method, exchange.path)
    return {
        **{name: shown[name] for name in ("number", "at", "method", "path", "status")},
        "nearest": {"operation": nearest.name, "method": nearest.method, "path": nearest.path},
    }


def view(exchange: Exchange) -> dict[str, object]:
    """Return an exchange as it is shown."""
    shown = {each.name: getattr(exchange, each.name) for each in fields(exchange) if each.init}
    bodies = {name: text_of(shown[name]) for name in ("request_body", "response_body")}
    return {**shown, "at": timestamp(exchange.at), **bodies}
