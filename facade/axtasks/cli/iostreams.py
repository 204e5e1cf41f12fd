"""Standard output, standard error and files: terminals, widths, colours, and writing."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from axtasks.text import escape

from .errors import OutputError

if TYPE_CHECKING:
    from typing import TextIO


def is_terminal() -> bool:
    """Return whether standard output goes to a terminal."""
    return leads_to_terminal(sys.stdout)


def leads_to_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream goes to a terminal. Python has None for one that was closed from the start."""
    return stream is not None and not stream.closed and stream.isatty()


def width() -> int:
    """Return the width of the terminal in columns."""
    # Imported late, as `secrets` below: the help of `ax` needs neither.
    from shutil import get_terminal_size

    return get_terminal_size().columns


def wants_colour() -> bool:
    """Return whether output may be coloured: on a terminal that can, unless NO_COLOR is set."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(content: bytes) -> None:
    """Write to standard output, and flush it.

    Raises:
        BrokenPipeError: nobody reads it.
        OutputError: it cannot be written.
    """
    if sys.stdout is None or sys.stdout.closed:
        raise OutputError("cannot write: standard output is closed")
    stream = sys.stdout.buffer
    try:
        sys.stdout.flush()
        stream.write(content)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise not_written(error) from error


def write_text(text: str) -> None:
    """Write text to standard output, with escapes for what a terminal's encoding lacks.

    Raises:
        BrokenPipeError: nobody reads it.
        OutputError: it cannot be written.
    """
    write(text.encode(encoding() if is_terminal() else "utf-8", "backslashreplace"))


def not_written(error: OSError) -> OutputError:
    """Discard the output, and return the error to raise for it."""
    discard()
    return OutputError(f"cannot write to standard output: {error.strerror or error}")


def discard() -> None:
    """Discard buffered output, which would fail once more when the program ends."""
    if sys.stdout is None:  # it was another pipe that broke
        return
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())


def encoding() -> str:
    """Return the encoding of the terminal."""
    return sys.stdout.encoding or "utf-8"


def tell(*lines: str) -> None:
    """Write lines to standard error, with escapes for what would steer a terminal or begin another line."""
    write_error("".join(f"{escape(line)}\n" for line in lines))


def write_error(text: str) -> None:
    """Write a text to standard error as it is. A failure is ignored: no exit code depends on whether it is read."""
    try:
        click.echo(text, err=True, nl=False)
    except OSError:
        # There is nowhere left to say that this cannot be said.
        return


_NEW_FILE_MODE = 0o666  # what the umask takes from


def check_target(path: Path) -> None:
    """Check beforehand that a file, which need not exist, can be written.

    Raises:
        OutputError: it cannot.
    """
    try:
        reason = _hindrance(_target_of(path))
    except OSError as error:
        reason = error.strerror or str(error)
    if reason is not None:
        raise OutputError(f"cannot write {str(path)!r}: {reason}")


def _hindrance(target: Path) -> str | None:
    """Return the reason why a file cannot be written, or None."""
    folder = target.parent
    hindrances = (
        (target.is_symlink(), "it is a symbolic link that leads back to itself"),
        (target.is_dir(), "it is a folder"),
        (target.exists() and not target.is_file(), "it is not a regular file"),
        (not folder.is_dir(), f"there is no folder {str(folder)!r}"),
        (not os.access(folder, os.W_OK | os.X_OK), f"the folder {str(folder)!r} may not be written to"),
        (target.exists() and not os.access(target, os.W_OK), "the file may not be written to"),
    )
    return next((reason for hinders, reason in hindrances if hinders), None)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, which has all of its new content or, after any failure, its former content.

    A new file gets the mode the umask gives; one that is replaced keeps its mode. A symbolic link stays one: the file
    it points to is written.

    Raises:
        OutputError: it cannot be written.
    """
    from secrets import token_hex

    check_target(path)
    target = _target_of(path)
    temporary = target.with_name(f".ax-{token_hex(6)}.tmp")
    try:
        _fill(temporary, content)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}. The file is as it was. What the command asked for"
            " was done; only its output is missing."
        ) from error
    finally:
        # After success there is nothing left under this name.
        temporary.unlink(missing_ok=True)


def _fill(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _NEW_FILE_MODE), "wb") as file:  # noqa: PTH123  # fd
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _target_of(path: Path) -> Path:
    """Return the file that a path leads to; a link itself where links form a circle."""
    # Path.resolve refuses a circle up to Python 3.12 only.
    return Path(os.path.realpath(path))
