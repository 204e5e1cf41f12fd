"""Tests that no traceback variable holds the key, for any failing library call and any error type."""

from __future__ import annotations

import asyncio
import sys
import traceback
from io import StringIO
from typing import TYPE_CHECKING, Any

import h11
import httpx
import pytest
from axtasks import AsyncAxClient, AxClient, RetryPolicy
from rich.console import Console
from rich.traceback import Traceback

from tests import planted
from tests.unit.support import CHAT_QUALITY, Recorder, one_after_another
from tests.unit.wire import reply, wired

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType

# None of this depends on what a server speaks. Connections that cannot be closed are not closed.
pytestmark = [
    pytest.mark.one_contract,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]

KEY = planted.SECRETS
BODY = reply(b'{"title": "no"}', "404 Not Found")


class ForeignError(Exception):
    """An error type that no library raises."""


KINDS = (ForeignError, OSError, MemoryError, KeyboardInterrupt, ValueError, RuntimeError)


class ErrorInjector:
    """Raises an error at one of our modules' calls into other libraries, counted from the start.

    Args:
        at: the number of the call; None to count them all.
        kind: the error.
    """

    def __init__(self, at: int | None = None, kind: type[BaseException] = ForeignError) -> None:
        self.at, self.kind = at, kind
        self.calls: list[str] = []

    def __call__(self, frame: FrameType, event: str, callee: object) -> None:
        caller = frame if event == "c_call" else frame.f_back
        if event not in {"call", "c_call"} or caller is None or not is_ours(caller):
            return
        if event == "call" and is_ours(frame):
            return
        # A lock that cannot be released is held for ever.
        if getattr(callee, "__name__", "") in {"__exit__", "release"}:
            return
        self.calls.append(f"{caller.f_code.co_qualname}:{caller.f_lineno}")
        if len(self.calls) - 1 == self.at:
            sys.setprofile(None)
            raise self.kind("it broke")

    def run(self, call: Callable[[], object]) -> BaseException | None:
        sys.setprofile(self)
        try:
            call()
        except BaseException as error:  # noqa: BLE001  whatever it is, it must not show the key
            return error
        finally:
            sys.setprofile(None)
        return None

    async def run_async(self, call: Awaitable[object]) -> BaseException | None:
        sys.setprofile(self)
        try:
            await call
        except BaseException as error:  # noqa: BLE001  whatever it is, it must not show the key
            return error
        finally:
            sys.setprofile(None)
        return None


def is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] in {"axtasks", "axtasks_api"}


def shown(error: BaseException, *, richly: bool = False) -> str:
    """Return an error, its causes and its members with the variables of each frame, as a traceback shows them."""
    texts, linked = [], [error]
    for each in linked:
        members = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        others = (each.__cause__, each.__context__, *members)
        linked += [other for other in others if other is not None and other not in linked]
        for frame, line in traceback.walk_tb(each.__traceback__):
            texts.append(f"{frame.f_code.co_filename}:{line}")
            texts += [f"{name} = {described(value)}" for name, value in frame.f_locals.items()]
        texts += traceback.TracebackException.from_exception(each).format()
    if richly:
        console = Console(file=StringIO(), width=1000)
        trace = error.__traceback__
        console.print(Traceback.from_exception(type(error), error, trace, show_locals=True, locals_max_string=10_000))
        texts.append(console.file.getvalue())  # type: ignore[attr-defined]  # it is the one above
    return "\n".join(texts)


def described(value: object) -> str:
    """Return the repr of a variable that may be half initialized, as `traceback` does from Python 3.12 on."""
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001  as there
        return f"<exception repr() failed: {error!r}>"


def settings(url: str) -> dict[str, Any]:
    return {"base_url": url, "retry": RetryPolicy(attempts=1), "timeout": 5}


def blocking(url: str, injector: ErrorInjector, **more: Any) -> BaseException | None:
    ax = AxClient(**{"api_key": KEY, **settings(url), **more})
    error = injector.run(lambda: ax.tasks.get(CHAT_QUALITY))
    ax.close()
    return error


