"""Tests of the recipes beyond Python: the CI job is valid and works, and scripts notice failures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import AxClient

from tests.docs.jobs import Job, run_script
from tests.docs.pages import code_words, page
from tests.docs.shell import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

    from axtasks.mock import MockServer

pytestmark = [pytest.mark.programs, pytest.mark.usefixtures("environment")]
RECIPES = page("guides/recipes")
(JOB,) = [Job(block.text) for block in RECIPES.blocks if block.kind == "yaml"]
SCRIPTS = {block.section: block.text for block in RECIPES.blocks if block.kind == "bash"}


@pytest.fixture
def failing(server: MockServer) -> None:
    """Let runs on the server fail."""
    httpx.put(f"{server.url}/__mock/lifecycle", json={"default": "immediate failed"}).raise_for_status()


def test_the_job_is_a_workflow_by_its_schema(tmp_path: Path) -> None:
    JOB.check_schema(tmp_path)


def test_the_job_installs_what_it_fetched() -> None:
    JOB.check_installation()


def test_the_job_ends_well_and_says_so(tmp_path: Path) -> None:
    code, summary = JOB.run(tmp_path)

    assert code == 0
    assert re.fullmatch(r"\d+ succeeded, 0 in error\n", summary)


@pytest.mark.usefixtures("failing")
def test_the_job_fails_where_the_run_does(tmp_path: Path) -> None:
    assert JOB.run(tmp_path) == (6, "")


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("Exit code 6: the run failed or was cancelled", "the run failed or was cancelled: VGFza1J1b"),
        ("A script for cron", "ax ended with 6 for the run VGFza1J1b"),
    ],
    ids=["script", "cron"],
)
def test_a_script_says_that_the_run_failed(section: str, said: str, tmp_path: Path) -> None:
    ended = run_script(SCRIPTS[section], tmp_path)

    assert ended.returncode == 6
    assert ended.stdout.startswith(said)


def test_the_script_for_cron_says_nothing_where_all_went_well(tmp_path: Path) -> None:
    ended = run_script(SCRIPTS["A script for cron"], tmp_path)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_lists_stand_below_the_keys_that_are_shown() -> None:
    (table,) = [table for table in RECIPES.tables if table.header[0] == "Command"]
    tasks = {"ax tasks list-runs": "Golden Set Review"}
    with AxClient() as ax:
        for row in table.rows:
            (command,), (key,) = code_words(row["Command"]), code_words(row["Key of the list"])
            _, group, method = command.split()
            arguments = [tasks[command]] if command in tasks else []
            more = {"dataset": "golden-set"} if group == "experiments" else {}
            found = getattr(getattr(ax, group), method.replace("-", "_"))(*arguments, **more).to_dict()
            assert set(found) == {key, "pagination"}, command


def test_variables_of_the_crontab_are_read() -> None:
    (crontab,) = [block.text for block in RECIPES.blocks if block.section == "A script for cron" and not block.shown][
        1:
    ]

    assert set(re.findall(r"^(ARIZE_\w+)=", crontab, flags=re.MULTILINE)) <= VARIABLES
