"""Standard output as a terminal, a pipe, a full device, and closed."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import click
import pytest
from axtasks.cli import iostreams, main
from axtasks.cli.errors import OutputError
from axtasks.profiles import create_profile
from pyarrow import BufferReader, parquet

from tests.cli.output_support import TASKS
from tests.cli.tasks_support import in_a_process
from tests.cli.terminal_support import AX, unread

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "tests.cli.output_support"]


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of this process without those that affect the output."""
    ruling = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LC_ALL", "LANG", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in ruling}
    return kept | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | variables


def on_a_terminal(*arguments: str, columns: int, **variables: str) -> str:
    """Run a command on a terminal of a width, and return what it sends."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([*PROGRAM, *arguments], cwd=ROOT, env=environment(**variables), stdout=theirs, stderr=theirs):
        os.close(theirs)
        received = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # on Linux the other end is closed
                break
            if not part:
                break
            received += part
    os.close(ours)
    return received.decode().replace("\r\n", "\n")


def finished(*arguments: str, stdout: int | IO[bytes] = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=ROOT, env=environment(), stdout=stdout, stderr=subprocess.PIPE, check=False
    )


@pytest.mark.programs
@pytest.mark.parametrize("columns", [60, 120])
def test_a_table_fits_the_terminal(columns: int) -> None:
    """A table is as wide as the terminal at most."""
    shown = on_a_terminal("runs", "-q", "-o", "table", columns=columns, NO_COLOR="1")

    assert max(map(len, shown.splitlines())) <= columns
    assert ("CREATED" in shown) == (columns == 120)


@pytest.mark.programs
def test_a_terminal_gets_colour() -> None:
    shown = on_a_terminal("runs", columns=100)

    assert "\x1b[32mcompleted" in shown
    assert "paused" in shown


@pytest.mark.programs
def test_characters_that_a_terminal_lacks_are_escaped() -> None:
    """Characters that the terminal's encoding lacks are escaped."""
    shown = on_a_terminal("tasks", "--columns", "name", columns=100, PYTHONIOENCODING="ascii")

    assert r"\u65e5" in shown
    assert "Traceback" not in shown


@pytest.mark.programs
def test_a_pipe_gets_whole_parquet() -> None:
    """Binary output passes a pipe unchanged."""
    result = finished("tasks", "-o", "parquet")

    assert (result.returncode, result.stderr) == (0, b"")
    assert parquet.read_table(BufferReader(result.stdout)).column("id").to_pylist() == [task["id"] for task in TASKS]


@pytest.mark.programs
def test_a_pipe_gets_utf_8() -> None:
    result = finished("tasks", "-o", "json")

    assert json.loads(result.stdout.decode("utf-8"))["tasks"] == TASKS


@pytest.mark.programs
def test_a_full_device() -> None:
    """A failed write is an error with its own exit code, reported once."""
    with Path("/dev/full").open("wb") as full:
        result = finished("tasks", stdout=full)

    assert result.returncode == 5
    assert result.stderr == b"Error: cannot write to standard output: No space left on device\n"


@pytest.mark.programs
def test_a_closed_standard_output() -> None:
    """With standard output closed, the command fails with an error."""
    result = subprocess.run(
        ["/bin/sh", "-c", '"$0" "$@" >&-', *PROGRAM, "tasks"],
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.PIPE,
        check=False,
    )

    assert (result.returncode, result.stderr) == (5, b"Error: cannot write: standard output is closed\n")


PRINTED = ["--help", "--version", "mock serve -h", "completion zsh"]


@pytest.mark.programs
@pytest.mark.parametrize("line", PRINTED)
def test_other_output_on_a_full_device(line: str) -> None:
    """Other output than results fails in the same way."""
    result = in_a_process(*line.split(), redirected="> /dev/full")

    assert result.exit_code == 5
    assert result.stderr == "Error: cannot write to standard output: No space left on device\n"


@pytest.mark.programs
@pytest.mark.parametrize("line", PRINTED)
def test_other_output_to_a_pipe_that_is_closed(line: str) -> None:
    with unread() as nobody:
        result = subprocess.run([*AX, *line.split()], stdout=nobody, stderr=subprocess.PIPE, check=False)

    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.programs
@pytest.mark.usefixtures("environment")
def test_the_names_of_profiles_on_a_full_device() -> None:
    create_profile("work", {"api_key": "x"})

    assert in_a_process("profiles", "list", "-q", redirected="> /dev/full").exit_code == 5


def test_an_error_about_a_file_is_not_one_of_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "part.py")

    monkeypatch.setattr(click.Group, "invoke", fail)

    with pytest.raises(FileNotFoundError, match=r"part\.py"):
        main(["tasks", "list"])


def test_a_failed_write_is_not_repeated_at_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Data that could not be written is discarded, so that the exit of the program does not fail too."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OutputError, match="No space left on device"):
            iostreams.write(b"data")

        full.flush()


def test_a_broken_pipe_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a broken pipe is passed on to the command."""
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w", encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdout", nobody)
        with pytest.raises(BrokenPipeError):
            iostreams.write(b"data")
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), nobody.fileno())


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "none"])
def test_a_missing_standard_output_is_an_error(closed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard output that is closed or None is an error, and no terminal."""
    with Path(os.devnull).open("w", encoding="utf-8") as device:
        pass
    monkeypatch.setattr(sys, "stdout", device if closed else None)

    assert not iostreams.is_terminal()
    if not closed:
        iostreams.discard()
    with pytest.raises(OutputError, match="standard output is closed"):
        iostreams.write(b"data")


@pytest.mark.parametrize(("known", "encoding"), [("latin-1", "latin-1"), (None, "utf-8")])
def test_the_encoding_of_a_terminal(known: str | None, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream without an encoding gets UTF-8."""
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=known))

    assert iostreams.encoding() == encoding


@pytest.mark.programs
def test_a_pipe_that_is_closed_ends_the_command_quietly() -> None:
    """A command whose reader closes the pipe ends quietly."""
    with unread() as nobody:
        result = finished("tasks", "-o", "json", stdout=nobody)

    assert (result.returncode, result.stderr) == (0, b"")
