"""Shared helpers of the unit tests: recording and scripted transports, a virtual clock, known ids."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote

import httpx
from axtasks import AsyncAxClient, AxClient, Clock, RetryPolicy
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockTransport

from tests import planted
from tests.dialects import off_the_wire, on_the_wire, spoken
from tests.worlds import names_alike

if TYPE_CHECKING:
    from pathlib import Path

Json = Any
T = TypeVar("T")

API_KEY = planted.UNIT
ONCE = RetryPolicy(attempts=1)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

# The documents' own ids, and others of the mock's default world.
DEMO = "U3BhY2U6NDkzOkJaSkc="
CHAT_PROD = "TW9kZWw6MTIzOmFCY0Q="
GOLDEN_SET = "RGF0YXNldDo1NjpxUndY"
GOLDEN_SET_VERSION = "RGF0YXNldFZlcnNpb246MTphQmNE"
BASELINE = "RXhwZXJpbWVudDoxOmFCY0Q="
HALLUCINATION = "RXZhbHVhdG9yOjEyOmFCY0Q="
OPENAI_MAIN = "TGxtSW50ZWdyYXRpb246MTI6YUJjRA=="
CHAT_QUALITY = "T25saW5lVGFzazo0NTpxUndY"
CHAT_QUALITY_RUN = "VGFza1J1bjo5OTpxUndY"
USER = "VXNlcjoxOm5OYkM="
ENTITY = "RW50aXR5OjEyMzQ1"

LLM_CONFIGURATION: dict[str, Json] = {
    "experiment_type": "llm_generation",
    "ai_integration_id": OPENAI_MAIN,
    "messages": [{"role": "user", "content": "{{input}}"}],
    "input_variable_format": "mustache",
}
JUDGE_CONFIGURATION: dict[str, Json] = {
    "experiment_type": "template_evaluation",
    "ai_integration_id": OPENAI_MAIN,
    "template": "Is {output} true?",
    "provide_explanation": False,
}

RUN: dict[str, Json] = {
    "id": CHAT_QUALITY_RUN,
    "task_id": CHAT_QUALITY,
    "status": "running",
    "run_started_at": "2026-03-01T14:30:01.000Z",
    "run_finished_at": None,
    "data_start_time": None,
    "data_end_time": None,
    "num_successes": 0,
    "num_errors": 0,
    "num_skipped": 0,
    "created_at": "2026-03-01T14:30:00.000Z",
    "created_by_user_id": USER,
}
TASK: dict[str, Json] = {
    "id": CHAT_QUALITY,
    "name": "Chat Quality Monitor",
    "type": "template_evaluation",
    "project_id": CHAT_PROD,
    "dataset_id": None,
    "sampling_rate": 1,
    "is_continuous": True,
    "query_filter": None,
    "evaluators": [
        {
            "evaluator_id": HALLUCINATION,
            "evaluator_name": "Hallucination Eval",
            "query_filter": None,
            "column_mappings": None,
        }
    ],
    "experiment_ids": [],
    "last_run_at": None,
    "created_at": "2026-02-20T10:00:00.000Z",
    "updated_at": "2026-02-20T10:00:00.500Z",
    "created_by_user_id": USER,
}


@dataclass(frozen=True)
class Sent:
    """A request as it left the client."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: httpx.Headers
    timeout_seconds: float

    @property
    def json(self) -> Json:
        """The body as JSON, in the spelling of the documents."""
        return off_the_wire(json.loads(self.body))

    @property
    def is_write(self) -> bool:
        """True if the request could change anything."""
        return self.method != "GET"


MOST_REQUESTS = 500
Script = Callable[[Sent], httpx.Response]


class Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that records each request, and gets the response from a function or a mock."""

    def __init__(self, answer: Script | Stage) -> None:
        self._answer = answer
        self.sent: list[Sent] = []

    @property
    def writes(self) -> list[Sent]:
        """The requests that could change anything."""
        return [request for request in self.sent if request.is_write]

    @property
    def calls(self) -> list[str]:
        """Method and path of each request, percent-decoded."""
        return [f"{request.method} {unquote(request.path)}" for request in self.sent]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        request.read()
        sent = self._note(request)
        if isinstance(self._answer, Stage):
            return self._answer.door.handle_request(request)
        return _copy(self._answer(sent))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        await request.aread()
        sent = self._note(request)
        if isinstance(self._answer, Stage):
            return await self._answer.door.handle_async_request(request)
        return _copy(self._answer(sent))

    def _note(self, request: httpx.Request) -> Sent:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs), f"a query parameter was sent twice: {query}"
        sent = Sent(
            method=request.method,
            path=path,
            query=off_the_wire(dict(pairs)),
            body=request.content,
            headers=request.headers,
            timeout_seconds=request.extensions["timeout"]["read"],
        )
        self.sent.append(sent)
        assert len(self.sent) < MOST_REQUESTS, "this would go on for ever"
        return sent


def _copy(given: httpx.Response) -> httpx.Response:
    # An answer that was received once is bound to its request.
    return httpx.Response(given.status_code, headers=given.headers.raw, content=_spoken(given.content))


def _spoken(content: bytes) -> bytes:
    """Return the body of a scripted response in the dialect of the server."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return content
    told = on_the_wire(said)
    return content if told == said else json.dumps(told).encode()


def one_after_another(*answers: httpx.Response | Exception) -> Recorder:
    """Return a transport that gives these responses in turn, and fails the test on a further request."""
    remaining = iter(answers)

    def answer(request: Sent) -> httpx.Response:
        given = next(remaining, None)
        assert given is not None, f"unexpected {request.method} {request.path}"
        if isinstance(given, Exception):
            raise given
        return given

    return Recorder(answer)


