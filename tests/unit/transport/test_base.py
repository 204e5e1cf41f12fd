"""Tests of the transport: requests follow the contract, and no object of the HTTP library is returned."""

from __future__ import annotations

import inspect
import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import unquote

import anyio
import h11
import httpcore
import httpx
import pytest
from axtasks import (
    AsyncAxClient,
    AxClient,
    ConfigurationError,
    ConnectionFailedError,
    InvalidArgumentError,
    ProxyFailedError,
    RequestTimeoutError,
    RetryPolicy,
    TransportError,
)
from axtasks_api.models import TaskEvaluatorInput

from tests.engines import is_closed
from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    RUN,
    TASK,
    Blocking,
    ClientKind,
    Stage,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
    outcome,
    page,
)
from tests.unit.wire import SPACES, wired


def all_below(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(below for child in kind.__subclasses__() for below in all_below(child))]


def own_exceptions_of_httpx() -> list[type[Exception]]:
    """Return every exception that httpx exports."""
    exported = [value for value in vars(httpx).values() if inspect.isclass(value) and issubclass(value, Exception)]
    found = {below for kind in exported for below in all_below(kind) if below.__module__.startswith("httpx")}
    return sorted(found, key=lambda kind: kind.__name__)


NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL)


def made(kind: type[Exception]) -> Exception:
    """Return an instance of an exception of httpx."""
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "http://h")
        return httpx.HTTPStatusError("no", request=request, response=httpx.Response(500, request=request))
    return kind("it broke") if inspect.signature(kind).parameters else kind()


@pytest.mark.both_clients
def test_every_exception_of_httpx_is_translated(client_kind: ClientKind) -> None:
    for kind in own_exceptions_of_httpx():
        with pytest.raises(TransportError, match=r"get_task \(GET /v2/tasks/") as caught:
            client_kind.ask(one_after_another(made(kind)), lambda ax: ax.tasks.get(CHAT_QUALITY))

        translated: type[TransportError] = TransportError
        if issubclass(kind, httpx.ProxyError):
            translated = ProxyFailedError
        elif issubclass(kind, NEVER_CONNECTED):
            translated = ConnectionFailedError
        elif issubclass(kind, httpx.TimeoutException):
            translated = RequestTimeoutError
            assert isinstance(caught.value, TimeoutError)
        assert type(caught.value) is translated, kind
        assert caught.value.operation_id == "get_task"
        assert kind.__name__ in str(caught.value)
        assert isinstance(caught.value.__cause__, kind)


def exceptions_beneath_httpx() -> list[type[Exception]]:
    """Return the exceptions of libraries and sockets below httpx, some of which it lets through."""
    modules = (anyio, h11, httpcore)
    defined = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    plain = {OSError, ConnectionResetError, BrokenPipeError, TimeoutError, socket.gaierror, EOFError, RuntimeError}
    return sorted(defined | plain | {ssl.SSLError, ssl.SSLCertVerificationError, ValueError}, key=str)


@pytest.mark.both_clients
def test_every_exception_of_what_httpx_stands_on_is_translated_too(client_kind: ClientKind) -> None:
    for kind in exceptions_beneath_httpx():
        # Some take arguments of their own, which do not matter here.
        given = kind.__new__(kind)

        with pytest.raises(TransportError, match=r"get_task \(GET /v2/tasks/") as caught:
            client_kind.ask(
                one_after_another(given), lambda ax: ax.tasks.get(CHAT_QUALITY), retry=RetryPolicy(attempts=1)
            )

        assert isinstance(caught.value, TimeoutError) == issubclass(kind, TimeoutError), kind


@pytest.mark.parametrize("text", ["\ud83d", "ä"])
def test_an_error_of_unicode_is_translated_too(text: str, client_kind: ClientKind) -> None:
    with pytest.raises(UnicodeEncodeError) as unicode_error:
        text.encode("ascii")

    with pytest.raises(TransportError, match="UnicodeEncodeError"):
        client_kind.ask(
            one_after_another(unicode_error.value),
            lambda ax: ax.tasks.get(CHAT_QUALITY),
            retry=RetryPolicy(attempts=1),
        )


def test_a_server_that_is_not_there_is_named_in_the_error(client_kind: ClientKind) -> None:
    with pytest.raises(ConnectionFailedError, match=r"https://h\.example:1 was not reached for list_spaces .*: it br"):
        client_kind.ask(
            one_after_another(httpx.ConnectError("it broke")),
            lambda ax: ax.spaces.list(),
            base_url="https://h.example:1",
        )


@pytest.mark.both_clients
def test_a_request_bears_the_key_and_says_what_it_takes(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(TASK))

    client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY))

    (sent,) = transport.sent
    assert sent.headers["authorization"] == f"Bearer {API_KEY}"
    assert sent.headers["accept"] == "application/json, application/problem+json"
    assert sent.headers["user-agent"].startswith("ax-tasks/")
    assert "content-type" not in sent.headers
    assert (sent.method, sent.query, sent.body) == ("GET", {}, b"")
    assert sent.timeout_seconds == 30


@pytest.mark.both_clients
def test_the_timeout_of_the_client_holds_for_each_request(client_kind: ClientKind, stopwatch: Stopwatch) -> None:
    transport = one_after_another(answer(TASK))

    client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY), timeout=2.5, clock=stopwatch.clock)

    assert transport.sent[0].timeout_seconds == 2.5