def awaiting(url: str, injector: ErrorInjector, **more: Any) -> BaseException | None:
    async def play() -> BaseException | None:
        async with AsyncAxClient(**{"api_key": KEY, **settings(url), **more}) as ax:
            return await injector.run_async(ax.tasks.get(CHAT_QUALITY))

    return asyncio.run(play())


def refusal() -> Recorder:
    return one_after_another(httpx.Response(404, json={"title": "no"}))


# Each way for a request to go. A call that is given a client needs no server.
WAYS: dict[str, Callable[[str, ErrorInjector], BaseException | None]] = {
    "direct": blocking,
    "direct-async": awaiting,
    "given": lambda url, injector: blocking(url, injector, http_client=httpx.Client(transport=refusal())),
    "given-async": lambda url, injector: awaiting(url, injector, http_client=httpx.AsyncClient(transport=refusal())),
    "command": lambda url, injector: blocking(
        url, injector, **from_command(), http_client=httpx.Client(transport=refusal())
    ),
    "command-async": lambda url, injector: awaiting(url, injector, **from_command()),
}


def from_command() -> dict[str, Any]:
    return {"api_key": None, "api_key_command": ["echo", KEY]}


@pytest.mark.parametrize("way", [pytest.param(way, marks=[pytest.mark.programs] * ("command" in way)) for way in WAYS])
def test_no_frame_has_it(way: str) -> None:
    with wired(*[BODY] * 1000) as server:
        for _ in range(2):
            # Twice, as the first time more is imported.
            counted = ErrorInjector()
            WAYS[way](server.url, counted)
        # The first call from each line.
        numbers = sorted(set(map(counted.calls.index, counted.calls)))
        assert len(numbers) > 30
        for at in numbers:
            error = WAYS[way](server.url, ErrorInjector(at, KINDS[at % len(KINDS)]))
            if error is not None:
                text = shown(error, richly=at in numbers[:: len(numbers) // 3])
                # The program that prints the key was given in the clear.
                text = text.replace(repr(["echo", KEY]), "").replace(repr(("echo", KEY)), "")
                assert not planted.shows(text), f"{counted.calls[at]} with {type(error).__name__}: {masked(text)}"


def masked(text: str) -> str:
    lines = [line for line in text.splitlines() if planted.shows(line)]
    return "\n".join(line.replace(KEY, "(the key)")[:200] for line in lines[:5])


def test_a_key_in_a_frame_is_found() -> None:
    """The search of this module finds a key that is there."""

    def careless(header: str) -> None:
        raise ForeignError(len(header))

    error = ErrorInjector().run(lambda: careless(f"Bearer {KEY}"))

    assert error is not None
    assert planted.shows(shown(error))
    # Only what rich says.
    assert planted.shows(shown(error, richly=True).removeprefix(shown(error)))


@pytest.mark.parametrize("way", [blocking, awaiting])
def test_an_error_of_a_callers_own_code_tells_where_it_was_raised(way: Callable[..., BaseException | None]) -> None:
    class Careless(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise ForeignError(request.url.path)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return self.handle_request(request)

    client = httpx.Client if way is blocking else httpx.AsyncClient
    error = way("http://127.0.0.1:1", ErrorInjector(), http_client=client(transport=Careless()))

    assert isinstance(error, ForeignError)
    assert traceback.extract_tb(error.__traceback__)[-1].name == "handle_request"
    assert not planted.shows(shown(error, richly=True))


def test_no_frame_of_a_group_of_errors_has_it() -> None:
    class Grouping(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            errors = []
            try:
                h11.Request(method="GET", target="no target", headers=request.headers.raw)
            except h11.LocalProtocolError as error:
                errors.append(error)
            # Not within `except`, as the group would have it for a context.
            raise ExceptionGroup("all addresses failed", errors)

    error = blocking("http://127.0.0.1:1", ErrorInjector(), http_client=httpx.Client(transport=Grouping()))

    assert isinstance(error, ExceptionGroup)
    assert traceback.extract_tb(error.exceptions[0].__traceback__)[-1].name == "handle_request"
    assert not planted.shows(shown(error))
