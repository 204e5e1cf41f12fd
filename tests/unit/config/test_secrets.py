"""Tests that only the server sees the key: no output, attribute or traceback has it."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import sys
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AsyncAxClient, AxClient, AxError, Limits, RetryPolicy, Timeouts
from axtasks.config.credentials import CommandSecret, RedactedDict, Secret
from axtasks.mock import Mock, MockServer
from axtasks.profiles import create_profile, profile_path, read_profile
from axtasks_api.client import AuthenticatedClient

from tests import planted
from tests.engines import DIRECT, HTTPX
from tests.unit.support import CHAT_QUALITY, TASK, Blocking, ClientKind, Stage, Stopwatch, one_after_another
from tests.unit.wire import dripping, reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

KEY = planted.SECRETS
ONCE = RetryPolicy(attempts=1)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its causes and its contexts, suppressed ones included."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
            yield one


def told(error: BaseException) -> str:
    """Return all text that error reports may show: messages, attributes, and variables of our frames."""
    parts: list[str] = []
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args), repr(vars(one))]
        parts += [repr(getattr(one, "_request", None) and list(vars(one)["_request"].headers.raw))]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                parts += [f"{name}={value!r}" for name, value in frame.f_locals.items()]
    parts += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    # The tests' own frames have to know the key.
    return "\n".join(part for part in parts if "/tests/" not in part)


def raised(call: Callable[[], object]) -> BaseException:
    try:
        call()
    except BaseException as error:  # noqa: BLE001  # whatever it is, it must not show the key
        return error
    raise AssertionError("nothing was raised")


def failing(client_kind: ClientKind, url: str, *, is_connected: bool = False, **settings: Any) -> BaseException:
    """Return the error of a call of a client; with `is_connected` another call has made the connection before."""
    settings = {"api_key": KEY, "base_url": url, "retry": ONCE, **settings}
    if client_kind is Blocking:
        with AxClient(**settings) as ax:
            if is_connected:
                ax.with_options(timeout=60).tasks.get(CHAT_QUALITY)
            return raised(lambda: ax.tasks.get(CHAT_QUALITY))

    async def play() -> object:
        async with AsyncAxClient(**settings) as ax:
            if is_connected:
                await ax.with_options(timeout=60).tasks.get(CHAT_QUALITY)
            return await ax.tasks.get(CHAT_QUALITY)

    return raised(lambda: asyncio.run(play()))


SPOILT = {
    "refused": reply(json.dumps({"title": KEY, "detail": f"Bearer {KEY}"}).encode(), "400 Bad", X_Echo=KEY),
    "failed": reply(KEY.encode(), f"500 {KEY}", X_Echo=KEY),
    "not-json": reply(KEY.encode()),
    "not-the-contract": reply(json.dumps({"id": [KEY], KEY: KEY}).encode()),
    "too-large": reply(KEY.encode() * 5000, X_Echo=KEY),
    "moved": reply(b"", "302 Found", Location=f"https://h/?key={KEY}"),
    "no-http": f"{KEY} close\r\n\r\n".encode(),
    "no-header": f"HTTP/1.1 200 OK\r\nauthorization Bearer {KEY} close\r\n\r\n".encode(),
    "packed": reply(KEY.encode(), Content_Encoding=KEY),
    "no-gzip": reply(KEY.encode(), Content_Encoding="gzip"),
    "cut": reply(KEY.encode(), Content_Length="9999", Connection="close"),
    "hung-up": b" close",
}


def test_a_key_in_a_traceback_is_found() -> None:
    """The search of this module finds a key that is there."""

    def careless(key: str) -> None:
        raise ValueError(len(key))

    error = raised(lambda: careless(KEY))
    assert KEY in "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


@pytest.mark.both_clients
@pytest.mark.usefixtures("engine")
def test_no_error_about_an_answer_knows_it(client_kind: ClientKind) -> None:
    for name, spoilt in SPOILT.items():
        with wired(spoilt) as server:
            error = failing(client_kind, server.url, limits=Limits(response_bytes=2000))

        assert isinstance(error, AxError), name
        assert KEY not in told(error), name


@pytest.mark.both_clients
@pytest.mark.parametrize(("engine", "begin_at"), [(DIRECT, 10), (DIRECT, 40), (HTTPX, 150)], indirect=["engine"])
@pytest.mark.usefixtures("engine")
def test_no_error_about_time_knows_it(client_kind: ClientKind, begin_at: int) -> None:
    first = reply(json.dumps(TASK).encode())
    with wired(first, dripping(reply(b" " * 500), begin_at=begin_at)) as server:
        # By a clock that stands still, so that none of the time is used up before the request is sent.
        timeouts, clock = Timeouts(connect=5, read=5, total=0.2), Stopwatch().clock
        error = failing(client_kind, server.url, is_connected=True, timeout=timeouts, clock=clock)

    assert isinstance(error, TimeoutError)
    assert KEY not in told(error)


@pytest.mark.both_clients
@pytest.mark.usefixtures("engine")
def test_no_error_about_a_connection_knows_it(client_kind: ClientKind) -> None:
    error = failing(client_kind, "http://127.0.0.1:1")

    assert isinstance(error, AxError)
    assert KEY not in told(error)


@pytest.mark.both_clients
@pytest.mark.parametrize("kind", [httpx.WriteError, httpx.ReadError, httpx.LocalProtocolError, OSError, ValueError])
def test_no_error_that_came_up_where_the_key_was_at_hand_knows_it(
    client_kind: ClientKind, kind: type[Exception]
) -> None:
    class Careless(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            bytes_to_send = request.headers["authorization"]
            first = ConnectionResetError(bytes_to_send)
            if issubclass(kind, httpx.RequestError):
                raise kind("it broke", request=request) from first
            raise kind("it broke") from first

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return self.handle_request(request)

    def call() -> object:
        careless: Any = Careless()
        return client_kind.ask(careless, lambda ax: ax.tasks.get(CHAT_QUALITY), api_key=KEY, retry=ONCE)

    error = raised(call)

    assert isinstance(error, AxError)
    assert type(error.__cause__) is kind
    assert [type(one) for one in chain(error)] == [type(error), kind]
    assert KEY not in told(error)


def test_an_interrupt_does_not_show_the_key() -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        bytes_to_send = request.headers["authorization"]
        raise KeyboardInterrupt(len(bytes_to_send))

    http = httpx.Client(transport=httpx.MockTransport(interrupted))
    error = raised(lambda: AxClient(api_key=KEY, http_client=http).tasks.get(CHAT_QUALITY))

    assert isinstance(error, KeyboardInterrupt)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert not [frame for frame in frames if frame.f_code.co_name == "interrupted"]


BAD_SETTINGS: dict[str, dict[str, Any]] = {
    "server": {"base_url": "nowhere"},
    "two-servers": {"region": "eu", "base_domain": "h"},
    "http": {"base_url": "http://h"},
    "two-keys": {"api_key_file": "x"},
    "timeout": {"timeout": -1},
    "policy": {"retry": 5},
    "certificates": {"ca_file": "/nowhere"},
    "profile": {"profile": "nowhere"},
    "key": {"api_key": f"{KEY}\n"},
}


@pytest.mark.parametrize("bad", BAD_SETTINGS)
@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_no_error_about_settings_knows_it(kind: Any, bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = raised(lambda: kind(**{"api_key": KEY, **BAD_SETTINGS[bad]}))
    assert isinstance(error, AxError)
    assert KEY not in told(error)

    settings = {name: value for name, value in BAD_SETTINGS[bad].items() if name not in {"api_key", "api_key_file"}}
    monkeypatch.setenv("ARIZE_API_KEY", BAD_SETTINGS[bad].get("api_key", KEY))
    if bad == "two-keys":
        monkeypatch.setenv("ARIZE_API_KEY_FILE", "x")
    assert KEY not in told(raised(lambda: kind(**settings)))


@pytest.mark.parametrize(
    "text",
    [
        f'[auth]\napi_key = "{KEY}"\n[security]\nrequest_verify = false\n',
        f'[auth]\napi_key = "{KEY}"\nauth_method = "oauth"\n',
        f'[auth]\napi_key = "{KEY}${{NOT_SET}}"\n',
        f'[auth]\napi_key = "{KEY}"\napi_key_file = "x"\n',
        f'[auth]\napi_key = "{KEY}"\nnot toml',
        f'auth = "{KEY}"\n',
        f'[auth]\napi_key = "{KEY}\\n"\n',
    ],
    ids=["unverified", "oauth", "variable", "two-keys", "no-toml", "no-section", "line-break"],
)
def test_no_error_about_a_profile_knows_it(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("UNRELATED", KEY)
    path = profile_path("work")
    path.parent.mkdir()
    path.write_text(text)

    error = raised(lambda: AxClient(profile="work"))

    assert isinstance(error, AxError)
    assert KEY not in told(error)


@pytest.mark.programs
def test_no_error_about_a_file_or_a_program_knows_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(KEY.encode() + b"\xff")
    for settings in ({"api_key_file": path}, {"api_key_command": [sys.executable, "-c", f"print('{KEY} {KEY}')"]}):

        def call(settings: Any = settings) -> object:
            http = httpx.Client(transport=one_after_another())
            return AxClient(**settings, http_client=http).spaces.list()

        error = raised(call)
        assert isinstance(error, AxError)
        # The command itself was given in the clear.
        assert KEY not in told(error).replace(f"print('{KEY} {KEY}')", "")


def test_no_repr_and_no_attribute_shows_the_key(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    create_profile("work", {"api_key": KEY})
    ax, other = stage.client(api_key=KEY), stage.async_client(api_key=KEY)
    ax.spaces.list()
    page = ax.tasks.list()
    generated = AuthenticatedClient(base_url="https://h", token="any")
    looked_at: list[object] = [ax, other, ax.tasks, ax._context, ax._context.settings, ax._transport, page, page.items]
    looked_at += [generated, vars(ax), vars(other), vars(ax._transport)]
    looked_at += [Secret(KEY), [Secret(KEY)], CommandSecret(["echo", KEY]), RedactedDict({"a": KEY})]
    looked_at += [read_profile("work", environment={"ARIZE_DIRECTORY": str(tmp_path)}), stage.mock.journal.exchanges()]

    assert not [value for value in looked_at if KEY in f"{value} {value!r}"]


@pytest.mark.parametrize("attempt", [pickle.dumps, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_a_client_cannot_be_carried_away_with_it(attempt: Callable[[object], object], stage: Stage) -> None:
    with pytest.raises(TypeError):
        attempt(stage.client(api_key=KEY)._context.settings)


@pytest.mark.both_clients
def test_no_logger_of_any_library_is_told(
    client_kind: ClientKind, engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), MockServer(Mock()) as server:
        settings: dict[str, Any] = {"api_key": KEY, "base_url": server.url}
        if client_kind is Blocking:
            with AxClient(**settings) as ax:
                assert ax.spaces.list().items
        else:

            async def play() -> None:
                async with AsyncAxClient(**settings) as ax:
                    assert (await ax.spaces.list()).items

            asyncio.run(play())

        kept = json.dumps([server.mock.journal.har(), repr(server.mock.journal.exchanges())])
    assert ("httpcore" in {record.name.partition(".")[0] for record in caplog.records}) == (engine == HTTPX)
    assert caplog.records
    assert KEY not in caplog.text
    assert KEY not in kept


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_content_that_repeats_it_can_be_had_without_it(kind: Any) -> None:
    client = kind(api_key=KEY, base_url="http://127.0.0.1:9")

    for spelling in planted.spellings(KEY):
        assert client.without_key(f"you sent {spelling}, \xe9".encode()) == "you sent ***, \xe9".encode()
        assert client.without_key(f"you sent {spelling[:-1]}".encode(), is_cut=True) == b"you sent "
