"""What was asked and answered: a record to look at, to count, to export, and to assert on."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypedDict, Unpack
from urllib.parse import parse_qsl, unquote

from . import contract, har

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .jsontypes import JsonObject, JsonValue
    from .messages import Headers

MOST_EXCHANGES = 10_000
MOST_BYTES = 16 * 1024 * 1024
SHOWN_CALLS = 5
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
MASK = "***"

TaskIds = Callable[[str], Collection[str]]
"""From the name of a task to the identifiers of those that bear it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; secrets are masked. A status of 0 means that no answer was given."""

    number: int
    at: datetime
    operation: str | None
    method: str
    path: str
    query: str
    request_headers: Headers
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    fault: str | None = None

    @property
    def size(self) -> int:
        """How many bytes the bodies have."""
        return len(self.request_body) + len(self.response_body)

    def __str__(self) -> str:
        """The exchange in one line."""
        target = f"{self.path}?{self.query}" if self.query else self.path
        return (
            f"#{self.number} {self.operation or '(no operation)'}: {self.method} {target} -> {self.status or 'nothing'}"
        )


class Wanted(TypedDict, total=False):
    """What can be asked of exchanges besides their operation; see `Filter`."""

    method: str | None
    path: str | None
    status: int | None
    task: str | None
    run: str | None
    since: int | None
    fault: str | None
    query: Mapping[str, str] | None
    body: Mapping[str, JsonValue] | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which exchanges are meant; what is None does not matter.

    `path` may contain `*`. `task` and `run` are identifiers that stand in the path or the answer, `task` may be a name
    too. `query` and `body` have to be part of what was sent. `since` leaves out that number and those before it.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    task: str | None = None
    run: str | None = None
    since: int | None = None
    fault: str | None = None
    query: Mapping[str, str] | None = None
    body: Mapping[str, JsonValue] | None = None

    def misses(self, exchange: Exchange, task_ids: TaskIds) -> list[str]:
        """In what respects an exchange is not what is meant; nothing when it is."""
        checks = (
            ("since", self.since is None or exchange.number > self.since),
            ("operation", self.operation is None or exchange.operation == self.operation),
            ("method", self.method is None or exchange.method == self.method),
            ("path", self.path is None or _is_path(self.path, exchange.path)),
            ("status", self.status is None or exchange.status == self.status),
            ("fault", self.fault is None or self.fault in (exchange.fault or "")),
            ("task", self.task is None or not _ids_in(exchange).isdisjoint({self.task, *task_ids(self.task)})),
            ("run", self.run is None or self.run in _ids_in(exchange)),
            ("query", self.query is None or self.query.items() <= dict(_pairs(exchange.query)).items()),
            ("body", self.body is None or _contains(read_body(exchange.request_body), dict(self.body))),
        )
        return [name for name, fits in checks if not fits]


class Journal:
    """Exchanges in the order in which they were answered: the latest ones, the rest is only counted."""

    def __init__(self, most: int = MOST_EXCHANGES, *, task_ids: TaskIds = lambda _: ()) -> None:
        if most < 1:
            raise ValueError(f"a journal keeps 1 exchange or more, not {most}")
        self._most = most
        self._task_ids = task_ids
        self._kept: deque[Exchange] = deque()
        self._size = 0
        self._lock = threading.Lock()
        self.dropped = 0
        """How many exchanges had to make room since the journal was last cleared."""
        self.last_number = 0
        """The number of the latest exchange, kept or not; numbers go on after the journal was cleared."""

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange; the oldest ones make room for it."""
        with self._lock:
            self.last_number = exchange.number
            self._kept.append(exchange)
            self._size += exchange.size
            while len(self._kept) > self._most or (self._size > MOST_BYTES and len(self._kept) > 1):
                self._size -= self._kept.popleft().size
                self.dropped += 1

    def clear(self) -> None:
        """Forget all exchanges."""
        with self._lock:
            self._kept.clear()
            self._size = 0
            self.dropped = 0

    def matching(self, wanted: Filter) -> list[Exchange]:
        """The kept exchanges that are meant, the oldest first."""
        with self._lock:
            kept = list(self._kept)
        return [exchange for exchange in kept if not wanted.misses(exchange, self._task_ids)]

    def exchanges(self, operation: str | None = None, **wanted: Unpack[Wanted]) -> list[Exchange]:
        """The kept exchanges that match all that is given, as `Filter` explains it, the oldest first."""
        return self.matching(Filter(operation, **wanted))

    def count(self, operation: str | None = None, **wanted: Unpack[Wanted]) -> int:
        """How many kept exchanges match all that is given."""
        return len(self.matching(Filter(operation, **wanted)))

    def har(self) -> JsonObject:
        """All kept exchanges as an HTTP archive (HAR 1.2)."""
        return har.archive(self.exchanges())

    def assert_called(self, operation: str, *, times: int | None = None, **expect: Unpack[Wanted]) -> list[Exchange]:
        """The exchanges of an operation that match all that is given: `times` of them, or at least one.

        Raises:
            AssertionError: there are more or fewer; the text lists the calls that come nearest.
            ValueError: the contract has no such operation.
        """
        if operation not in contract.operations():
            raise ValueError(f"there is no operation {operation!r}, only {', '.join(contract.operations())}")
        wanted = Filter(operation, **expect)
        found = self.matching(wanted)
        if len(found) == times or (times is None and found):
            return found
        raise AssertionError(self._account(wanted, times, found))

    def _account(self, wanted: Filter, times: int | None, found: list[Exchange]) -> str:
        expected = "at least one call" if times is None else "1 call" if times == 1 else f"{times} calls"
        given = ", ".join(
            f"{name}={value!r}"
            for name in Filter.__dataclass_fields__
            if name != "operation" and (value := getattr(wanted, name)) is not None
        )
        lines = [f"expected {expected} of {wanted.operation}{f' with {given}' if given else ''}, found {len(found)}"]
        lines += [f"  {exchange}" for exchange in found[-SHOWN_CALLS:]]
        others = [(wanted.misses(exchange, self._task_ids), exchange) for exchange in self.exchanges()]
        nearest = sorted(((misses, it) for misses, it in others if misses), key=lambda other: _distance(*other))
        if nearest:
            lines.append("the nearest other calls, and what is different about them:")
            lines += [f"  {exchange} ({', '.join(misses)})" for misses, exchange in nearest[:SHOWN_CALLS]]
        elif not found:
            lines.append("nothing was called")
        if self.dropped:
            lines.append(f"{self.dropped} older exchanges are no longer kept")
        return "\n".join(lines)


def masked(headers: Headers) -> Headers:
    """Headers that give no secret away: of credentials only their scheme is left."""
    return tuple((name, _masked(value) if name.lower() in SECRET_HEADERS else value) for name, value in headers)


def read_body(body: bytes) -> JsonValue:
    """A body as JSON; None for one that is not."""
    try:
        value: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def _masked(value: str) -> str:
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {MASK}" if blank and scheme.isalpha() else MASK


def _distance(misses: list[str], exchange: Exchange) -> tuple[bool, int, int]:
    return "operation" in misses, len(misses), -exchange.number


def _is_path(pattern: str, path: str) -> bool:
    return pattern in {path, unquote(path)} or ("*" in pattern and fnmatchcase(unquote(path), pattern))


def _ids_in(exchange: Exchange) -> set[str]:
    found = {unquote(segment) for segment in exchange.path.split("/")}
    answer = read_body(exchange.response_body)
    if isinstance(answer, dict):
        found.update(value for name in ("id", "task_id") if isinstance(value := answer.get(name), str))
    return found


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _contains(whole: JsonValue, part: JsonValue) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and _contains(whole[name], part[name]) for name in part)
    return whole == part and isinstance(whole, bool) == isinstance(part, bool)
