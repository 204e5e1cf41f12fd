"""Tests of cancelled and interrupted calls: at any await, they leave the client as it was before."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from axtasks import AsyncAxClient, AxError, Clock, Hooks, RequestEvent, ResponseEvent, RetryPolicy
from axtasks.mock import Mock, MockServer

from tests.engines import DIRECT, HTTPX, PROXY, carried_by, is_at_rest, is_closed
from tests.pairing import in_turn
from tests.unit.support import (
    API_KEY,
    BASELINE,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    Recorder,
    Sent,
    Stage,
    Stopwatch,
    answer,
    client_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

CALLS: dict[str, Callable[[Any], Any]] = {
    "reading": lambda ax: ax.tasks.get(CHAT_QUALITY),
    "resolving, then writing": lambda ax: ax.tasks.update("Chat Quality Monitor", query_filter="a > 1"),
    "side by side, then writing": lambda ax: ax.tasks.trigger_run("Golden Set Review", experiment_ids=[BASELINE]),
    "cancelling": lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN),
    "a raw request": lambda ax: ax.request("GET", "/v2/tasks"),
}


class CancelledAt:
    """A coroutine whose task is cancelled at its n-th suspension."""

    def __init__(self, inner: Coroutine[Any, Any, object], suspension: int) -> None:
        self._inner = inner
        self._left = suspension

    def __await__(self) -> Generator[Any, None, object]:
        error: BaseException | None = None
        while True:
            try:
                waited = self._inner.send(None) if error is None else self._inner.throw(error)
            except StopIteration as end:
                result: object = end.value
                return result
            error = None
            self._left -= 1
            task = asyncio.current_task()
            if not self._left and task is not None:
                task.cancel()
            try:
                yield waited
            except BaseException as raised:  # noqa: BLE001  # it is for the coroutine
                error = raised

    @property
    def is_too_late(self) -> bool:
        """True if the coroutine was done before the suspension."""
        return self._left > 0


async def cancelled_at(call: Coroutine[Any, Any, object], suspension: int) -> bool:
    """Cancel a call at its n-th suspension; return True if it was done before."""
    attempt = CancelledAt(call, suspension)
    try:
        await attempt
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
    except AxError:
        # What was done before may not be done twice.
        if not attempt.is_too_late:
            raise
    return attempt.is_too_late


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_cancelling_at_any_await_of_connecting_leaves_nothing_behind(engine: str, name: str) -> None:
    async def play(url: str) -> int:
        suspension = 0
        is_too_late = False
        while not is_too_late:
            suspension += 1
            async with AsyncAxClient(api_key=API_KEY, base_url=url) as ax:
                is_too_late = await cancelled_at(ax.tasks.get(CHAT_QUALITY), suspension)
                # The pool of httpx may keep a slot that nobody uses.
                assert engine == HTTPX or is_at_rest(ax._transport.engine())
                assert (await ax.tasks.get(CHAT_QUALITY)).id == CHAT_QUALITY
            assert len(asyncio.all_tasks()) == 1
        return suspension

    with MockServer(Mock()) as server:
        assert asyncio.run(play(server.url.replace("127.0.0.1", name))) > 2


@pytest.mark.parametrize(("name", "how"), in_turn(CALLS, ["at once", "with a retry"]))
def test_cancelling_at_any_await_leaves_nothing_behind(name: str, how: str, engine: str) -> None:
    call = CALLS[name]
    begun, ended = list[RequestEvent](), list[ResponseEvent]()

    async def play(url: str) -> int:
        policy = RetryPolicy(first_pause=0.001, longest_pause=0.001)
        hooks = Hooks(on_request=begun.append, on_response=ended.append)
        async with AsyncAxClient(api_key=API_KEY, base_url=url, space=DEMO, retry=policy, hooks=hooks) as ax:
            await ax.tasks.get(CHAT_QUALITY)
            suspension = 0
            while True:
                suspension += 1
                is_too_late = await cancelled_at(call(ax), suspension)
                assert not ax._context.triggers._under_way
                assert not ax._context.triggers._crowded
                # The pool of httpx may keep a slot that nobody uses.
                assert engine == HTTPX or is_at_rest(ax._transport.engine())
                assert len(asyncio.all_tasks()) == 1
                if is_too_late:
                    return suspension
                await ax.tasks.get(CHAT_QUALITY)

    faults = "operation=get_task, every=3, fault=reset" if how == "with a retry" else None
    with MockServer(Mock(faults=faults) if faults else Mock()) as server:
        assert asyncio.run(play(server.url)) > 1
    assert len(begun) == len(ended)


@pytest.mark.parametrize(
    ("engine", "library"),
    [(DIRECT, None), (PROXY, None), (DIRECT, httpx), (DIRECT, httpx2)],
    ids=["own", "proxy", "httpx", "httpx2"],
)
def test_connections_do_not_run_out_however_much_is_cancelled(engine: str, library: Any) -> None:
    """This holds through a proxy, and for a client that was passed in, too."""

    async def play(url: str) -> None:
        given = library and library.AsyncClient(trust_env=False)
        async with AsyncAxClient(api_key=API_KEY, base_url=url, http_client=given) as ax:
            for number in range(300):
                await cancelled_at(ax.tasks.get(CHAT_QUALITY), number % 7 + 1)
            everyone = await asyncio.gather(*(ax.tasks.get(CHAT_QUALITY) for _ in range(70)))
            used = ax._transport.engine()
        if given:
            await given.aclose()

        assert len(everyone) == 70
        assert is_closed(used)

    with MockServer(Mock()) as server, carried_by(engine):
        asyncio.run(play(server.url))


def interrupt() -> httpx.Response:
    raise KeyboardInterrupt


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("done", [False, True], ids=["before it is sent", "after it is done"])
def test_an_interrupt_at_any_request_leaves_nothing_behind(
    call: Callable[[Any], Any], done: bool, stage: Stage
) -> None:
    at = 0
    while True:
        at += 1
        left = at

        def respond(sent: Sent) -> httpx.Response:
            nonlocal left
            left -= 1
            if not left and not done:
                interrupt()
            request = httpx.Request(
                sent.method, f"http://mock{sent.path}", params=sent.query, content=sent.body, headers=sent.headers
            )
            response = stage.door.handle_request(request)
            response.read()
            return response if left or not done else interrupt()

        ax = client_over(Recorder(respond), space=DEMO)
        try:
            call(ax)
        except KeyboardInterrupt:
            assert left <= 0
        except AxError:
            # What was done before may not be done twice.
            assert at > 1
        is_too_late, left = left > 0, 0
        assert not ax._context.triggers._under_way
        assert not ax._context.triggers._crowded
        assert ax.tasks.get(CHAT_QUALITY).id == CHAT_QUALITY
        if is_too_late:
            break
    assert at > 1


@pytest.mark.parametrize("nap", [1, 2, 3])
def test_an_interrupt_in_any_pause_ends_the_call(nap: int, stopwatch: Stopwatch) -> None:
    def sleep(seconds: float) -> None:
        stopwatch.sleep(seconds)
        if len(stopwatch.naps) == nap:
            interrupt()

    ax = client_over(
        Recorder(lambda _: answer({"title": "busy", "status": 503}, 503)),
        retry=RetryPolicy(),
        clock=Clock(monotonic=lambda: stopwatch.now, sleep=sleep),
    )

    with pytest.raises(KeyboardInterrupt):
        ax.tasks.get(CHAT_QUALITY)

    assert len(stopwatch.naps) == nap


@pytest.mark.posix
def test_a_signal_ends_a_pause_at_once() -> None:
    """An interrupted program does not wait for the end of the delay."""

    def raised(*_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise KeyboardInterrupt

    def pause() -> None:
        # Again and again, as one in the instant before the system begins the pause does not end it.
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        Clock().sleep(3600)

    before = signal.signal(signal.SIGALRM, raised)
    try:
        with pytest.raises(KeyboardInterrupt):
            pause()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
