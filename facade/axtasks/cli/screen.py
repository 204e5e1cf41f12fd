"""Standard output: whether it is a terminal, as other streams may be, how wide and how colourful, and writing to it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .files import OutputError

if TYPE_CHECKING:
    from typing import TextIO


def is_terminal() -> bool:
    """Whether standard output goes to a terminal."""
    return leads_to_terminal(sys.stdout)


def leads_to_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is connected to a terminal.

    Args:
        stream: the stream; None, as Python has it for one that was closed from the start.
    """
    return stream is not None and not stream.closed and stream.isatty()


def width() -> int:
    """The columns of the terminal."""
    return shutil.get_terminal_size().columns


def wants_colour() -> bool:
    """Whether output may be coloured: on a terminal that can, unless NO_COLOR is set."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(content: bytes) -> None:
    """Writes to standard output, and makes sure that it arrived.

    Args:
        content: what to write.

    Raises:
        BrokenPipeError: nobody reads any more.
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
    """Writes text to standard output, with escapes for what a terminal's encoding lacks.

    Args:
        text: what to write.

    Raises:
        BrokenPipeError: nobody reads any more.
        OutputError: it cannot be written.
    """
    write(text.encode(encoding() if is_terminal() else "utf-8", "backslashreplace"))


def not_written(error: OSError) -> OutputError:
    """What to raise when standard output could not be written, all of which is given up.

    Args:
        error: what kept it from being written.
    """
    discard()
    return OutputError(f"cannot write to standard output: {error.strerror or error}")


def discard() -> None:
    """Gives up what is still waiting to be written: it would fail once more when the program ends."""
    if sys.stdout is None:  # it was another pipe that broke
        return
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())


def encoding() -> str:
    """The encoding of the terminal."""
    return sys.stdout.encoding or "utf-8"
