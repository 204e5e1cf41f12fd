"""Tests of the trigger: its stored form, its requests, and the effect of a kill."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AsyncAxClient, AxClient
from axtasks.airflow import triggers, waiter
from axtasks.airflow.triggers import AxRunsTrigger

from tests.airflow.conftest import KEY
from tests.airflow.tasks import event_of, first_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock import MockServer

    from tests.airflow.tasks import Supervisor

TASK = "Golden Set Review"
DAG_RUN = "manual__1"
MOST_BYTES, MOST_BYTES_OF_A_RUN = 600, 80
# Half a second is usual.
WAIT_SECONDS = 30


def started(server: MockServer, count: int = 1) -> dict[str, list[str]]:
    """Trigger runs, and return them by task."""
    found: dict[str, list[str]] = {}
    with AxClient(api_key="any", base_url=server.url) as ax:
        for run in (ax.tasks.trigger_run(TASK, space="demo") for _ in range(count)):
            found.setdefault(run.task_id, []).append(run.id)
    return found


def trigger_of(server: MockServer, count: int = 1, **arguments: Any) -> AxRunsTrigger:
    return AxRunsTrigger("ax_tasks_default", started(server, count), **arguments)


async def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail with its name after a while."""
    for _ in range(WAIT_SECONDS * 20):
        if is_so():
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"it did not happen within {WAIT_SECONDS} seconds that {what}")


