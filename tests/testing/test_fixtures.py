"""Tests of the plugin's fixtures, which this suite has loaded like any other."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import axtasks.testing
import pytest
from axtasks import AuthenticationError, AxClient, ServerError
from axtasks.mock import default_world as known
from axtasks.testing import async_client_of, client_of, environment_of

if TYPE_CHECKING:
    from axtasks.testing import AsyncAxClient, Mock, MockServer

AX = "import sys; from axtasks.cli import main; sys.argv[0] = 'ax'; main()"
HOUR = timedelta(hours=1)
SMALL = {
    "spaces": [{"name": "lab"}],
    "projects": [{"name": "traces", "space": "lab"}],
    "evaluators": [{"name": "judge", "space": "lab"}],
    "tasks": [{"name": "watch", "type": "template_evaluation", "project": "traces", "evaluators": ["judge"]}],
}


def test_a_task_is_triggered_in_the_mock(ax_client: AxClient, ax_mock: Mock) -> None:
    """The mock's journal has the client's calls, by names, identifiers and bodies."""
    ax_client.tasks.trigger_run("Golden Set Review", max_spans=100)

    ax_mock.journal.assert_called("trigger_task_run", task="Golden Set Review", max_spans=100, times=1)
    ax_mock.journal.assert_called("trigger_task_run", task=known.GOLDEN_REVIEW, task_id=known.GOLDEN_REVIEW)


@pytest.mark.ax_world(run_seconds=3600)
def test_waiting_takes_no_time(ax_client: AxClient, ax_mock: Mock) -> None:
    """The mock's clock advances by the client's pauses."""
    begun = ax_mock.clock.now()
    run = ax_client.tasks.trigger_run("Golden Set Review")

    run = ax_client.tasks.wait_for_run(run.id, timeout=4000)

    assert run.status == "completed"
    assert HOUR <= ax_mock.clock.now() - begun < HOUR + timedelta(seconds=6)


@pytest.mark.ax_world(run_seconds=3600)
def test_waits_of_several_tasks_overlap(async_ax_client: AsyncAxClient, ax_mock: Mock) -> None:
    """Two concurrent waits take as long as one; no plugin for awaiting is needed."""
    begun = ax_mock.clock.now()

    async def both() -> list[str]:
        runs = [await async_ax_client.tasks.trigger_run("Golden Set Review") for _ in range(2)]
        waits = (
            async_ax_client.tasks.wait_for_run(run.id, timeout=4000, poll_interval=seconds)
            for run, seconds in zip(runs, (7, 60), strict=True)
        )
        return [str(run.status) for run in await asyncio.gather(*waits)]

    # The second finds that all is labelled, and ends cancelled.
    assert asyncio.run(both()) in (["completed", "completed"], ["completed", "cancelled"])
    assert HOUR <= ax_mock.clock.now() - begun <= HOUR + timedelta(minutes=1)


def test_a_wait_that_is_given_up_holds_up_no_other(async_ax_client: AsyncAxClient, ax_mock: Mock) -> None:
    """A cancelled wait is forgotten."""

    async def give_up() -> str:
        run = await async_ax_client.tasks.trigger_run("Golden Set Review")
        first = asyncio.ensure_future(async_ax_client.tasks.wait_for_run(run.id, poll_interval=5))
        second = asyncio.ensure_future(async_ax_client.tasks.wait_for_run(run.id, poll_interval=9))
        await asyncio.sleep(0)
        first.cancel()
        return str((await second).status)

    assert asyncio.run(give_up()) == "completed"
    assert ax_mock.journal.count("get_task_run") >= 2


def test_runs_complete_at_the_second_read(ax_mock_server: MockServer) -> None:
    """Every client at any pace sees a run pending, running and completed."""

    def ask(path: str, body: dict[str, int] | None = None) -> str:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
        with urlopen(Request(ax_mock_server.url + path, data, headers), timeout=30) as answer:  # noqa: S310
            told = json.load(answer)
        statuses.append(told["status"])
        return str(told["id"])

    statuses: list[str] = []
    run_id = ask(f"/v2/tasks/{known.GOLDEN_REVIEW}/trigger", {"max_spans": 5})
    for _ in range(2):
        ask(f"/v2/task-runs/{run_id}")

    assert statuses == ["pending", "running", "completed"]
    ax_mock_server.mock.journal.assert_called("get_task_run", run=run_id, times=2)


def test_one_world_behind_all_doors(
    ax_mock: Mock, ax_mock_server: MockServer, ax_client: AxClient, ax_environment: dict[str, str]
) -> None:
    """Changes over the socket are visible to the client without one."""
    assert ax_mock_server.mock is ax_mock
    with AxClient() as outside:
        outside.tasks.delete("Golden Set Review")

    assert "Golden Set Review" not in [task.name for task in ax_client.tasks.list()]
    ax_mock.journal.assert_called("delete_task", task="Golden Set Review", space="demo", times=0)
    ax_mock.journal.assert_called("delete_task", task="Golden Set Review", times=1)
    assert ax_environment["ARIZE_API_HOST"] in ax_mock_server.url


@pytest.mark.programs
def test_the_command_line_in_a_process_of_its_own(ax_environment: dict[str, str], ax_mock: Mock) -> None:
    """A program with the given environment sends its requests to the mock."""
    done = subprocess.run(
        [sys.executable, "-c", AX, "tasks", "trigger-run", "Golden Set Review", "--wait", "--poll-interval", "0.05"],
        env=ax_environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, "completed" in done.stdout) == (0, True), done.stderr
    ax_mock.journal.assert_called("trigger_task_run", task="demo/Golden Set Review", times=1)


def test_the_environment_says_nothing_else_about_the_api(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Variables of the developer, proxies included, are hidden."""
    monkeypatch.setenv("ARIZE_REGION", "eu-west-1a")
    monkeypatch.setenv("ARIZE_PROFILE", "mine")
    monkeypatch.setenv("no_proxy", "localhost")

    variables: dict[str, str] = request.getfixturevalue("ax_environment")

    assert {name for name in variables if name.startswith("ARIZE_")} == {
        "ARIZE_API_KEY", "ARIZE_API_HOST", "ARIZE_API_SCHEME", "ARIZE_SPACE", "ARIZE_DIRECTORY",
        "ARIZE_TASKS_CONTRACT",
    }  # fmt: skip
    assert {name: value for name, value in os.environ.items() if name in variables} == variables
    assert "ARIZE_REGION" not in os.environ
    assert variables["NO_PROXY"] == variables["no_proxy"] == "localhost,127.0.0.1"


