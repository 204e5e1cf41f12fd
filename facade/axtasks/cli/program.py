"""`ax` as a program: the group of all commands."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from .exits import Exit
from .groups import Group
from .lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Iterator


class Printing(Group):
    """A group whose commands print. Results, help and the version end alike where they cannot be printed."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of a call; this is where options such as --version print."""
        with _ending():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command that was called, or prints its help."""
        with _ending():
            return super().invoke(ctx)


class Program(Printing, LazyGroup):
    """The group of all commands."""


@contextmanager
def _ending() -> Iterator[None]:
    """Tells of what ends a program as click would, whose exit code is another one where it cannot be told.

    Raises:
        Exit: something ended the program.
    """
    try:
        with _printing():
            yield
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        raise click.exceptions.Exit(error.exit_code) from error


@contextmanager
def _printing() -> Iterator[None]:
    """Turns what keeps standard output from being written into the exit code of that.

    Raises:
        OutputError: it cannot be written.
        Exit: nobody reads it any more.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:  # about a file, not about a stream
            raise
        # Imported late: usually nothing fails.
        from .screen import discard, not_written

        if isinstance(error, BrokenPipeError):
            # Whoever read the output has enough; nothing more can be said on this pipe.
            discard()
            raise click.exceptions.Exit(Exit.DONE) from None
        raise not_written(error) from error
