"""Tests of common options before the command: accepted where they apply, refused elsewhere."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from axtasks import __version__

from tests.cli.tasks_support import arguments_of

if TYPE_CHECKING:
    from tests.cli.support import Ax

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

EARLY = {
    "-o json": "projects list",
    "--output csv": "tasks list",
    "--columns id": "spaces list",
    "--query projects[].name": "projects list",
    "-q": "tasks get $CHAT_QUALITY",
    "--base-url http://127.0.0.1:9": "tasks list",
    "--profile none": "tasks get $CHAT_QUALITY",
    "--contract other": "tasks list",
    "--contract BETA -o json": "profiles create ci --api-key-env KEY",
    "-v": "tasks get nothing --space demo",
    "--debug --profile none": "datasets list",
}


@pytest.mark.parametrize("option", EARLY)
def test_an_option_before_the_command_counts_as_one_after_it(ax: Ax, option: str) -> None:
    group, *command = arguments_of(EARLY[option])
    early = arguments_of(option)
    if "profiles" in group:
        early = early[:2]

    after = ax(group, *command, *early)
    (ax.folder.parent / "home" / ".arize" / "profiles" / "ci.toml").unlink(missing_ok=True)

    assert ax(*early, group, *command) == after
    (ax.folder.parent / "home" / ".arize" / "profiles" / "ci.toml").unlink(missing_ok=True)
    assert ax(group, *early, *command) == after


@pytest.mark.parametrize(
    "line",
    ["-o json tasks -o json list -o json", "-q tasks list -q", "--contract documents tasks list --contract documents"],
)
def test_the_same_value_may_be_given_twice(ax: Ax, line: str) -> None:
    assert ax(*line.split()).exit_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-o json tasks list -o csv", "--output is given as 'csv' and as 'json': give one of them"),
        ("-o json tasks -o csv list", "--output is given as 'json' and as 'csv': give one of them"),
        ("--profile a tasks list --profile b", "--profile is given as 'b' and as 'a': give one of them"),
        ("--query a spaces list --query b", "--query is given as 'b' and as 'a': give one of them"),
        ("-o json completion bash", "--output is given before the command, and 'ax completion' has no such option"),
        ("--profile a profiles list", "--profile is given before the command, and 'ax profiles list' has no such"),
        ("--contract beta mock serve", "--contract is given before the command, and 'ax mock' has no such option"),
        ("-o json -o csv tasks list", "--output is given twice"),
        ("tasks -o json -o json list", "--output is given twice"),
    ],
)
def test_contradicting_or_ineffective_options_are_refused(ax: Ax, line: str, said: str) -> None:
    finished = ax(*line.split())

    assert (finished.exit_code, finished.stdout) == (2, "")
    assert said in finished.stderr


@pytest.mark.programs
def test_the_package_is_the_program(ax: Ax) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "axtasks", "--version"], cwd=ax.folder, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, f"ax {__version__} (ax-tasks)\n", "")