def test_clients_do_not_read_the_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The fixtures' clients ignore the environment, and leave it unchanged."""
    monkeypatch.setenv("ARIZE_SPACE", "mine")
    monkeypatch.setenv("ARIZE_API_SCHEME", "nonsense")

    for name in ("ax_client", "async_ax_client"):
        assert request.getfixturevalue(name).space == "demo"
    assert os.environ["ARIZE_SPACE"] == "mine"


@pytest.mark.ax_world(SMALL)
def test_a_world_of_ones_own(ax_client: AxClient, ax_mock: Mock) -> None:
    """The world is that of the mapping; its only space is the default one for names."""
    assert ax_client.space == "lab"
    assert ax_client.tasks.get("watch").name == "watch"
    ax_mock.journal.assert_called("get_task", task="watch")


@pytest.mark.ax_world("extends: default\nsettings: {lifecycle: immediate}\nspaces: [{name: extra}]")
def test_a_world_as_text(ax_client: AxClient) -> None:
    """A world may be written in the test; its settings of runs win over the plugin's."""
    run = ax_client.tasks.trigger_run("Golden Set Review")

    assert ax_client.tasks.get_run(run.id).status == "completed"
    assert "extra" in [space.name for space in ax_client.spaces.list()]


@pytest.mark.ax_world(clock_start="2026-03-10T16:00:00+01:00", seed=7, lifecycle="manual failed")
def test_time_chance_and_course_can_be_given(ax_client: AxClient, ax_mock: Mock) -> None:
    """The clock is frozen at the given time."""
    assert ax_mock.clock.now() == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert ax_mock.clock.is_frozen
    run = ax_client.tasks.trigger_run("Golden Set Review")
    assert [str(ax_client.tasks.get_run(run.id).status) for _ in range(5)] == ["pending"] * 5


@pytest.mark.ax_world(frozen=False)
def test_a_clock_that_runs(ax_mock: Mock) -> None:
    """The clock runs if the option is set."""
    assert not ax_mock.clock.is_frozen


@pytest.mark.ax_world(faults="operation=get_task, fault=status:503", limit="500/s")
def test_faults_and_limits_of_a_marker_apply(ax_client: AxClient, ax_mock: Mock) -> None:
    """Faults apply from the first request on, and the rate limit counts."""
    with pytest.raises(ServerError):
        ax_client.tasks.get(known.GOLDEN_REVIEW)
    assert ax_mock.limit == "500/s"
    ax_mock.journal.assert_called("get_task", fault="status")


@pytest.mark.ax_world(faults=["times=1, fault=delay:20s"])
def test_a_late_answer_takes_no_time(ax_client: AxClient, ax_mock: Mock) -> None:
    """The delay passes on the mock's clock alone."""
    begun = ax_mock.clock.now()

    ax_client.spaces.list()

    assert ax_mock.clock.now() - begun == timedelta(seconds=20)


@pytest.mark.ax_world(keys=[{"key": "gone", "role": "revoked"}, {"key": "reader", "role": "read-only"}, "writer"])
def test_listed_keys(ax_client: AxClient, ax_mock: Mock) -> None:
    """Only the listed keys are accepted; the client has the one with most rights."""
    ax_client.tasks.trigger_run("Golden Set Review")

    for key in ("gone", "other"):
        with client_of(ax_mock, api_key=key) as stranger, pytest.raises(AuthenticationError):
            stranger.spaces.list()


def test_without_fixtures(ax_mock: Mock) -> None:
    """The classes behind the fixtures can be used by tests of any kind."""

    async def names() -> list[str]:
        async with async_client_of(ax_mock, space="archive") as client:
            return [task.name async for task in await client.tasks.list(limit=100)]

    with client_of(ax_mock, space="archive") as client:
        assert [task.name for task in client.tasks.list(limit=100)] == asyncio.run(names())
    assert environment_of("http://127.0.0.1:1", api_key="k", environment={"ARIZE_SPACE": "x", "HOME": "/"}) == {
        "HOME": "/",
        "ARIZE_API_KEY": "k",
        "ARIZE_API_HOST": "127.0.0.1:1",
        "ARIZE_API_SCHEME": "http",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def test_the_clock_is_that_of_the_world_outside(ax_mock: Mock) -> None:
    """Code under test that reads the system's time gets a time near the mock's."""
    assert abs(ax_mock.clock.now().timestamp() - time.time()) < 60


def test_public_names() -> None:
    """Every public name can be imported, and there are no others."""
    assert axtasks.testing.__all__ == sorted(axtasks.testing.__all__)
    assert set(axtasks.testing.__all__) <= set(dir(axtasks.testing))
    for name in axtasks.testing.__all__:
        assert getattr(axtasks.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="Nothing"):
        axtasks.testing.Nothing  # noqa: B018  # the access is what is tested
