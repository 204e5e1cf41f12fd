"""A request with its response, the world before and after, and the history of earlier exchanges."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from tests.model.request import RawRequest, Request, Scope, cursor_scope, parse
from tests.model.resource_types import made_up
from tests.model.rules_in_force import broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.model.contract import Json
    from tests.model.rules import Rule
    from tests.model.worlds import World

OK = range(200, 300)


@dataclass(frozen=True)
class Reply:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Json:
        """The parsed body; None without one."""
        return json.loads(self.body) if self.body else None

    @property
    def is_ok(self) -> bool:
        """True if the request succeeded."""
        return self.status in OK

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name; None if it is absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name), None)


class Server(Protocol):
    """A server under test, with access to its state and clock."""

    def snapshot(self) -> World:
        """Return all resources as they are now."""
        ...

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def send(self, raw: RawRequest) -> Reply:
        """Return the response to a request."""
        ...


@dataclass
class History:
    """The facts that earlier responses showed.

    Attributes:
        cursors: the id of the last item before each issued cursor.
        ended: ended runs, as they were first seen ended.
        updated: the last `updated_at` of each task.
        triggers: the trigger request of each run.
        requests: the request ids of all responses.
        gone: the ids of deleted resources.
        names: all names that tasks have or had.
        made_up: the values that the server chose, by type and id.
    """

    cursors: dict[tuple[Scope, str], Json] = field(default_factory=dict)
    ended: dict[str, Json] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    updated: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, Request] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    made_up: dict[tuple[str, str], Json] = field(default_factory=dict)

    def keep_made_up(self, kind: str, shown: Json) -> None:
        """Check that the values that the server chose for a resource are the same in every response."""
        for key, value in made_up(kind, shown).items():
            before = self.made_up.setdefault(key, value)
            assert value == before, f"{' '.join(key)} is shown with {value}, and was with {before}"


@dataclass
class Exchange:
    """A request and its response; `request` is None if it is for no operation."""

    server: Server
    history: History
    raw: RawRequest
    request: Request | None
    reply: Reply
    before: World
    after: World

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules of the documents that the request broke."""
        return [] if self.request is None else broken(self.request)

    @cached_property
    def changes(self) -> dict[tuple[str, str], tuple[Json, Json]]:
        """The resources that the request changed, with their values before and after."""
        return self.before.differences(self.after)

    def get(self, path: str, query: str = "") -> Reply:
        """Return the response to a further GET."""
        headers = {"Authorization": self.raw.header("authorization")}
        return self.server.send(RawRequest("GET", path, query, headers))


def parse_request(raw: RawRequest, world: World, history: History) -> Request | None:
    """Parse a request, and note whether the server issued its cursor."""
    found = parse(raw, world)
    if found is None or "cursor" not in found.query:
        return found
    return replace(found, known_cursor=(cursor_scope(found), found.query["cursor"]) in history.cursors)
