"""Tests of the recipes for cron and GitHub Actions: each day is triggered once, however often they are started.

Those for Prefect and Dagster are run by `make test-recipes`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import httpx
import pytest

from tests.docs.jobs import Job, run_script
from tests.docs.pages import page
from tests.docs.shell import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from axtasks.mock import MockServer

T = TypeVar("T")

pytestmark = [pytest.mark.programs, pytest.mark.usefixtures("environment")]
SCHEDULERS = page("guides/schedulers")
BLOCKS = [block for block in SCHEDULERS.blocks if not block.shown]
(SCRIPT,) = [block.text for block in BLOCKS if block.kind == "bash"]
(CRONTAB,) = [block.text for block in BLOCKS if block.kind == "text"]
(WORKFLOW,) = [block.text for block in BLOCKS if block.kind == "yaml"]
WINDOW = ("data_start_time", "data_end_time")
FIELD = r"(\d+|\*)(-\d+)?(,\d+(-\d+)?)*"
TIMES = re.compile(rf"{FIELD}( {FIELD}){{4}}")
DROPPED = "operation=trigger_task_run, times=1, fault=accept-then-drop"
LOST_SEARCH = "operation=list_task_runs, after=1, times=2, fault=status:403"


def windows(server: MockServer) -> list[tuple[datetime, datetime]]:
    """Return the windows of the triggers that reached the mock."""
    bodies = [json.loads(exchange.request_body) for exchange in server.mock.journal.exchanges("trigger_task_run")]
    start, end = ([datetime.fromisoformat(body[name]) for body in bodies] for name in WINDOW)
    return list(zip(start, end, strict=True))


def set_lifecycle(server: MockServer, text: str) -> None:
    httpx.put(f"{server.url}/__mock/lifecycle", json={"default": text}).raise_for_status()


def within_a_day(server: MockServer, play: Callable[[], T]) -> T:
    """Return what comes of playing; where midnight came in between, it is played again on a fresh mock."""
    while True:
        day = datetime.now(UTC).date()
        found = play()
        if datetime.now(UTC).date() == day:
            return found
        httpx.post(f"{server.url}/__mock/reset").raise_for_status()


def test_the_script_for_cron_triggers_a_day_once(tmp_path: Path, server: MockServer) -> None:
    printed = within_a_day(server, lambda: [run_script(SCRIPT, tmp_path).stdout for _ in range(3)])

    assert printed == ['"triggered"\n', '"done"\n', '"done"\n']
    ((start, end),) = windows(server)
    assert end <= datetime.now(UTC) < end + timedelta(days=2)
    assert end - start == timedelta(days=1)


def test_the_script_for_cron_fails_where_the_run_does_and_triggers_anew(tmp_path: Path, server: MockServer) -> None:
    set_lifecycle(server, "immediate failed")
    failed = run_script(SCRIPT, tmp_path)
    set_lifecycle(server, "immediate")
    again = run_script(SCRIPT, tmp_path)

    assert failed.returncode == 6
    assert (again.returncode, again.stdout) == (0, '"triggered"\n')
    assert len(windows(server)) == 2


def test_the_script_for_cron_finds_the_run_of_a_try_that_was_lost(tmp_path: Path, server: MockServer) -> None:
    def play() -> list[CompletedProcess[str]]:
        for fault in (DROPPED, LOST_SEARCH):
            server.mock.faults.add(fault)
        return [run_script(SCRIPT, tmp_path) for _ in range(2)]

    lost, again = within_a_day(server, play)

    assert lost.returncode not in {0, 6}
    assert again.stdout == '"done"\n'
    assert len(windows(server)) == 1


def test_variables_of_the_crontab_are_read_and_its_times_are_times() -> None:
    *variables, line = CRONTAB.splitlines()

    assert {each.partition("=")[0] for each in variables} - {"PATH"} <= VARIABLES
    assert TIMES.fullmatch(line.rpartition("  ")[0])


def test_the_workflow_is_one_by_its_schema_and_installs_what_it_fetched(tmp_path: Path) -> None:
    job = Job(WORKFLOW)

    job.check_schema(tmp_path)
    job.check_installation()
    (times,) = re.findall(r'cron: "(.*)"', WORKFLOW)
    assert TIMES.fullmatch(times)


def test_the_workflow_triggers_a_day_once_and_says_so(tmp_path: Path, server: MockServer) -> None:
    said = within_a_day(server, lambda: [Job(WORKFLOW).run(tmp_path) for _ in range(2)])

    assert [code for code, _ in said] == [0, 0]
    assert [re.sub(r"\d+", "N", summary) for _, summary in said] == [
        f"{outcome}: N succeeded, N in error\n" for outcome in ("triggered", "done")
    ]
    assert len(windows(server)) == 1


def test_the_workflow_takes_a_day_that_was_missed(tmp_path: Path, server: MockServer) -> None:
    code, _ = Job(WORKFLOW).run(tmp_path, day="2026-02-28")

    assert code == 0
    assert windows(server) == [(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))]


def test_the_workflow_fails_where_the_run_does(tmp_path: Path, server: MockServer) -> None:
    set_lifecycle(server, "immediate failed")

    assert Job(WORKFLOW).run(tmp_path) == (6, "")
