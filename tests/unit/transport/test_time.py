"""Tests of timeouts: no call ends much later than its deadline."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AsyncAxClient,
    AxClient,
    AxError,
    Clock,
    DeadlineExceededError,
    RequestTimeoutError,
    RetryPolicy,
    RunTimeoutError,
)
from axtasks.polling.outcome import SHORTEST_REQUEST_SECONDS

from tests.unit.support import CHAT_QUALITY_RUN, RUN, Blocking, ClientKind, Stopwatch, answer, waiting_program
from tests.unit.wire import dripping, reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

SECONDS = 0.3
# Calls go by a clock that stands still where they can: none of their time is used up before the request is sent.
# Less than it takes a call that does not keep its time, and long enough for machines that have other things to do.
MOST_SECONDS = 20.0
OTHER_RUN = "VGFza1J1bjoxMDE6ZkV1Ug=="
SPACES = b'{"spaces": [], "pagination": {"has_more": false}}'


def list_spaces(ax: Any) -> Any:
    return ax.spaces.list()


@contextmanager
def hanging() -> Iterator[str]:
    """Yield the address of a server that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def ended(
    client_kind: ClientKind, url: str, call: Callable[[Any], Any], **settings: Any
) -> tuple[BaseException, float]:
    """Return the error of a call, and its duration in seconds."""
    settings = {"api_key": "any-key", "base_url": url, "retry": RetryPolicy(attempts=1), **settings}

    async def play() -> object:
        async with AsyncAxClient(**settings) as ax:
            return await call(ax)

    started = monotonic()
    with pytest.raises(AxError) as caught:
        call(AxClient(**settings)) if client_kind is Blocking else asyncio.run(play())
    return caught.value, monotonic() - started


@pytest.mark.both_clients
@pytest.mark.programs
def test_a_program_that_prints_the_key_has_no_more_time_than_the_call(client_kind: ClientKind, tmp_path: Path) -> None:
    told = tmp_path / "told"
    slow = waiting_program(told)
    with hanging() as url:
        error, seconds = ended(
            client_kind, url, list_spaces, api_key=None, api_key_command=slow, timeout=SECONDS, clock=Stopwatch().clock
        )
    told.touch()

    assert isinstance(error, DeadlineExceededError)
    assert "getting the API key took all the time" in str(error)
    assert error.__context__ is None
    assert seconds < MOST_SECONDS


@pytest.mark.programs
def test_a_program_that_takes_longer_serves_the_next_call(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with wired(reply(SPACES)) as server:
        ax = AxClient(api_key_command=waiting_program(told), base_url=server.url, timeout=60)
        with pytest.raises(DeadlineExceededError):
            ax.with_options(timeout=0.05).spaces.list()
        told.touch()

        assert ax.spaces.list().items == []
    assert "Bearer any-key-at-all" in server.heard[0]


@pytest.mark.both_clients
@pytest.mark.parametrize(
    "wait",
    [
        lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, timeout=SECONDS),
        lambda ax: ax.tasks.wait_for_runs([CHAT_QUALITY_RUN, OTHER_RUN], timeout=SECONDS),
    ],
    ids=["one", "several"],
)
def test_a_wait_on_a_server_that_hangs_ends_in_time(wait: Callable[[Any], Any], client_kind: ClientKind) -> None:
    with hanging() as url:
        error, seconds = ended(client_kind, url, wait)

    assert isinstance(error, RunTimeoutError)
    assert isinstance(error.__cause__, RequestTimeoutError)
    assert (error.run, error.runs, error.unfinished) == (None, (), ())
    assert error.unseen[0] == CHAT_QUALITY_RUN
    assert SECONDS <= seconds < MOST_SECONDS


@pytest.mark.both_clients
def test_a_wait_on_a_server_that_hangs_later_has_the_run_as_it_was_seen(client_kind: ClientKind) -> None:
    first = reply(answer(RUN | {"id": CHAT_QUALITY_RUN, "status": "running"}).content, X_Padding="x" * 3000)
    with wired(first, *[dripping(first, begin_at=0)] * 9) as server:
        # Most of the time is over once the first request is there, so that its response is waited for patiently.
        clock = Clock(monotonic=lambda: monotonic() + (60 - SECONDS if server.heard else 0))
        error, seconds = ended(
            client_kind, server.url, lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, timeout=60), clock=clock
        )

    assert isinstance(error, RunTimeoutError)
    assert error.run is not None
    assert error.run.status == "running"
    assert seconds < MOST_SECONDS


def test_the_last_poll_is_short() -> None:
    assert SHORTEST_REQUEST_SECONDS < 0.5


def given(client_kind: ClientKind) -> Any:
    return httpx.Client() if client_kind is Blocking else httpx.AsyncClient()


@pytest.mark.both_clients
def test_a_client_that_is_given_keeps_the_time_on_a_server_that_hangs(client_kind: ClientKind) -> None:
    with hanging() as url:
        error, seconds = ended(
            client_kind, url, list_spaces, http_client=given(client_kind), timeout=SECONDS, clock=Stopwatch().clock
        )

    assert isinstance(error, RequestTimeoutError)
    assert seconds < MOST_SECONDS


@pytest.mark.both_clients
def test_a_client_that_is_given_keeps_the_time_while_a_body_drips(client_kind: ClientKind) -> None:
    with wired(dripping(reply(b" " * 4000), begin_at=120)) as server:
        call = ended(
            client_kind,
            server.url,
            list_spaces,
            http_client=given(client_kind),
            timeout=SECONDS,
            clock=Stopwatch().clock,
        )

    error, seconds = call
    assert isinstance(error, RequestTimeoutError)
    assert seconds < MOST_SECONDS


# A byte every 10 ms.
@pytest.mark.parametrize(("engine", "padding"), [("own", 3000), ("given", 100)])
def test_only_a_blocking_client_that_is_given_reads_a_head_that_drips_for_as_long_as_it_does(
    engine: str, padding: int
) -> None:
    head = dripping(reply(SPACES, X_Padding="x" * padding), begin_at=0)
    with wired(head) as server:
        ax = AxClient(
            api_key="any-key",
            base_url=server.url,
            timeout=1.0,
            retry=RetryPolicy(attempts=1),
            http_client=httpx.Client() if engine == "given" else None,
            clock=Stopwatch().clock,
        )
        started = monotonic()
        with pytest.raises(RequestTimeoutError):
            ax.spaces.list()

        seconds = monotonic() - started

    assert seconds > 1.5 if engine == "given" else seconds < MOST_SECONDS
