"""Tests of tracing: one span for each call, and below it one for each attempt."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AxClient, AxError, ConfigurationError, Hooks, NotFoundError, RetryPolicy
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.unit.support import (
    API_KEY,
    BASELINE,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    RUN,
    TASK,
    Blocking,
    ClientKind,
    Recorder,
    Stage,
    Stopwatch,
    answer,
    one_after_another,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.both_clients

BUSY = answer({"title": "busy", "status": 503}, 503, x_request_id="r-1")
FOUND = answer(TASK, x_request_id="r-2")


class Spans:
    """A tracer provider whose spans stay in memory."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._kept))

    @property
    def all(self) -> list[ReadableSpan]:
        """The spans that ended so far, in the order of their start."""
        return sorted(self._kept.get_finished_spans(), key=lambda span: span.start_time or 0)


@pytest.fixture
def spans() -> Spans:
    return Spans()


def about(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_call_is_a_span_and_each_attempt_one_below_it(
    client_kind: ClientKind, spans: Spans, stopwatch: Stopwatch
) -> None:
    client_kind.ask(
        one_after_another(BUSY, FOUND),
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        tracing=spans.provider,
        retry=RetryPolicy(),
        clock=stopwatch.clock,
        base_url="http://127.0.0.1:8765",
    )

    call, first, second = spans.all
    assert (call.name, call.kind, call.parent, call.status.status_code) == (
        "axtasks.get_task", SpanKind.INTERNAL, None, StatusCode.UNSET,
    )  # fmt: skip
    for attempt in (first, second):
        assert (attempt.name, attempt.kind) == ("GET /v2/tasks/{task_id}", SpanKind.CLIENT)
        assert attempt.parent is not None
        assert attempt.parent.span_id == call.context.span_id
    shared = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": 8765,
        "url.full": f"http://127.0.0.1:8765/v2/tasks/{CHAT_QUALITY}",
        "url.template": "/v2/tasks/{task_id}",
        "axtasks.operation": "get_task",
    }
    assert about(first) == shared | {
        "http.response.status_code": 503,
        "http.response.header.x-request-id": ("r-1",),
        "error.type": "503",
    }
    assert about(second) == shared | {
        "http.response.status_code": 200,
        "http.response.header.x-request-id": ("r-2",),
        "http.request.resend_count": 1,
    }
    assert (first.status.status_code, second.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)


@pytest.mark.parametrize(
    ("given", "attempt_error", "call_error"),
    [
        pytest.param(answer({"title": "no", "status": 404}, 404), "404", "NotFoundError", id="a refusal"),
        pytest.param(httpx.ReadTimeout("slow"), "RequestTimeoutError", "RequestTimeoutError", id="no answer"),
        pytest.param(answer([]), "UndecodableBodyError", "UndecodableBodyError", id="another body"),
        pytest.param(KeyboardInterrupt(), "abandoned", "abandoned", id="interrupted"),
    ],
)
def test_a_failed_span_names_its_error(given: Any, attempt_error: str, call_error: str, spans: Spans) -> None:
    def respond(_: Any) -> httpx.Response:
        if isinstance(given, BaseException):
            raise given
        answered: httpx.Response = given
        return answered

    with pytest.raises((AxError, KeyboardInterrupt)):
        Blocking.ask(Recorder(respond), lambda ax: ax.tasks.get(CHAT_QUALITY), tracing=spans.provider)

    call, attempt = spans.all
    assert (about(attempt)["error.type"], about(call)["error.type"]) == (attempt_error, call_error)
    assert {span.status.status_code for span in (call, attempt)} == {StatusCode.ERROR}
    assert {span.status.description for span in (call, attempt)} == {None}
    assert [*call.events, *attempt.events] == []
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_requests_of_one_call_stand_below_it_even_side_by_side(
    client_kind: ClientKind, spans: Spans, stage: Stage
) -> None:
    client_kind.ask(
        stage.recorder,
        lambda ax: ax.tasks.trigger_run("Golden Set Review", experiment_ids=[BASELINE], space="demo"),
        tracing=spans.provider,
    )

    call, *attempts = spans.all
    assert call.name == "axtasks.trigger_run"
    assert len(attempts) == len(stage.sent) > 2
    assert {attempt.parent and attempt.parent.span_id for attempt in attempts} == {call.context.span_id}


def test_calls_stand_below_what_is_current(client_kind: ClientKind, spans: Spans) -> None:
    with spans.provider.get_tracer("test").start_as_current_span("outer") as outer:
        client_kind.ask(one_after_another(FOUND), lambda ax: ax.tasks.get(CHAT_QUALITY), tracing=spans.provider)
        assert trace.get_current_span() is outer

    call = next(span for span in spans.all if span.name == "axtasks.get_task")
    assert call.parent is not None
    assert call.parent.span_id == outer.get_span_context().span_id


