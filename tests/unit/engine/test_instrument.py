"""Tests of logs and hooks: their events for each request, and no effect of theirs on calls."""

from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AxClient,
    AxError,
    ConfigurationError,
    Hooks,
    NotFoundError,
    Poll,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    RetryPolicy,
    ServerError,
    TransportError,
)

from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    RUN,
    TASK,
    Awaiting,
    Blocking,
    ClientKind,
    Recorder,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.both_clients

TWICE = RetryPolicy(attempts=2, jitter=lambda: 1.0)
UNAVAILABLE = answer({"title": "busy", "status": 503}, 503, x_request_id="r-1")
FOUND = answer(TASK, x_request_id="r-2")


@dataclass
class Notes:
    """A recorder of all events that a client reports."""

    told: list[Any] = field(default_factory=list)

    @property
    def hooks(self) -> Hooks:
        """Hooks that record their events."""
        note = self.told.append
        return Hooks(on_request=note, on_response=note, on_retry=note, on_poll=note)

    def of(self, kind: type) -> list[Any]:
        """Return the recorded events of one type."""
        return [event for event in self.told if type(event) is kind]


@pytest.fixture
def notes() -> Notes:
    return Notes()


def test_an_attempt_is_told_of_before_and_after(client_kind: ClientKind, notes: Notes, stopwatch: Stopwatch) -> None:
    def taking_a_while(_: Any) -> httpx.Response:
        stopwatch.now += 0.25
        return FOUND

    client_kind.ask(
        Recorder(taking_a_while), lambda ax: ax.tasks.get(CHAT_QUALITY), hooks=notes.hooks, clock=stopwatch.clock
    )

    request = RequestEvent(operation="get_task", method="GET", path=f"/v2/tasks/{CHAT_QUALITY}", attempt=1)
    assert notes.told == [
        request,
        ResponseEvent(request=request, status_code=200, request_id="r-2", duration_seconds=0.25, error=None),
    ]


def test_a_retry_is_told_of_between_two_attempts(client_kind: ClientKind, notes: Notes, stopwatch: Stopwatch) -> None:
    client_kind.ask(
        one_after_another(UNAVAILABLE, FOUND),
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        hooks=notes.hooks,
        retry=TWICE,
        clock=stopwatch.clock,
    )

    first, failed, again, second, done = notes.told
    assert [type(event) for event in notes.told] == [
        RequestEvent, ResponseEvent, RetryEvent, RequestEvent, ResponseEvent,
    ]  # fmt: skip
    assert (first.attempt, second.attempt) == (1, 2)
    assert (failed.status_code, failed.request_id, type(failed.error)) == (503, "r-1", ServerError)
    assert (again.request, again.error, again.pause_seconds) == (first, failed.error, 0.5)
    assert (done.status_code, done.error) == (200, None)
    assert stopwatch.naps == [0.5]


@pytest.mark.parametrize(
    ("given", "status", "kind"),
    [
        pytest.param(answer({"title": "no", "status": 404}, 404), 404, NotFoundError, id="a refusal"),
        pytest.param(httpx.ReadError("reset"), None, TransportError, id="no answer"),
        pytest.param(httpx.Response(200, content=b"{"), 200, AxError, id="no JSON"),
    ],
)
def test_however_an_attempt_ends_is_told(
    client_kind: ClientKind, notes: Notes, given: httpx.Response | Exception, status: int | None, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as raised:
        client_kind.ask(one_after_another(given), lambda ax: ax.tasks.get(CHAT_QUALITY), hooks=notes.hooks)

    (ended,) = notes.of(ResponseEvent)
    assert (ended.status_code, ended.error) == (status, raised.value)


def test_an_interrupted_attempt_ends_without_status_and_error(notes: Notes) -> None:
    def interrupted(_: Any) -> httpx.Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Blocking.ask(Recorder(interrupted), lambda ax: ax.tasks.get(CHAT_QUALITY), hooks=notes.hooks)

    (ended,) = notes.of(ResponseEvent)
    assert (ended.status_code, ended.error) == (None, None)


def test_each_poll_of_an_unfinished_run_is_reported(
    client_kind: ClientKind, notes: Notes, stopwatch: Stopwatch
) -> None:
    own: list[Poll] = []

    client_kind.ask(
        one_after_another(answer(RUN), answer(RUN), answer(RUN | {"status": "completed"})),
        lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, poll_interval=1, on_poll=own.append),
        hooks=notes.hooks,
        clock=stopwatch.clock,
    )

    assert notes.of(Poll) == own
    assert [poll.run.status for poll in own] == ["running", "running"]