@pytest.mark.parametrize("count", [1, 200])
def test_little_is_stored_of_it_and_never_the_key(count: int) -> None:
    runs = {
        f"T25saW5lVGFzazo0N{task:010}": [f"VGFza1J1bjoxMD{run:010}" for run in range(count // 10 or 1)]
        for task in range(min(count, 10))
    }
    trigger = AxRunsTrigger("ax_tasks_default", runs, 1772376000.123456, 5.0)

    classpath, arguments = trigger.serialize()

    stored = json.dumps([classpath, arguments])
    assert len(stored) <= MOST_BYTES + MOST_BYTES_OF_A_RUN * count
    assert AxRunsTrigger(**arguments).serialize() == trigger.serialize()
    assert KEY not in stored
    assert KEY not in repr(trigger)


def test_it_fires_one_event_once_all_runs_have_ended(server: MockServer) -> None:
    trigger = trigger_of(server, 2)
    server.mock.clock.advance(60)

    event = event_of(trigger)

    (ids,) = trigger.runs.values()
    assert set(event["ended"]) == set(ids)
    assert (event["late"], event["errors"]) == ([], {})


def test_at_its_deadline_it_tells_which_runs_go_on(server: MockServer) -> None:
    trigger = trigger_of(server, deadline=1.0)

    event = event_of(trigger)

    assert [event["late"]] == list(trigger.runs.values())


def test_a_key_that_is_refused_is_told_of_each_run(server: MockServer) -> None:
    trigger = trigger_of(server, 2)
    server.mock.faults.add("fault=status:401")

    event = event_of(trigger)

    assert len(event["errors"]) == 2
    assert not [text for text in event["errors"].values() if KEY in text]


def test_triggers_of_one_connection_share_a_client_and_its_requests(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients: list[AsyncAxClient] = []
    monkeypatch.setattr(AsyncAxClient, "_start", _noting(clients, AsyncAxClient._start))
    of_all = [trigger_of(server, poll_interval=0.2) for _ in range(20)]
    server.mock.journal.clear()

    async def play() -> list[Any]:
        waiters = [asyncio.create_task(first_event(trigger)) for trigger in of_all]
        await until(lambda: server.mock.journal.count("list_task_runs") >= 5, "the triggers polled five times")
        server.mock.clock.advance(60)
        return await asyncio.gather(*waiters)

    events = asyncio.run(play())

    assert len(events) == 20
    assert len(clients) == 1
    # At most a fifth of one request for each run and poll.
    polls = server.mock.journal.count("list_task_runs")
    assert polls + server.mock.journal.count("get_task_run") <= 20 * polls / 5


def _noting(clients: list[AsyncAxClient], start: Any) -> Any:
    def noting(client: AsyncAxClient, *arguments: Any) -> None:
        clients.append(client)
        start(client, *arguments)

    return noting


def test_a_client_is_closed_some_time_after_its_last_use(server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiter, "IDLE_SECONDS", 0.2)
    closed: list[AsyncAxClient] = []
    close = AsyncAxClient.close

    async def note(client: AsyncAxClient) -> None:
        closed.append(client)
        await close(client)

    monkeypatch.setattr(AsyncAxClient, "close", note)
    of_all = [trigger_of(server) for _ in range(2)]
    server.mock.clock.advance(60)

    async def play() -> None:
        for trigger in of_all:
            await first_event(trigger)
            assert not closed
        await until(lambda: bool(closed), "the client was closed")
        assert not triggers.POOL._loops[asyncio.get_running_loop()]

    asyncio.run(play())
    assert len(closed) == 1


KILLS: list[tuple[str, dict[str, str | None], dict[str, Any], int]] = [
    ("taken over by another triggerer", {"evaluate": "deferred"}, {}, 0),
    ("marked failed", {"evaluate": "failed"}, {}, 1),
    ("marked succeeded", {"evaluate": "success"}, {}, 1),
    ("cleared", {"evaluate": None}, {}, 1),
    ("cleared and running again", {"evaluate": "running"}, {}, 1),
    ("removed", {}, {}, 1),
    (
        "a mapped task whose neighbour is deferred",
        {"evaluate_2": "deferred", "evaluate_3": "failed"},
        {"map_index": 3},
        1,
    ),
    ("a mapped task that is deferred", {"evaluate_3": "deferred"}, {"map_index": 3}, 0),
    ("told to let runs go on", {"evaluate": "failed"}, {"cancel_on_kill": False}, 0),
]


@pytest.mark.parametrize(("states", "more", "cancels"), [pytest.param(*case[1:], id=case[0]) for case in KILLS])
def test_a_kill(
    server: MockServer, supervisor: Supervisor, states: dict[str, str | None], more: dict[str, Any], cancels: int
) -> None:
    supervisor.states = {DAG_RUN: states}
    trigger = trigger_of(server, cancel_on_kill=more.get("cancel_on_kill", True))
    kill(trigger, more.get("map_index", -1))

    assert server.mock.journal.count("cancel_task_run") == cancels


def test_a_kill_goes_on_while_the_triggerer_cancels_it(server: MockServer, supervisor: Supervisor) -> None:
    """The triggerer cancels it each second, until the trigger has ended."""
    supervisor.states = {DAG_RUN: {"evaluate": "failed"}}
    trigger = for_instance(trigger_of(server))

    async def kill_and_cancel() -> None:
        killing = asyncio.create_task(trigger.on_kill())
        await asyncio.sleep(0)
        killing.cancel("user-action")
        with pytest.raises(asyncio.CancelledError):
            await killing
        await asyncio.gather(*triggers.KILLING)

    asyncio.run(kill_and_cancel())

    assert server.mock.journal.count("cancel_task_run") == 1


def test_a_kill_that_fails_is_told_with_the_runs_that_may_go_on(
    server: MockServer, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.states = {DAG_RUN: {"evaluate": "failed"}}
    trigger = trigger_of(server, 2)
    monkeypatch.setenv("AIRFLOW_CONN_AX_TASKS_DEFAULT", json.dumps({"conn_type": "ax_tasks"}))

    kill(trigger)

    (ids,) = trigger.runs.values()
    told = capsys.readouterr().out
    assert f"may go on: {', '.join(ids)}" in told
    assert "has no key" in told


def kill(trigger: AxRunsTrigger, map_index: int = -1) -> None:
    asyncio.run(for_instance(trigger, map_index).on_kill())


def for_instance(trigger: Any, map_index: int = -1) -> AxRunsTrigger:
    """Return the trigger of a task instance."""
    trigger.task_instance = SimpleNamespace(
        dag_id="nightly", task_id="evaluate", run_id=DAG_RUN, map_index=map_index, id="1"
    )
    known: AxRunsTrigger = trigger
    return known


def test_a_run_that_has_ended_is_left(server: MockServer, supervisor: Supervisor) -> None:
    supervisor.states = {DAG_RUN: {"evaluate": "failed"}}
    trigger = trigger_of(server, 3)
    server.mock.clock.advance(60)

    kill(trigger)

    (ids,) = trigger.runs.values()
    with AxClient(api_key="any", base_url=server.url) as ax:
        assert {str(ax.tasks.get_run(run_id).status) for run_id in ids} == {"completed"}


def test_a_kill_does_not_wait_for_a_server_that_is_away(
    server: MockServer, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiter, "CANCEL_SECONDS", 0.5)
    supervisor.states = {DAG_RUN: {"evaluate": "failed"}}
    trigger = trigger_of(server)
    server.mock.faults.add("operation=cancel_task_run, fault=status:503")

    kill(trigger)

    assert server.mock.journal.count("cancel_task_run") >= 1