def test_an_id_is_percent_encoded_into_one_segment(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(RUN), answer(RUN))

    client_kind.ask(transport, lambda ax: ax.tasks.get_run("VGFzazoxMjM0NQ="))
    client_kind.ask(transport, lambda ax: ax.tasks.cancel_run("../a/b?c#d e%2F"))

    assert [sent.path for sent in transport.sent] == [
        "/v2/task-runs/VGFzazoxMjM0NQ%3D",
        "/v2/task-runs/..%2Fa%2Fb%3Fc%23d%20e%252F/cancel",
    ]
    assert unquote(transport.sent[1].path) == "/v2/task-runs/../a/b?c#d e%2F/cancel"


@pytest.mark.parametrize("name", ["a&b=c", "100 %", "a+b", "ä/ö?#", "😀", "=;,"])
def test_a_query_arrives_as_it_was_meant(name: str, client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks"))

    client_kind.ask(transport, lambda ax: ax.tasks.list(name=name))

    assert transport.sent[0].query == {"name": name, "limit": "50"}


@pytest.mark.both_clients
def test_a_body_is_utf_8_json(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(TASK))

    client_kind.ask(transport, lambda ax: ax.tasks.update(CHAT_QUALITY, name="Qualität 😀"))

    assert transport.sent[0].headers["content-type"] == "application/json"
    assert transport.sent[0].body == '{"name":"Qualität 😀"}'.encode()


def test_a_request_that_needs_no_body_has_none(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(RUN))

    client_kind.ask(transport, lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN))

    assert transport.sent[0].body == b""
    assert "content-type" not in transport.sent[0].headers


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), datetime(2026, 3, 1, tzinfo=UTC), {1, 2}, "\ud83d"], ids=repr
)
def test_values_that_json_lacks_are_refused_and_nothing_is_sent(value: object, client_kind: ClientKind) -> None:
    transport = one_after_another()

    with pytest.raises(InvalidArgumentError, match=r"(create_task|run_configuration: .*) cannot be sent as JSON"):
        client_kind.ask(
            transport,
            lambda ax: ax.tasks.create_run_experiment_task(
                "Fresh", dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION | {"provider_parameters": {"x": value}}
            ),
        )
    assert transport.sent == []


def test_half_a_surrogate_pair_in_a_model_is_refused_too() -> None:
    transport = one_after_another(answer(TASK))

    with pytest.raises(InvalidArgumentError, match="update_task cannot be sent as JSON"):
        client_over(transport).tasks.update(
            CHAT_QUALITY, evaluators=[TaskEvaluatorInput(HALLUCINATION, query_filter="\ud83d")]
        )
    assert transport.writes == []


@pytest.mark.both_clients
def test_a_redirect_is_not_followed(client_kind: ClientKind) -> None:
    transport = one_after_another(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))

    with pytest.raises(Exception, match="refused with 302"):
        client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY))
    assert len(transport.sent) == 1


def test_a_client_that_was_passed_in_stays_open(stage: Stage) -> None:
    with httpx.Client(transport=stage.recorder) as http:
        with AxClient(api_key=API_KEY, http_client=http) as ax:
            ax.spaces.list()
        assert not http.is_closed
        assert AxClient(api_key=API_KEY, http_client=http).spaces.list().items


def test_an_awaiting_client_that_was_passed_in_stays_open(stage: Stage) -> None:
    async def play() -> None:
        async with httpx.AsyncClient(transport=stage.recorder) as http:
            async with AsyncAxClient(api_key=API_KEY, http_client=http) as ax:
                await ax.spaces.list()
            assert not http.is_closed
            assert (await AsyncAxClient(api_key=API_KEY, http_client=http).spaces.list()).items

    outcome(play())


def test_a_closed_client_is_refused_with_a_typed_error(stage: Stage) -> None:
    http = httpx.Client(transport=stage.recorder)
    http.close()

    with pytest.raises(ConfigurationError, match="the http_client that was passed in is closed"):
        AxClient(api_key=API_KEY, http_client=http).spaces.list()


@pytest.mark.usefixtures("engine")
def test_an_engine_of_its_own_is_made_once_and_closed_with_it() -> None:
    with wired(SPACES, SPACES) as server:
        ax = AxClient(api_key=API_KEY, base_url=server.url)
        assert ax._transport._engine is None

        ax.spaces.list()
        engine = ax._transport._engine
        ax.spaces.list()
        assert ax._transport._engine is engine
        assert server.connections == 1
        ax.close()
        ax.close()

    assert is_closed(engine)
    with pytest.raises(ConfigurationError, match="this client is closed"):
        ax.spaces.list()


@pytest.mark.usefixtures("engine")
def test_an_awaiting_engine_of_its_own_is_made_once_and_closed_with_it() -> None:
    async def play(url: str) -> None:
        ax = AsyncAxClient(api_key=API_KEY, base_url=url)
        assert not ax._transport._held
        await ax.spaces.list()
        engine = ax._transport.engine()
        await ax.spaces.list()
        assert ax._transport.engine() is engine
        await ax.close()
        await ax.close()
        assert is_closed(engine)
        with pytest.raises(ConfigurationError, match="this client is closed"):
            await ax.spaces.list()

    with wired(SPACES, SPACES) as server:
        outcome(play(server.url))
        assert server.connections == 1


def test_an_error_of_the_callers_own_transport_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        Blocking.ask(one_after_another(ZeroDivisionError()), lambda ax: ax.spaces.list())


def test_the_key_goes_only_into_its_header(stage: Stage) -> None:
    ax = stage.client(space="demo")
    task = ax.tasks.get("Chat Quality Monitor")
    ax.tasks.update(task.id, name="Renamed")

    for sent in stage.sent:
        others = {name: value for name, value in sent.headers.items() if name != "authorization"}
        assert API_KEY not in f"{sent.path} {sent.query} {sent.body!r} {others}"
