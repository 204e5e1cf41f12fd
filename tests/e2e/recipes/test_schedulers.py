"""The recipes for Prefect and Dagster work as on their page, and trigger once after a retry or a lost response."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks.mock import Mock, MockServer

from tests.docs.normal import is_as_shown
from tests.docs.pages import ROOT, page
from tests.e2e.recipes.conftest import PYTHON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.docs.pages import Block

pytestmark = [pytest.mark.programs, pytest.mark.posix]
BLOCKS = {block.section: block for block in page("guides/schedulers").blocks if block.kind == "python recipes"}
LONGEST_SECONDS = 240
# The read of the run is refused after the trigger, so that the scheduler retries the task.
FAILED_WAIT = "operation=get_task_run, times=1, fault=status:403"
# The response to the trigger is lost, and the search for its run is refused.
LOST_TRIGGER = "operation=trigger_task_run, times=1, fault=accept-then-drop"
LOST_SEARCH = "operation=list_task_runs, after=1, times=2, fault=status:403"


class Recipe:
    """A program of the page, with the schedulers' environment and a mock of its own."""

    def __init__(self, block: Block, server: MockServer, folder: Path, variables: dict[str, str]) -> None:
        self.block = block
        self.server = server
        self.mock = server.mock
        self._file = folder / "recipe.py"
        self._file.write_text(block.text, encoding="utf-8")
        self._variables = variables

    def start(self) -> subprocess.Popen[str]:
        """Start the program."""
        return subprocess.Popen(
            [PYTHON, self._file], env=self._variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self) -> str:
        """Run the program to its end, and return its output."""
        with self.start() as program:
            printed, errors = program.communicate(timeout=LONGEST_SECONDS)
        assert program.returncode == 0, errors
        return printed

    @property
    def triggers(self) -> int:
        """The number of triggers that reached the mock."""
        return self.mock.journal.count("trigger_task_run")


@pytest.fixture(params=BLOCKS)
def recipe(
    request: pytest.FixtureRequest, tmp_path: Path, schedulers: dict[str, str], shown: dict[str, str]
) -> Iterator[Recipe]:
    """The program of each scheduler."""
    with MockServer(Mock(run_seconds=0)) as server:
        host = {"ARIZE_API_HOST": server.url.removeprefix("http://")}
        yield Recipe(BLOCKS[request.param], server, tmp_path, {**schedulers, **shown, **host})


def test_each_scheduler_has_a_program() -> None:
    assert set(BLOCKS) == {"Prefect", "Dagster"}


def test_it_prints_what_the_page_shows(recipe: Recipe) -> None:
    printed = recipe.run()

    assert recipe.block.output
    assert is_as_shown(recipe.block.output, printed)
    assert recipe.triggers == 1


def test_a_task_that_is_retried_adopts_the_run(recipe: Recipe) -> None:
    recipe.mock.faults.add(FAILED_WAIT)

    printed = recipe.run()

    assert [fault.hits for fault in recipe.mock.faults.list()] == [1]
    assert printed == "done, completed\n" * 2
    assert recipe.triggers == 1


def test_a_lost_answer_is_settled_by_the_retry(recipe: Recipe) -> None:
    for fault in (LOST_TRIGGER, LOST_SEARCH):
        recipe.mock.faults.add(fault)

    printed = recipe.run()

    assert [fault.hits for fault in recipe.mock.faults.list()] == [1, 2]
    assert printed == "done, completed\n" * 2
    assert recipe.triggers == 1


def test_a_process_that_is_killed_after_the_trigger_and_started_again_adopts_the_run(recipe: Recipe) -> None:
    httpx.put(f"{recipe.server.url}/__mock/lifecycle", json={"default": "time:3600"}).raise_for_status()
    with recipe.start() as program:
        # By the first read of the run it has triggered.
        until = time.monotonic() + LONGEST_SECONDS
        while not recipe.mock.journal.count("get_task_run"):
            assert program.poll() is None, program.communicate()
            assert time.monotonic() < until
            time.sleep(0.05)
        program.kill()
    assert recipe.triggers == 1

    recipe.mock.clock.advance(3600)
    printed = recipe.run()

    assert printed == "done, completed\n" * 2
    assert recipe.triggers == 1


@pytest.mark.parametrize("section", BLOCKS)
def test_it_has_types(section: str, tmp_path: Path) -> None:
    """The program passes a strict type checker, with the types of the scheduler."""
    program = tmp_path / "recipe.py"
    program.write_text(BLOCKS[section].text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--python-executable", str(PYTHON), str(program)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
