"""Tests of the sensor, which waits for a run of another task, and never cancels it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AxClient, InvalidArgumentError
from axtasks.airflow.sensors import AxRunSensor

from tests.airflow.tasks import Supervisor, TaskOfDag, event_of, in_dag

if TYPE_CHECKING:
    from axtasks.mock import MockServer


def started(server: MockServer) -> str:
    with AxClient(api_key="any", base_url=server.url) as ax:
        return ax.tasks.trigger_run("Golden Set Review", space="demo").id


def advance(server: MockServer, run_id: str, to: str, **counts: int) -> None:
    counters = {**dict.fromkeys(("num_successes", "num_errors", "num_skipped"), 0), **counts}
    path = f"{server.url}/__mock/task-runs/{run_id}/advance"
    httpx.post(path, json={"to": to, "counts": counters}).raise_for_status()


def sensor_of(supervisor: Supervisor, run_id: str, **arguments: Any) -> TaskOfDag:
    given = {"run_id": run_id, "deferrable": True, "poke_interval": 0, **arguments}
    return TaskOfDag(in_dag(lambda: AxRunSensor(task_id="wait", **given)), supervisor)


def test_a_deferred_sensor_returns_the_run(server: MockServer, supervisor: Supervisor) -> None:
    run_id = started(server)
    sensor = sensor_of(supervisor, run_id)

    deferred = sensor.run()
    assert deferred.stored["cancel_on_kill"] is False
    server.mock.clock.advance(60)
    done = sensor.run(deferred, event_of(deferred.trigger))

    assert done.state == "success", done.error
    assert supervisor.xcoms()["return_value"]["id"] == run_id


ENDS: list[tuple[str, str, dict[str, int], dict[str, Any], str]] = [
    ("completed", "completed", {"num_successes": 5}, {}, "success"),
    ("empty", "completed", {}, {}, "skipped"),
    ("empty, to succeed", "completed", {}, {"on_empty": "succeed"}, "success"),
    ("failed", "failed", {"num_errors": 5}, {}, "failed"),
    ("failed, softly", "failed", {"num_errors": 5}, {"never_fail": True}, "skipped"),
    ("cancelled", "cancelled", {"num_successes": 5}, {}, "failed"),
    ("empty, without a triggerer", "completed", {}, {"deferrable": False}, "skipped"),
    ("too many errors", "completed", {"num_errors": 5}, {"fail_on_errors": 0.5}, "failed"),
]


@pytest.mark.parametrize(("to", "counts", "more", "state"), [pytest.param(*case[1:], id=case[0]) for case in ENDS])
def test_a_run_that_has_ended(
    server: MockServer,
    supervisor: Supervisor,
    *,
    to: str,
    counts: dict[str, int],
    more: dict[str, Any],
    state: str,
) -> None:
    run_id = started(server)
    advance(server, run_id, to, **counts)

    assert sensor_of(supervisor, run_id, **more).run().state == state


def test_a_run_that_has_ended_is_read_once(server: MockServer, supervisor: Supervisor) -> None:
    run_id = started(server)
    advance(server, run_id, "completed", num_successes=5)

    assert sensor_of(supervisor, run_id).run().state == "success"

    assert server.mock.journal.count("get_task_run") == 1


FIRST_READS: list[tuple[str, dict[str, Any], str]] = [
    ("never to fail", {"never_fail": True}, "skipped"),
    ("to fail", {}, "failed"),
    ("to go on", {"silent_fail": True}, "deferred"),
]


@pytest.mark.parametrize(("more", "state"), [pytest.param(*case[1:], id=case[0]) for case in FIRST_READS])
def test_a_first_read_that_fails(
    server: MockServer, supervisor: Supervisor, *, more: dict[str, Any], state: str
) -> None:
    run_id = started(server)
    server.mock.faults.add("operation=get_task_run, fault=status:401, times=1")

    assert sensor_of(supervisor, run_id, **more).run().state == state


def test_a_poll_interval_is_checked_when_the_dag_is_read() -> None:
    with pytest.raises(InvalidArgumentError, match="poll_interval has to be a positive number of seconds"):
        AxRunSensor(task_id="wait", run_id="any", poll_interval=0)


@pytest.mark.parametrize(("soft", "state"), [(False, "failed"), (True, "skipped")])
def test_a_run_that_takes_too_long(server: MockServer, supervisor: Supervisor, soft: bool, state: str) -> None:
    sensor = sensor_of(supervisor, started(server), timeout=0.1, soft_fail=soft)

    deferred = sensor.run()

    assert sensor.run(deferred, event_of(deferred.trigger)).state == state
    assert server.mock.journal.count("cancel_task_run") == 0