def test_hooks_see_every_request_of_a_call(client_kind: ClientKind, notes: Notes) -> None:
    client_kind.ask(
        one_after_another(page("tasks", TASK), answer(RUN | {"status": "pending"}, 201)),
        lambda ax: ax.tasks.trigger_run("Chat Quality Monitor", space="U3BhY2U6NDkzOkJaSkc="),
        hooks=notes.hooks,
    )

    assert [request.operation for request in notes.of(RequestEvent)] == ["list_tasks", "trigger_task_run"]


def test_hooks_can_be_given_to_some_calls_only(notes: Notes) -> None:
    ax = client_over(one_after_another(FOUND, FOUND, FOUND, FOUND))

    watched = ax.with_options(hooks=notes.hooks)
    ax.tasks.get(CHAT_QUALITY)
    assert notes.told == []
    watched.with_options(timeout=5).tasks.get(CHAT_QUALITY)
    assert len(notes.told) == 2
    watched.with_options(hooks=Hooks()).tasks.get(CHAT_QUALITY)
    assert len(notes.told) == 2


@pytest.mark.parametrize("name", Hooks.__slots__)
def test_a_hook_that_raises_is_logged_and_changes_nothing(
    name: str, client_kind: ClientKind, stopwatch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("in a hook")

    transport = one_after_another(
        answer({"title": "busy", "status": 429}, 429), answer(RUN), answer(RUN), answer(RUN | {"status": "cancelled"})
    )
    settings: dict[str, Any] = {"hooks": Hooks(**{name: broken}), "retry": TWICE, "clock": stopwatch.clock}

    async_or_not = client_kind.in_turn(
        transport,
        lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN),
        lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, poll_interval=1),
        **settings,
    )

    assert async_or_not.status == "cancelled"
    assert len(transport.writes) == 2
    logged = [record for record in caplog.records if record.name == "axtasks.hooks"]
    assert logged
    assert {record.levelname for record in logged} == {"ERROR"}
    assert all(record.exc_info and record.exc_info[0] is ZeroDivisionError for record in logged)


@pytest.mark.parametrize("event", [RequestEvent, ResponseEvent, RetryEvent, Poll])
def test_details_cannot_be_changed(event: type) -> None:
    assert is_dataclass(event)
    made: Any = object.__new__(event)

    for detail in fields(event):
        with pytest.raises(FrozenInstanceError):
            setattr(made, detail.name, 1)


async def _awaited(_: object) -> None:
    """A hook that would have to be awaited."""


class _Awaited:
    """A class whose instances are hooks that would have to be awaited."""

    async def __call__(self, _: object) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    "hook", [_awaited, _Awaited(), "print", 1], ids=["a coroutine function", "an awaited object", "a text", "a number"]
)
def test_a_hook_has_to_be_a_plain_function(hook: Any) -> None:
    with pytest.raises(ConfigurationError, match="on_retry has to be a plain function"):
        Hooks(on_retry=hook)


