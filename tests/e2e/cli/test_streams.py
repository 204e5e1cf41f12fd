"""Standard output as it really is: a terminal, a pipe, a full device, closed."""

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
    """The variables of this process without those that say how to show things."""
    ruling = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LC_ALL", "LANG", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in ruling}
    return kept | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | variables


def on_a_terminal(*arguments: str, columns: int, **variables: str) -> str:
    """What a terminal of a width is sent by a command."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([*PROGRAM, *arguments], cwd=ROOT, env=environment(**variables), stdout=theirs, stderr=theirs):
        os.close(theirs)
        received = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            received += part
    os.close(ours)
    return received.decode().replace("\r\n", "\n")


def finished(*arguments: str, stdout: int | IO[bytes] = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    """A command that ran as a process of its own."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=ROOT, env=environment(), stdout=stdout, stderr=subprocess.PIPE, check=False
    )


@pytest.mark.programs
@pytest.mark.parametrize("columns", [60, 120])
def test_a_terminal_is_measured(columns: int) -> None:
    """The table takes the width the terminal says it has."""
    shown = on_a_terminal("runs", "-q", "-o", "table", columns=columns, NO_COLOR="1")

    assert max(map(len, shown.splitlines())) <= columns
    assert ("CREATED" in shown) == (columns == 120)


@pytest.mark.programs
def test_a_terminal_gets_colour() -> None:
    shown = on_a_terminal("runs", columns=100)

    assert "\x1b[32mcompleted" in shown
    assert "paused" in shown


@pytest.mark.programs
def test_a_terminal_that_knows_few_characters() -> None:
    """What the terminal's encoding lacks is escaped rather than an error."""
    shown = on_a_terminal("tasks", "--columns", "name", columns=100, PYTHONIOENCODING="ascii")

    assert r"\u65e5" in shown
    assert "Traceback" not in shown


@pytest.mark.programs
def test_a_pipe_gets_whole_parquet() -> None:
    """Binary output goes through a pipe as it is."""
    result = finished("tasks", "-o", "parquet")

    assert (result.returncode, result.stderr) == (0, b"")
    assert parquet.read_table(BufferReader(result.stdout)).column("id").to_pylist() == [task["id"] for task in TASKS]


@pytest.mark.programs
def test_a_pipe_gets_utf_8() -> None:
    result = finished("tasks", "-o", "json")

    assert json.loads(result.stdout.decode("utf-8"))["tasks"] == TASKS


@pytest.mark.programs
def test_a_full_device() -> None:
    """What cannot be written is an error with its own exit code, said once."""
    with Path("/dev/full").open("wb") as full:
        result = finished("tasks", stdout=full)

    assert result.returncode == 5
    assert result.stderr == b"Error: cannot write to standard output: No space left on device\n"


@pytest.mark.programs
def test_a_closed_standard_output() -> None:
    """Without anywhere to write, the command fails instead of saying nothing."""
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
def test_what_is_no_result_on_a_full_device(line: str) -> None:
    """It fails as results do, and is given up likewise."""
    result = in_a_process(*line.split(), redirected="> /dev/full")

    assert result.exit_code == 5
    assert result.stderr == "Error: cannot write to standard output: No space left on device\n"


@pytest.mark.programs
@pytest.mark.parametrize("line", PRINTED)
def test_what_is_no_result_for_a_reader_that_has_enough(line: str) -> None:
    with unread() as nobody:
        result = subprocess.run([*AX, *line.split()], stdout=nobody, stderr=subprocess.PIPE, check=False)

    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.programs
@pytest.mark.usefixtures("environment")
def test_the_names_of_profiles_on_a_full_device() -> None:
    create_profile("work", {"api_key": "x"})

    assert in_a_process("profiles", "list", "-q", redirected="> /dev/full").exit_code == 5


def test_an_error_that_is_about_a_file_is_not_told_of_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "part.py")

    monkeypatch.setattr(click.Group, "invoke", fail)

    with pytest.raises(FileNotFoundError, match=r"part\.py"):
        main(["tasks", "list"])


def test_after_a_failure_nothing_waits_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is given up, so that the end of the program does not fail over it again."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OutputError, match="No space left on device"):
            iostreams.write(b"data")

        full.flush()


def test_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """That nobody reads is for the command to deal with."""
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w", encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdout", nobody)
        with pytest.raises(BrokenPipeError):
            iostreams.write(b"data")
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), nobody.fileno())


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "none"])
def test_nowhere_to_write(closed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard output that is closed, or was never there, is an error and no terminal."""
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
    """A stream that knows no encoding gets UTF-8."""
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=known))

    assert iostreams.encoding() == encoding


@pytest.mark.programs
def test_a_reader_that_has_enough() -> None:
    """A pipe that nobody reads from any more ends the command quietly."""
    with unread() as nobody:
        result = finished("tasks", "-o", "json", stdout=nobody)

    assert (result.returncode, result.stderr) == (0, b"")
