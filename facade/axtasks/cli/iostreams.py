"""Standard output and standard error: terminals, widths, colours, and writing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from axtasks.text import ELLIPSIS, escape

from .errors import OutputError

if TYPE_CHECKING:
    from typing import TextIO

    from axtasks import AxClient


CLIENT = "axtasks.client"  # the key of the client in the context of a command


def client_of_command() -> AxClient | None:
    """Return the client of the command, if it has one."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(CLIENT)


def without_key(text: str) -> str:
    """Return a text without the API key of the command's client, also where it was cut within the key."""
    client = client_of_command()
    if client is None:
        return text
    ellipsis = ELLIPSIS.encode()
    *cut, end = text.encode(errors="surrogatepass").split(ellipsis)
    parts = [*(client.without_key(part, is_cut=True) for part in cut), client.without_key(end)]
    return ellipsis.join(parts).decode(errors="surrogatepass")


def is_terminal() -> bool:
    """Return whether standard output goes to a terminal."""
    return leads_to_terminal(sys.stdout)


def leads_to_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream goes to a terminal. Python has None for one that was closed from the start."""
    return stream is not None and not stream.closed and stream.isatty()


def width() -> int:
    """Return the width of the terminal in columns."""
    # Imported late: the help of `ax` does without it.
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
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def encoding() -> str:
    """Return the encoding of the terminal."""
    return sys.stdout.encoding or "utf-8"


def tell(*lines: str) -> None:
    """Write lines to standard error, with escapes for what would steer a terminal or begin another line."""
    write_error("".join(f"{escape(line)}\n" for line in lines))


def write_error(text: str) -> None:
    """Write a text to standard error, without the API key, which a server may repeat in any text.

    A failure is ignored: no exit code depends on whether it is read.
    """
    try:
        click.echo(without_key(text), err=True, nl=False)
    except OSError:
        # There is nowhere left to say that this cannot be said.
        return
