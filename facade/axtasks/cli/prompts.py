"""Questions before a command that cannot be undone, and messages about writes."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

import click

from axtasks.text import escape

from .command import same_server, say
from .errors import Exit, OutputError
from .iostreams import leads_to_terminal, tell, without_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from axtasks import AxClient


_NOBODY_TO_ASK = "there is no terminal to ask on: give --force to go on without asking"


def has_terminal() -> bool:
    """Return whether a person can be asked."""
    # Without standard error the question would not be seen.
    return leads_to_terminal(sys.stdin) and sys.stderr is not None


def confirm(question: str, *, force: bool) -> None:
    """Ask before something that cannot be undone, unless `force` is given. Standard input may have the answer.

    Raises:
        UsageError: there is no answer.
        Exit: the answer was no.
    """
    if force:
        return
    check_answerable()
    if not _agrees(question):
        tell("Nothing was done.")
        raise click.exceptions.Exit(Exit.UNEXPECTED)


def check_answerable() -> None:
    """Refuse a question that nobody can answer, before anything is sent.

    Raises:
        UsageError: standard input is closed, or is a terminal on which the question would not be seen.
    """
    if sys.stdin is None or sys.stdin.closed or (leads_to_terminal(sys.stdin) and not has_terminal()):
        raise click.UsageError(_NOBODY_TO_ASK)


def _agrees(question: str) -> bool:
    """Ask a question to answer with yes or no."""
    try:
        # With older versions of click, what reads the answer writes a blank to standard output, into the data there.
        with redirect_stdout(sys.stderr):
            return click.confirm(without_key(escape(question)), err=True)
    except click.Abort as error:
        tell("")  # the line of the answer was not ended
        if isinstance(error.__context__, EOFError) and not leads_to_terminal(sys.stdin):
            raise click.UsageError(_NOBODY_TO_ASK) from None
        raise


@contextmanager
def hint_if_interrupted(command: str, *names: str, **options: str | None) -> Iterator[None]:
    """After an interrupted write, tell the command that shows if it happened, as `same_server` has it.

    Args:
        command: the program and the names of its commands.
        names: its arguments.
        options: the values of its options; None for one that is left out.
    """
    try:
        yield
    except KeyboardInterrupt:
        line = same_server(command, *names, **options)
        tell(f"The server may still carry out the request. To see if it did: {line}")
        raise


@contextmanager
def tell_done(line: str, options: Mapping[str, Any], *, go_on: str | None = None) -> Iterator[None]:
    """Tell that a write is done. A quiet command tells it too if showing the result fails.

    Args:
        line: the message.
        options: the options of the command.
        go_on: how to go on by hand if the rest fails.

    Raises:
        OutputError: the output options ask for something impossible of the result. As wrong use it would pass for a
            command that changed nothing.
    """
    say(line, options)
    try:
        yield
    except click.exceptions.Exit:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if options.get("quiet"):
            tell(line)
        if go_on is not None:
            tell(go_on)
        if isinstance(error, click.UsageError):
            raise OutputError(error.format_message()) from error
        raise


def check_space(client: AxClient, noun: str, value: str | None, *, space: str | None) -> None:
    """Refuse a name without a space to look it up in, where the command line page requires one.

    Args:
        client: the client of the command, which may have a default space.
        noun: the kind of the resource.
        value: its name or id, if given.
        space: the space, if given.

    Raises:
        click.UsageError: the value is a name, and there is no space.
    """
    from axtasks import is_id

    if value is not None and space is None and client.space is None and not is_id(value):
        raise click.UsageError(
            f"{noun} {value!r} is a name, and this command looks names up within a space. Give --space, or the id"
            " instead of the name."
        )
