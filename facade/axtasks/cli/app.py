"""Groups of commands, which import a command when it is used."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from .errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from click.shell_completion import CompletionItem


class Group(click.Group):
    """A group that tells commands of near names where there is none of the one that was typed.

    Args:
        name: the group's name.
        settings: what `click.Group` takes besides.
    """

    def __init__(self, name: str, **settings: Any) -> None:
        settings.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(name, **settings)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called, and what it was called with.

        Raises:
            UsageError: there is none of that name.
        """
        name, known = args[0], self.list_commands(ctx)
        # Options in the place of a command, and words that a shell wants completed, are for click.
        if name in known or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        # Imported late: few mistype.
        from difflib import get_close_matches

        from .output.values import escape

        near = get_close_matches(name, known)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise click.UsageError(f"No such command '{escape(name)}'.{hint}", ctx)


class LazyGroup(Group):
    """A group that knows its commands by name, place and help line, and imports one when it is called.

    Args:
        name: the group's name.
        commands_at: each command's name with where it is, as `module:attribute`, and its line in the group's help.
        settings: what `Group` takes besides.
    """

    def __init__(self, name: str, *, commands_at: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(name, **settings)
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order they were given."""
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None when there is none."""
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands and options that begin like what was typed, without importing any command."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=line)
            for name, (_, line) in self._commands_at.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._commands_at.items()])


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
        from .iostreams import discard, not_written

        if isinstance(error, BrokenPipeError):
            # Whoever read the output has enough; nothing more can be said on this pipe.
            discard()
            raise click.exceptions.Exit(Exit.DONE) from None
        raise not_written(error) from error
