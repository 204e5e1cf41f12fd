"""Requests: the raw HTTP request, and the parsed one that the rules judge."""

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
"""The list that a cursor belongs to: the operation, its path parameters, and its filters."""


@dataclass(frozen=True)
class RawRequest:
    """A raw HTTP request."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the value of a header; an empty string if it is absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


@dataclass(frozen=True)
class Request:
    """A parsed request for an operation of the contract.

    Attributes:
        query: the query parameters that the operation declares.
        body: the parsed JSON; an empty object if no body was sent and none is required, None if it is no JSON.
        fits: True if query and body match their schemas.
        has_unknown: True if the query has a parameter that the operation does not declare.
        wrong_type: True if the body has another media type than JSON.
        known_cursor: True if the server issued the cursor for this list.
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
    def is_authenticated(self) -> bool:
        """True if the request has an API key that is not known to be unusable (C44)."""
        scheme, _, key = self.raw.header("authorization").partition(" ")
        key = key.strip().lower()
        return scheme.lower() == "bearer" and bool(key) and not any(word in key for word in UNUSABLE_KEYS)

    @property
    def task(self) -> Json:
        """The task in the path, or None."""
        return self.world.get("tasks", self.ids.get("task_id"))

    @property
    def fields(self) -> Json:
        """The body if it is an object, else an empty one."""
        return self.body if isinstance(self.body, dict) else {}


def cursor_scope(request: Request) -> Scope:
    """Return the list that a cursor of this request belongs to."""
    filters = {name: text for name, text in request.query.items() if name not in {"limit", "cursor"}}
    return request.name, tuple(request.ids.values()), tuple(sorted(filters.items()))


def parse(raw: RawRequest, world: World) -> Request | None:
    """Parse a raw request; return None if it is for no operation."""
    found = contract.match_operation(raw.method, raw.path)
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
    """Return the parsed body, whether it fits its schema, and whether it has another media type."""
    if operation.body is None:
        return {}, True, False
    if not raw.body:
        return {}, not operation.needs_body, False
    if raw.header("content-type").partition(";")[0].strip().lower() != "application/json":
        return None, False, True
    is_json, value = contract.parse_json(raw.body)
    return value, is_json and contract.body_fits(operation.id, value) and _levels(value) <= MOST_LEVELS, False


def _levels(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_levels, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_levels, value), default=0)
    return 0
