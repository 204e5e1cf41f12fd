"""A command in a pseudo-terminal with its visible screen, or with a closed pipe as its output."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pexpect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

AX = (sys.executable, "-c", "from axtasks.cli import main; main(prog_name='ax')")
PATIENCE_SECONDS = 30
TRIES = 10
ROWS = 24
# What decides how things are shown comes from the test alone.
_RULING = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LC_ALL", "LANG", "INPUTRC", "PYTHONIOENCODING")
_PIECE = re.compile(r"\x1b\[(?P<numbers>[0-9;?]*)(?P<command>[A-Za-z])|(?P<character>.)", re.DOTALL)


@contextmanager
def unread() -> Iterator[BinaryIO]:
    """Yield a pipe whose reading end is closed."""
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as nobody:
        yield nobody


def variables(**changes: str) -> dict[str, str]:
    """Return this process's variables with those of a plain terminal, and changes."""
    kept = {name: value for name, value in os.environ.items() if name not in _RULING}
    return kept | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | changes


class Terminal:
    """A program in a terminal of its own.

    Args:
        command: the program and its arguments.
        folder: where it is started.
        columns: the width of the terminal.
        environment: variables that differ from those of a plain terminal.
    """

    def __init__(
        self, command: Sequence[str], *, folder: Path, columns: int = 120, environment: Mapping[str, str] | None = None
    ) -> None:
        self.columns = columns
        self._received = io.StringIO()
        self._child: pexpect.spawn[str] = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(folder),
            env=variables(**(environment or {})),
            dimensions=(ROWS, columns),
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )
        self._child.delaybeforesend = None
        self._child.logfile_read = self._received

    def sees(self, *texts: str) -> None:
        """Wait for texts, one after another."""
        for text in texts:
            self._child.expect_exact(text)

    def found(self, pattern: str) -> str:
        """Wait for a match of a pattern; return its first group."""
        self._child.expect(pattern)
        assert isinstance(self._child.match, re.Match)
        return str(self._child.match[1])

    def types(self, text: str) -> None:
        """Type a text, without a return at the end."""
        self._child.send(text)

    def presses(self, key: str) -> None:
        """Press control and a key."""
        self._child.sendcontrol(key)

    def leaves_by(self, key: str) -> int:
        """Press control and a key until the program ends; return the exit code.

        A person presses again when nothing happens: a key pressed just before the program begins to read is lost.
        """
        for _ in range(TRIES):
            self.presses(key)
            if self._child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=PATIENCE_SECONDS / TRIES) == 0:
                return self._child.wait() or 0
        raise AssertionError(f"control and {key} did not end the program:\n{self.received}")

    def ends(self) -> int:
        """Wait for the end; return the exit code."""
        self._child.expect(pexpect.EOF)
        return self._child.wait() or 0

    def close(self) -> None:
        """Stop the program if it runs."""
        self._child.close(force=True)

    @property
    def received(self) -> str:
        """The output up to the last wait, control characters included."""
        return self._received.getvalue()

    @property
    def lines(self) -> list[str]:
        """The visible lines, those that scrolled out at the top included."""
        return shown(self.received, columns=self.columns)


def shown(sent: str, *, columns: int) -> list[str]:
    """Return the lines that a terminal of a width shows, without trailing blanks and empty lines.

    Args:
        sent: the output.
        columns: the width.
    """
    screen = _Screen(columns)
    for piece in _PIECE.finditer(sent):
        if piece["command"]:
            screen.obey(piece["command"])
        else:
            screen.take(piece["character"])
    lines = ["".join(row).rstrip() for row in screen.rows]
    while lines and not lines[-1]:
        lines.pop()
    return lines


class _Screen:
    """A minimal terminal emulator: line ends, returns, erasing to the end of the line, colours."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows = [[" "] * columns]
        self.column = 0

    def obey(self, command: str) -> None:
        """Apply a control sequence."""
        assert command in {"K", "m"}, f"the terminal is sent {command!r}"
        if command == "K":
            self.rows[-1][self.column :] = [" "] * (self.columns - self.column)

    def take(self, character: str) -> None:
        """Show a character, on the next line after the last column."""
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.rows.append([" "] * self.columns)
        else:
            assert character >= " ", f"the terminal is sent {character!r}"
            if self.column == self.columns:
                self.rows.append([" "] * self.columns)
                self.column = 0
            self.rows[-1][self.column] = character
            self.column += 1