def test_hooks_come_as_hooks() -> None:
    wrong: Any = {"on_retry": print}

    with pytest.raises(ConfigurationError, match="hooks has to be Hooks"):
        AxClient(api_key=API_KEY, hooks=wrong)
    with pytest.raises(ConfigurationError, match="hooks has to be Hooks"):
        AxClient(api_key=API_KEY).with_options(hooks=wrong)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return level and text of the log records about requests."""
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "axtasks.requests"]


def test_each_attempt_is_one_line_at_debug_and_each_retry_one_at_warning(
    client_kind: ClientKind, stopwatch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "axtasks")

    client_kind.ask(
        one_after_another(UNAVAILABLE, FOUND),
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        retry=TWICE,
        clock=stopwatch.clock,
    )

    at = f"get_task: GET /v2/tasks/{CHAT_QUALITY}"
    assert lines(caplog) == [
        ("DEBUG", f"{at} -> 503 ServerError in 0.000 s (attempt 1, request id r-1)"),
        ("WARNING", f"{at} is sent again in 0.500 s, as attempt 1 ended with ServerError"),
        ("DEBUG", f"{at} -> 200 in 0.000 s (attempt 2, request id r-2)"),
    ]
    records: list[Any] = [record for record in caplog.records if record.name == "axtasks.requests"]
    about: dict[str, object] = {"operation": "get_task", "method": "GET", "path": f"/v2/tasks/{CHAT_QUALITY}"}
    told: list[dict[str, object]] = [
        {"attempt": 1, "status_code": 503, "request_id": "r-1", "error_type": "ServerError"},
        {"attempt": 1, "pause_seconds": 0.5, "error_type": "ServerError"},
        {"attempt": 2, "status_code": 200, "request_id": "r-2", "error_type": None, "duration_seconds": 0.0},
    ]
    for record, expected in zip(records, told, strict=True):
        assert {name: getattr(record, name) for name in about | expected} == about | expected


def test_an_abandoned_attempt_is_logged_as_such(caplog: pytest.LogCaptureFixture, stopwatch: Stopwatch) -> None:
    caplog.set_level(logging.DEBUG, "axtasks")

    def interrupted(_: Any) -> httpx.Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Blocking.ask(Recorder(interrupted), lambda ax: ax.tasks.get(CHAT_QUALITY), clock=stopwatch.clock)

    assert [text.partition(" -> ")[2] for _, text in lines(caplog)] == [
        "abandoned in 0.000 s (attempt 1, request id None)"
    ]


def test_without_logging_set_up_nothing_is_printed(stopwatch: Stopwatch, capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        Blocking.ask(
            one_after_another(UNAVAILABLE, FOUND),
            lambda ax: ax.tasks.get(CHAT_QUALITY),
            retry=TWICE,
            clock=stopwatch.clock,
        )
    finally:
        root.handlers = handlers

    assert capfd.readouterr() == ("", "")


PRIVATE = "private-query-value"
SECRETS: list[tuple[str, Callable[[Any], Any]]] = [
    ("query", lambda ax: ax.request("GET", f"/v2/tasks?name={PRIVATE}", query={"x": PRIVATE})),
    ("body", lambda ax: ax.request("POST", "/v2/tasks", body={"name": PRIVATE, "key": API_KEY})),
    ("path", lambda ax: ax.request("GET", f"/v2/{API_KEY}/{API_KEY.upper()}")),
]


@pytest.mark.parametrize("call", [case[1] for case in SECRETS], ids=[case[0] for case in SECRETS])
def test_neither_key_nor_query_nor_body_is_told(
    call: Callable[[Any], Any],
    client_kind: ClientKind,
    notes: Notes,
    stopwatch: Stopwatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "axtasks")
    echo = answer({"title": API_KEY, "status": 429, "detail": PRIVATE}, 200, x_request_id=f"r-{API_KEY}")

    client_kind.ask(Recorder(lambda _: echo), call, hooks=notes.hooks, clock=stopwatch.clock)

    told = repr(notes.told) + repr([vars(record) for record in caplog.records if record.name.startswith("axtasks")])
    assert "r-***" in told
    assert API_KEY not in told.casefold()
    assert PRIVATE not in told


def test_both_kinds_of_client_report_the_same(stopwatch: Stopwatch) -> None:
    told = []
    for client_kind in (Blocking, Awaiting):
        notes = Notes()
        client_kind.ask(
            one_after_another(UNAVAILABLE, FOUND),
            lambda ax: ax.tasks.get(CHAT_QUALITY),
            hooks=notes.hooks,
            retry=TWICE,
            clock=stopwatch.clock,
        )
        told.append([(type(event), getattr(event, "status_code", None)) for event in notes.told])

    assert told[0] == told[1]
