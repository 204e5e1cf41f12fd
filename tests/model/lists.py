"""Checks of lists: all matching items, newest first, in pages without gaps or repetitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.model import contract
from tests.model.request import cursor_scope
from tests.model.resource_types import RESOURCE_TYPES, has_value, is_shown_as, view
from tests.model.worlds import parse_time

if TYPE_CHECKING:
    from datetime import datetime

    from tests.model.contract import Json
    from tests.model.exchange import Exchange
    from tests.model.request import Request

SAME_SIZE_PAGES = 4
MOST = 100


def _holds(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def _matches(request: Request, thing: Json) -> bool:
    """Return True if a resource passes all filters (J20, D9)."""
    world, kind, query = request.world, str(request.operation.listed), dict(request.query)
    space, part = query.pop("space_name", ""), query.pop("name", "")
    if space and not _holds(world.get("spaces", world.space_of(thing))["name"], space):
        return False
    if part and not _holds(thing["name"], part):
        return False
    filters = {name: text for name, text in query.items() if name not in {"limit", "cursor"}}
    return all(has_value(world, kind, thing, name, text) for name, text in {**filters, **request.ids}.items())


def expected(request: Request) -> list[Json]:
    """Return all items of a list in its order: by creation, evaluators by their last update (J18)."""
    kind = str(request.operation.listed)
    dated = RESOURCE_TYPES[kind].dated
    places: dict[str, tuple[datetime, int]] = {
        thing["id"]: (parse_time(thing[dated]), index) for index, thing in enumerate(request.world.of(kind))
    }
    found = [thing for thing in request.world.of(kind) if _matches(request, thing)]
    return sorted(found, key=lambda thing: places[thing["id"]], reverse=True)


def remainder(exchange: Exchange, request: Request) -> list[Json] | None:
    """Return the items after the cursor; None if the item before the cursor was deleted."""
    if "cursor" not in request.query:
        return expected(request)
    last = exchange.history.cursors[cursor_scope(request), request.query["cursor"]]
    unfiltered = expected(replace(request, query={}))
    ids = [thing["id"] for thing in unfiltered]
    if last not in ids:
        return None
    behind = set(ids[ids.index(last) + 1 :])
    return [thing for thing in expected(request) if thing["id"] in behind]


def pages_hold_what_matches(exchange: Exchange) -> None:
    """Check the items, the cursor and `has_more` of a page."""
    request = exchange.request
    if request is None or request.operation.listed is None or not exchange.reply.is_ok:
        return
    kind, page = request.operation.listed, exchange.reply.json
    shown, more = page[kind], page["pagination"]
    limit = int(request.query.get("limit", contract.resolved(request.operation.query["limit"])["default"]))
    assert len(shown) <= limit, f"{len(shown)} things on a page of {limit}"
    assert more["has_more"] == ("next_cursor" in more), f"a next page and its cursor go together: {more}"
    if more["has_more"]:
        exchange.history.cursors[cursor_scope(request), more["next_cursor"]] = shown[-1]["id"]
    wanted = remainder(exchange, request)
    if wanted is None:
        return
    assert [each["id"] for each in shown] == [each["id"] for each in wanted[:limit]], (
        f"{request.raw.path}?{request.raw.query} shows {_names(shown)}, not {_names(wanted[:limit])}"
    )
    assert more["has_more"] == (len(wanted) > limit), f"{len(wanted)} things, {limit} shown, and {more}"
    for each, thing in zip(shown, wanted, strict=False):
        there = view(exchange.after, kind, thing, in_list=True)
        assert is_shown_as(kind, each, there), f"listed is {each}, there is {there}"
        exchange.history.keep_made_up(kind, each)


def pages_lead_to_everything(exchange: Exchange) -> None:
    """Check that the pages from the first one on contain all items once, whatever their size."""
    request = exchange.request
    if request is None or request.operation.listed is None or not exchange.reply.is_ok or "cursor" in request.query:
        return
    kind, page = request.operation.listed, exchange.reply.json
    found = list(page[kind])
    pages = 1
    while page["pagination"]["has_more"]:
        pages += 1
        filters = {name: text for name, text in request.query.items() if name != "limit"}
        limit = request.query.get("limit", "50") if pages <= SAME_SIZE_PAGES else str(MOST)
        query = urlencode({**filters, "limit": limit, "cursor": page["pagination"]["next_cursor"]})
        reply = exchange.get(request.raw.path, query)
        assert reply.is_ok, f"the cursor of the page before is refused: {reply.body!r}"
        page = reply.json
        assert page[kind], "a next page was promised, and it is empty"
        assert len(page[kind]) <= int(limit), f"{len(page[kind])} things on a page of {limit}"
        found += page[kind]
        assert pages <= MOST, "there is no end to it"
    assert [each["id"] for each in found] == [each["id"] for each in expected(request)], f"all pages: {_names(found)}"


def _names(things: list[Json]) -> list[str]:
    return [str(each.get("name", each["id"])) for each in things]
