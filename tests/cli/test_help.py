"""Tests of the help of every command: its text, its example, and its cost."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from axtasks import __version__
from axtasks.cli import main
from axtasks.mock import Mock

from tests.cli.snapshot_support import FOLDER, assert_snapshot, kept_names
from tests.cli.support import Ax

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

# The mock's own command explains itself by its defaults: there is nothing to give.
HEAVY = {
    "httpx",
    "attr",
    "attrs",
    "jmespath",
    "pyarrow",
    "pandas",
    "tomli_w",
    "asyncio",
    "httptools",
    "uvicorn",
}


def all_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command and group, by the words after `ax`."""

    def below(
        words: tuple[str, ...], command: click.Command, context: click.Context
    ) -> Iterator[tuple[str, click.Command]]:
        yield " ".join(words), command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                yield from below((*words, name), inner, click.Context(inner, info_name=name, parent=context))

    yield from below((), main, click.Context(main, info_name="ax"))


COMMANDS = dict(all_commands())
PLAIN = {words: command for words, command in COMMANDS.items() if not isinstance(command, click.Group)}
GROUPS = {words: command for words, command in COMMANDS.items() if isinstance(command, click.Group)}


def name_of(words: str) -> str:
    """Return the snapshot name of a command's help."""
    return "-".join(("ax", *words.split()))


@pytest.fixture
def ax(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Ax:
    """Run `ax` with lines of 80 characters, without a server and a key."""
    monkeypatch.setenv("COLUMNS", "80")
    return Ax(environment, Mock())


class TestEveryCommand:
    @pytest.mark.parametrize("words", COMMANDS, ids=name_of)
    def test_snapshot(self, ax: Ax, words: str) -> None:
        finished = ax(*words.split(), "--help")

        assert (finished.exit_code, finished.stderr) == (0, "")
        assert_snapshot(f"help/{name_of(words)}", finished.stdout)

    def test_it_says_what_it_does(self) -> None:
        assert [words for words, command in COMMANDS.items() if not command.help] == []

    @pytest.mark.parametrize("words", sorted(PLAIN), ids=name_of)
    def test_it_has_an_example(self, words: str) -> None:
        """The example calls the command with existing options."""
        command = COMMANDS[words]
        title, *lines = (command.epilog or "").replace("\b\n", "").splitlines()
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}

        assert title.startswith("Example")
        for line in "\n".join(lines).replace("\\\n", " ").splitlines():
            assert f"ax {words}" in line
            typed = shlex.split(line)
            assert {word for word in typed if word.startswith("-") and word != "-"} <= known

    def test_every_option_says_what_it_is_for(self) -> None:
        options = [
            (words, param) for words in PLAIN for param in PLAIN[words].params if isinstance(param, click.Option)
        ]

        assert [f"{words} {option.name}" for words, option in options if not option.help] == []

    def test_the_short_flag(self, ax: Ax) -> None:
        for words in COMMANDS:
            if not words.startswith("mock"):
                assert ax(*words.split(), "-h").stdout == ax(*words.split(), "--help").stdout, words

    @pytest.mark.parametrize("words", sorted(set(GROUPS) - {""}), ids=name_of)
    def test_a_group_alone_shows_its_help(self, ax: Ax, words: str) -> None:
        """The exit code is that of wrong use, and standard output is empty."""
        finished = ax(*words.split())

        assert (finished.exit_code, finished.stdout) == (2, "")
        assert finished.stderr == ax(*words.split(), "--help").stdout


def test_there_is_no_snapshot_of_what_is_gone() -> None:
    assert kept_names("help") == {name_of(words) for words in COMMANDS}, f"look through {FOLDER / 'help'}"


def test_the_version(ax: Ax) -> None:
    finished = ax("--version")

    assert (finished.exit_code, finished.stdout, finished.stderr) == (0, f"ax {__version__} (ax-tasks)\n", "")


@pytest.mark.programs
@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        pytest.param((), set(), id="ax"),
        # The values of --task-type come from the generated enum, and from nothing else of the generated package.
        pytest.param(("tasks", "list"), {"axtasks_api.models.task_type"}, id="ax tasks list"),
        pytest.param(("tasks", "trigger-run"), set(), id="ax tasks trigger-run"),
    ],
)
def test_help_imports_next_to_nothing(arguments: tuple[str, ...], allowed: set[str]) -> None:
    """Help loads neither the client, nor models, nor libraries for tables and files."""
    call = f"main({[*arguments, '--help']!r})"
    script = f"import sys\nfrom axtasks.cli import main\ntry: {call}\nfinally: print('loaded', *sys.modules)"

    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stdout
    shown, _, names = output.rpartition("loaded ")
    loaded = set(names.split())

    assert shown.startswith("Usage: ")
    assert not {name for name in loaded if name.partition(".")[0] in HEAVY}
    assert not loaded & {"axtasks.client", "axtasks.errors", "axtasks.profiles", "axtasks.transport"}
    assert {name for name in loaded if name.startswith(("axtasks_api.models.", "axtasks_api.api"))} == allowed
    assert bool(allowed) == ("axtasks_api" in loaded)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["task", "list"], "No such command 'task'. Did you mean 'tasks'?", id="group"),
        pytest.param(["tasks", "lst"], "No such command 'lst'. Did you mean 'list'?", id="command"),
        pytest.param(
            ["tasks", "get-runs"],
            "No such command 'get-runs'. Did you mean 'get-run' or 'list-runs' or 'trigger-run'?",
            id="several",
        ),
        pytest.param(["profiles", "lst"], "No such command 'lst'. Did you mean 'list'?", id="command of another group"),
        pytest.param(["tasks", "zzz"], "No such command 'zzz'.", id="nothing near"),
        pytest.param(["tasks", "\x1b[31m"], "No such command '\\x1b[31m'.", id="what steers a terminal"),
    ],
)
def test_a_command_that_is_not_there_is_refused_with_those_of_near_names(
    ax: Ax, arguments: list[str], said: str
) -> None:
    finished = ax(*arguments)

    assert finished.exit_code == 2
    assert finished.stderr.splitlines()[-1] == f"Error: {said}"
