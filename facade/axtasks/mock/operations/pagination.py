"""Pages and their cursors.

A cursor names a position, not a number of items to skip, so it stays good after writes. It carries a digest of the
operation and its filters: one that comes from elsewhere, or was made up, is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from axtasks.mock.jsontypes import as_whole
from axtasks.mock.problems import invalid, quoted

from .rendering import listed
from .request import Call, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.mock.jsontypes import JsonObject
    from axtasks.mock.world.query import Query
    from axtasks.mock.world.resource_types import ResourceType
    from axtasks.mock.world.table import Position, Table

T = TypeVar("T")

PAGING = frozenset({"limit", "cursor"})
DIGEST_BYTES = 9


def page(call: Call, given: Mapping[str, str | int], described: ResourceType, table: Table[T], query: Query) -> Result:
    """Answer with one page of what matches a query, newest first, and where the next one begins."""
    filters = {name: value for name, value in given.items() if name not in PAGING}
    scope = json.dumps([call.operation.id, dict(call.path_ids), filters], sort_keys=True)
    limit = int(given.get("limit", as_whole(call.operation.query["limit"]["default"])))
    cursor = given.get("cursor")
    after = None if cursor is None else _position(str(cursor), scope)
    found = list(islice(((at, it) for at, it in table.newest_first(after, query) if call.state.sees(it)), limit + 1))
    shown = found[:limit]
    pagination: JsonObject = {"has_more": len(found) > limit}
    if len(found) > limit:
        pagination["next_cursor"] = _cursor(shown[-1][0], scope)
    rows = [call.renderer.encoded(each, described, in_list=True) for _, each in shown]
    return Result(200, listed(described.name, rows, pagination))


def _cursor(position: Position, scope: str) -> str:
    digest = hashlib.blake2b(f"{position}{scope}".encode(), digest_size=DIGEST_BYTES).digest()
    text = f"{position[0]}.{position[1]}.{base64.urlsafe_b64encode(digest).decode()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str, scope: str) -> Position:
    """Read a cursor, which has to be to the letter what was given out for this list with these filters."""
    with suppress(ValueError):
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, serial, _ = raw.split(".")
        position = (int(moment), int(serial))
        if cursor == _cursor(position, scope):
            return position
    raise invalid(f"cursor was not given out for this list with these filters: {quoted(cursor)}")
