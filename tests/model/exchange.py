"""A request with its answer and the world before and after, and what is remembered of those before it."""

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
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Json:
        """What the body says; None without one."""
        return json.loads(self.body) if self.body else None

    @property
    def is_ok(self) -> bool:
        """Whether the request was carried out."""
        return self.status in OK

    def header(self, name: str) -> str | None:
        """A header by its name in small letters."""
        return next((value for key, value in self.headers.items() if key.lower() == name), None)


class Server(Protocol):
    """The server that is tried, and what lies behind it."""

    def snapshot(self) -> World:
        """All there is, at this moment."""
        ...

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        ...

    def send(self, raw: RawRequest) -> Reply:
        """The answer to a request."""
        ...


@dataclass
class History:
    """What was seen so far.

    Attributes:
        cursors: where the cursors that were given out go on: the last thing before it.
        ended: how runs looked once they had ended.
        updated: when tasks were last changed.
        triggers: what runs were asked to cover.
        requests: the marks of all answers.
        gone: what was deleted.
        names: how tasks are called, and were.
        made_up: what the server has made up of things.
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
        """Check that what the server makes up of a thing is the same wherever it is shown."""
        for key, told in made_up(kind, shown).items():
            before = self.made_up.setdefault(key, told)
            assert told == before, f"{' '.join(key)} is shown with {told}, and was with {before}"


@dataclass
class Exchange:
    """A request and its answer; `asked` is None for one that no operation is meant by."""

    server: Server
    history: History
    raw: RawRequest
    request: Request | None
    reply: Reply
    before: World
    after: World

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules that the request broke, as the documents have them."""
        return [] if self.request is None else broken(self.request)

    @cached_property
    def changes(self) -> dict[tuple[str, str], tuple[Json, Json]]:
        """What the request changed."""
        return self.before.differences(self.after)

    def get(self, path: str, query: str = "") -> Reply:
        """The answer to a further look."""
        headers = {"Authorization": self.raw.header("authorization")}
        return self.server.send(RawRequest("GET", path, query, headers))


def parse_request(raw: RawRequest, world: World, history: History) -> Request | None:
    """A request as the rules see it."""
    found = parse(raw, world)
    if found is None or "cursor" not in found.query:
        return found
    return replace(found, known_cursor=(cursor_scope(found), found.query["cursor"]) in history.cursors)
