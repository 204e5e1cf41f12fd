"""`ax completion` prints a script with which a shell completes commands, options and values."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from axtasks.profiles import create_profile

if TYPE_CHECKING:
    from tests.cli.support import Ax

# The contract of the server does not matter here.
pytestmark = pytest.mark.one_contract

SHELLS = {"bash": "complete -o nosort -F _ax_completion ax", "zsh": "#compdef ax", "fish": "complete --no-files"}
COMPLETE = "from axtasks.cli import main; main(prog_name='ax')"


def completed(typed: str) -> list[str]:
    """Return the completions of the last word of a command line."""
    words = typed.split(" ")
    asked = {"_AX_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    finished = subprocess.run(
        [sys.executable, "-c", COMPLETE], env={**os.environ, **asked}, capture_output=True, text=True, check=True
    )
    assert finished.stderr == ""
    return [line.partition(",")[2] for line in finished.stdout.splitlines()]


@pytest.mark.programs
@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_is_printed(ax: Ax, shell: str) -> None:
    finished = ax("completion", shell)

    assert finished.exit_code == 0
    assert finished.stderr == ""
    assert SHELLS[shell] in finished.stdout
    assert f"_AX_COMPLETE={shell}_complete" in finished.stdout


@pytest.mark.programs
@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_takes_its_script(ax: Ax, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:  # the printed script is checked in another test
        return

    checked = subprocess.run([program, "-n"], input=ax("completion", shell).stdout, text=True, check=False)

    assert checked.returncode == 0


def test_another_shell_is_refused_with_those_there_are(ax: Ax) -> None:
    finished = ax("completion", "tcsh")

    assert finished.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in finished.stderr


def test_its_help_says_how_to_load_it(ax: Ax) -> None:
    shown = ax("completion", "--help").stdout

    for line in ('eval "$(ax completion bash)"', 'eval "$(ax completion zsh)"', "ax completion fish | source"):
        assert line in shown


@pytest.mark.programs
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ax pro", ["projects", "prompts", "profiles"]),
        ("ax experiments ", ["get", "list"]),
        ("ax api GET /v2/tasks --q", ["--query-param"]),
        ("ax tasks list --task-type code", ["code_evaluation"]),
        ("ax projects list --output j", ["json", "jsonl"]),
    ],
)
@pytest.mark.usefixtures("environment")
def test_commands_options_and_values_are_completed(typed: str, offered: list[str]) -> None:
    assert completed(typed) == offered


@pytest.mark.programs
@pytest.mark.parametrize("command", ["show", "use"])
@pytest.mark.usefixtures("environment")
def test_names_of_profiles_are_completed(command: str) -> None:
    for name in ("work", "wide", "default"):
        create_profile(name, {"api_key": "${KEY}"})

    assert completed(f"ax profiles {command} w") == ["wide", "work"]
