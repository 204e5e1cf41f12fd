"""What commands that change something say of it: that it is done, also where the rest fails, or that it may be."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from .command import say
from .errors import OutputError
from .iostreams import tell
from .output.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from axtasks import AxClient


def check_space(client: AxClient, noun: str, value: str | None, *, space: str | None) -> None:
    """Refuse a name without a space to look it up in, where the command line page requires one.

    Args:
        client: the client of the command, which may have a default space.
        noun: what the value names.
        value: a name or an id; None where it was not given.
        space: the space that was given.

    Raises:
        click.UsageError: the value is a name, and there is no space.
    """
    from axtasks import is_id

    if value is not None and space is None and client.space is None and not is_id(value):
        raise click.UsageError(
            f"{noun} {value!r} is a name, and this command looks names up within a space. Give --space, or the id"
            " instead of the name."
        )


@contextmanager
def writing(look: str, name: str, *, space: str | None = None) -> Iterator[None]:
    """Tells whoever interrupts a write how to see whether it happened.

    Args:
        look: the command that shows it.
        name: the name or id to call it with.
        space: the space of the name; the default one when None.
    """
    try:
        yield
    except KeyboardInterrupt:
        command = f"{look} {shlex.join((name, *(() if space is None else ('--space', space))))}"
        tell(f"What was on its way may still happen. To see whether it did: {escape(command)}")
        raise


@contextmanager
def done(line: str, options: Mapping[str, Any], *, go_on: str | None = None) -> Iterator[None]:
    """Tells what was done, a quiet command too if what is left to do fails.

    Args:
        line: what was done.
        options: the command's options by name.
        go_on: how to go on by hand if it fails.

    Raises:
        OutputError: the output options ask for something impossible of what came back. As wrong use it would pass for
            a command that changed nothing.
    """
    say(line, options)
    try:
        yield
    except click.exceptions.Exit:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if options.get("quiet"):
            tell(escape(line))
        if go_on is not None:
            tell(escape(go_on))
        if isinstance(error, click.UsageError):
            raise OutputError(error.format_message()) from error
        raise
