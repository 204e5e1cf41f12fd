"""A request as the rules see it: the operation, what stands in its path, query and body, and the moment it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from tests.model import contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.model.contract import Json, Operation
    from tests.model.worlds import World

UNUSABLE_KEYS = ("invalid", "revoked", "expired")
MOST_BYTES = 1024 * 1024
MOST_LEVELS = 200

Scope = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]
"""What a cursor belongs to: the operation, what stands in its path, and its filters."""


@dataclass(frozen=True)
class RawRequest:
    """A request as it goes over the wire."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header; empty when it is not there."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


@dataclass(frozen=True)
class Request:
    """A request for an operation, read.

    Attributes:
        query: the parameters that the operation knows.
        body: what the JSON says; an empty object where nothing was sent and nothing has to be, None for no JSON.
        fits: whether query and body are as the schemas say.
        has_unknown: whether a parameter is none that the operation has.
        wrong_type: whether a body was sent as something else than JSON.
        known_cursor: whether the server gave its cursor out for this list.
    """

    raw: RawRequest
    operation: Operation
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    fits: bool
    is_repeating: bool
    has_unknown: bool
    wrong_type: bool
    world: World
    known_cursor: bool = True

    @property
    def name(self) -> str:
        """The operation's id."""
        return self.operation.id

    @property
    def is_let_in(self) -> bool:
        """Whether it bears a key that is not said to be no good (C44)."""
        scheme, _, key = self.raw.header("authorization").partition(" ")
        key = key.strip().lower()
        return scheme.lower() == "bearer" and bool(key) and not any(word in key for word in UNUSABLE_KEYS)

    @property
    def task(self) -> Json:
        """The task in the path, or None."""
        return self.world.get("tasks", self.ids.get("task_id"))

    @property
    def fields(self) -> Json:
        """The body, if it is an object."""
        return self.body if isinstance(self.body, dict) else {}


def cursor_scope(request: Request) -> Scope:
    """What a cursor of this list belongs to."""
    filters = {name: text for name, text in request.query.items() if name not in {"limit", "cursor"}}
    return request.name, tuple(request.ids.values()), tuple(sorted(filters.items()))


def parse(raw: RawRequest, world: World) -> Request | None:
    """The request as the rules see it; None when it is for no operation."""
    found = contract.place(raw.method, raw.path)
    if found is None:
        return None
    operation, ids = found
    given = parse_qsl(raw.query, keep_blank_values=True)
    pairs = [(name, text) for name, text in given if name in operation.query]
    query = dict(pairs)
    body, fits, wrong_type = _body(raw, operation)
    return Request(
        raw=raw,
        operation=operation,
        ids=ids,
        query=query,
        body=body,
        fits=fits and contract.query_fits(operation.id, query),
        is_repeating=len(pairs) != len(query),
        has_unknown=len(pairs) != len(given),
        wrong_type=wrong_type,
        world=world,
    )


def _body(raw: RawRequest, operation: Operation) -> tuple[Json, bool, bool]:
    """What the body says, whether that fits, and whether it is of another media type."""
    if operation.body is None:
        return {}, True, False
    if not raw.body:
        return {}, not operation.needs_body, False
    if raw.header("content-type").partition(";")[0].strip().lower() != "application/json":
        return None, False, True
    is_json, value = contract.reads_json(raw.body)
    return value, is_json and contract.body_fits(operation.id, value) and _levels(value) <= MOST_LEVELS, False


def _levels(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_levels, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_levels, value), default=0)
    return 0