def answer(body: Json, status: int = 200, **headers: str) -> httpx.Response:
    """Return a response with a JSON body; header names are written with underscores."""
    typed = {"content-type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx.Response(status, content=json.dumps(body).encode(), headers=typed)


def page(items: str, *entries: Json, cursor: str | None = None) -> httpx.Response:
    """Return a response with a page of a list."""
    return answer({items: list(entries), "pagination": {"has_more": cursor is not None, "next_cursor": cursor}})


@dataclass
class Stopwatch:
    """A clock that advances only by sleeping, without waiting."""

    now: float = 1000.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Advance the clock."""
        assert seconds > 0
        self.naps.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Advance the clock."""
        self.sleep(seconds)

    @property
    def clock(self) -> Clock:
        """The stopwatch as the clock of a client."""
        return Clock(monotonic=lambda: self.now, sleep=self.sleep, sleep_async=self.sleep_async)


class Stage:
    """A mock with a frozen clock and similar space names, and a record of its requests."""

    def __init__(self, *, spare: Mock | None = None) -> None:
        self.recorder = Recorder(self)
        self._spare = spare

    @cached_property
    def mock(self) -> Mock:
        """The mock, created on first access; many tests check that it never is."""
        return self._spare or Mock(clock=MockClock(now=START, frozen=True), world=names_alike())

    @property
    def is_untouched(self) -> bool:
        """True if the mock was created and is unchanged."""
        is_made = self._spare is not None or "mock" in vars(self)
        return is_made and not self.writes and self.mock.clock.now() == START

    @cached_property
    def door(self) -> MockTransport:
        """The mock as a transport."""
        return MockTransport(self.mock)

    def client(self, **settings: Any) -> AxClient:
        """Return a client of the mock."""
        return client_over(self.recorder, **settings)

    def async_client(self, **settings: Any) -> AsyncAxClient:
        """Return an awaiting client of the mock."""
        return async_client_over(self.recorder, **settings)

    @property
    def sent(self) -> list[Sent]:
        """The requests so far."""
        return self.recorder.sent

    @property
    def writes(self) -> list[Sent]:
        """The requests so far that could change anything."""
        return self.recorder.writes

    @property
    def calls(self) -> list[str]:
        """Method and path of the requests so far."""
        return self.recorder.calls

    def forget(self) -> None:
        """Clear the record of requests; fail if one could have changed anything."""
        assert not self.writes
        self.recorder.sent.clear()


def waiting_program(told: Path) -> list[str]:
    """A program that prints a key as soon as a file is there; without one it ends after a minute."""
    waits = "for _ in range(6000):\n    if os.path.exists(sys.argv[1]): break\n    time.sleep(0.01)\n"
    return [sys.executable, "-SEc", f"import os, sys, time\n{waits}print('any-key-at-all')", str(told)]


def client_over(transport: httpx.BaseTransport, **settings: Any) -> AxClient:
    """Return a client over this transport, without retries unless told otherwise."""
    return AxClient(**_settings(settings), http_client=httpx.Client(transport=transport))


def async_client_over(transport: httpx.AsyncBaseTransport, **settings: Any) -> AsyncAxClient:
    """Return an awaiting client over this transport, without retries unless told otherwise."""
    return AsyncAxClient(**_settings(settings), http_client=httpx.AsyncClient(transport=transport))


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    return {"api_key": API_KEY, "retry": ONCE, "contract": spoken.contract, **given}


class Blocking:
    """Calls by the blocking client."""

    @staticmethod
    def ask(transport: Recorder, call: Callable[[Any], Any], **settings: Any) -> Any:
        """Return the result of a client's call."""
        return Blocking.in_turn(transport, call, **settings)

    @staticmethod
    def in_turn(transport: Recorder, *calls: Callable[[Any], Any], **settings: Any) -> Any:
        """Return the result of the last of these calls of one client."""
        client = client_over(transport, **settings)
        return [call(client) for call in calls][-1]

    @staticmethod
    def all_of(transport: Recorder, call: Callable[[Any], Any], **settings: Any) -> list[Any]:
        """Return all items of iterating over a call's result."""
        return list(call(client_over(transport, **settings)))


class Awaiting:
    """Calls by the awaiting client, each on an event loop of its own."""

    @staticmethod
    def ask(transport: Recorder, call: Callable[[Any], Any], **settings: Any) -> Any:
        """Return the result of a client's call."""
        return Awaiting.in_turn(transport, call, **settings)

    @staticmethod
    def in_turn(transport: Recorder, *calls: Callable[[Any], Any], **settings: Any) -> Any:
        """Return the result of the last of these calls of one client."""

        async def run() -> Any:
            client = async_client_over(transport, **settings)
            return [await call(client) for call in calls][-1]

        return asyncio.run(run())

    @staticmethod
    def all_of(transport: Recorder, call: Callable[[Any], Any], **settings: Any) -> list[Any]:
        """Return all items of iterating over a call's result."""

        async def run() -> list[Any]:
            return [item async for item in await call(async_client_over(transport, **settings))]

        return asyncio.run(run())


ClientKind = type[Blocking] | type[Awaiting]


class Two:
    """A whole number of another library, such as a tensor of one item."""

    def __index__(self) -> int:
        return 2


def outcome(awaitable: Awaitable[T]) -> T:
    """Return the result of an awaitable, run on an event loop of its own."""

    async def run() -> T:
        return await awaitable

    return asyncio.run(run())


def drained(found: Any) -> Any:
    """Return all items of a call's result of either client, which may still have to be awaited."""

    async def awaited() -> list[Any]:
        return [item async for item in await found]

    return awaited() if inspect.isawaitable(found) else list(found)


def methods(group: type) -> dict[str, Callable[..., Any]]:
    """Return the public methods of a class by name, in source order."""
    return {name: value for name, value in vars(group).items() if inspect.isfunction(value) and name[0] != "_"}


def listed(client_kind: ClientKind, url: str, **settings: Any) -> list[object]:
    """List the spaces with a new client that has connections of its own."""
    settings = {"api_key": API_KEY, "base_url": url, "retry": RetryPolicy(attempts=1), **settings}
    if client_kind is Blocking:
        with AxClient(**settings) as ax:
            return list(ax.spaces.list().items)

    async def play() -> list[object]:
        async with AsyncAxClient(**settings) as ax:
            return list((await ax.spaces.list()).items)

    return asyncio.run(play())