def test_spans_made_in_an_attempt_are_its_children(client_kind: ClientKind, spans: Spans) -> None:
    """Its children include spans of an instrumented httpx, log records, and the work of hooks."""
    current: list[str] = []

    def note(_: object) -> None:
        current.append(getattr(trace.get_current_span(), "name", ""))

    def respond(sent: Any) -> httpx.Response:
        note(sent)
        return FOUND

    client_kind.ask(
        Recorder(respond),
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        tracing=spans.provider,
        hooks=Hooks(on_request=note, on_response=note),
    )

    assert current == ["GET /v2/tasks/{task_id}"] * 3


def test_nothing_is_added_to_what_is_sent(client_kind: ClientKind, spans: Spans) -> None:
    sent = []
    for tracing in (False, spans.provider):
        transport = one_after_another(FOUND)
        client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY), tracing=tracing)
        sent.append([name for name in transport.sent[0].headers if name != "host"])

    assert sent[0] == sent[1]


RAW: list[tuple[str, Callable[[Any], Any], str, dict[str, str]]] = [
    (
        "query",
        lambda ax: ax.request("GET", "/v2/tasks?name=secret name", query={"a b": "secret"}),
        "GET",
        {"url.full": "https://api.arize.com/v2/tasks?name=REDACTED&a%20b=REDACTED", "http.request.method": "GET"},
    ),
    (
        "key",
        lambda ax: ax.request("GET", f"/v2/{API_KEY}"),
        "GET",
        {"url.full": "https://api.arize.com/v2/***", "http.request.method": "GET"},
    ),
    (
        "method",
        lambda ax: ax.request("PURGE", "/v2/tasks"),
        "HTTP",
        {"http.request.method": "_OTHER", "http.request.method_original": "PURGE", "server.address": "api.arize.com"},
    ),
]


@pytest.mark.parametrize(("call", "name", "expected"), [case[1:] for case in RAW], ids=[case[0] for case in RAW])
def test_requests_of_ones_own_have_few_names_and_no_secrets(
    call: Callable[[Any], Any], name: str, expected: dict[str, str], spans: Spans
) -> None:
    Blocking.ask(one_after_another(answer({})), call, tracing=spans.provider)

    _, attempt = spans.all
    assert attempt.name == name
    assert about(attempt).items() >= expected.items()
    assert "url.template" not in about(attempt)
    assert "secret" not in repr(about(attempt))
    assert about(attempt)["server.port"] == 443


def test_polling_is_one_call(client_kind: ClientKind, spans: Spans, stopwatch: Stopwatch) -> None:
    client_kind.ask(
        one_after_another(answer(RUN), answer(RUN | {"status": "completed"})),
        lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, poll_interval=1),
        tracing=spans.provider,
        clock=stopwatch.clock,
    )

    assert [span.name for span in spans.all] == ["axtasks.wait_for_run", *["GET /v2/task-runs/{run_id}"] * 2]


def test_the_global_provider_is_used_when_none_is_given() -> None:
    with pytest.raises(NotFoundError):
        Blocking.ask(
            one_after_another(answer({"title": "no", "status": 404}, 404)),
            lambda ax: ax.tasks.get(CHAT_QUALITY),
            tracing=True,
        )


@pytest.mark.parametrize("provider", [None, "yes", 1], ids=str)
def test_an_invalid_provider_is_refused(provider: Any) -> None:
    with pytest.raises(ConfigurationError, match="tracing has to be True, False or a TracerProvider, not"):
        AxClient(api_key=API_KEY, tracing=provider)


def test_views_of_a_client_trace_as_well(spans: Spans) -> None:
    def get(ax: AxClient) -> object:
        return ax.with_options(timeout=5).tasks.get(CHAT_QUALITY)

    Blocking.ask(one_after_another(FOUND), get, tracing=spans.provider)

    assert len(spans.all) == 2


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    with pytest.raises(ConfigurationError, match=r"pip install .*\[otel\]"):
        AxClient(api_key=API_KEY, tracing=True)


@pytest.mark.programs
def test_a_client_that_does_not_trace_loads_nothing_of_it() -> None:
    script = """
import sys, httpx
from axtasks import AxClient
found = httpx.MockTransport(lambda request: httpx.Response(200, json={"spaces": [], "pagination": {"has_more": False}}))
AxClient(api_key="some-key", http_client=httpx.Client(transport=found)).spaces.list()
print([name for name in sys.modules if name.startswith(("opentelemetry", "axtasks.engine.t", "axtasks.contract.s"))])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
