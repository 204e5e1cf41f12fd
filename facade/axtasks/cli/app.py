"""The groups of commands. `main` is `ax`; it imports a command when the command is used."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from axtasks._version import __version__
from axtasks.text import escape

from .command import AxCommand, StrictParser, strict_parser
from .errors import Exit, exit_codes
from .options import EARLY, early_options, refuse_early

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from click.shell_completion import CompletionItem


class CommandGroup(click.Group):
    """A group of commands whose help shows the exit codes.

    It suggests similar names for a command that does not exist. An error has its exit code also where nothing can be
    printed, such as on a full device.

    Args:
        name: the group's name.
        commands_at: by name, the place of a command as `module:attribute`, and its line in the help of the group. Such
            a command is imported when it is called.
        settings: further arguments of `click.Group`.
    """

    def __init__(self, name: str, *, commands_at: Mapping[str, tuple[str, str]] | None = None, **settings: Any) -> None:
        settings.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(name, epilog=f"\b\nExit codes:\n{exit_codes()}", **settings)
        self._commands_at = commands_at or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order they were given."""
        return list(self._commands_at) or super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None if there is none."""
        if cmd_name not in self._commands_at:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._commands_at[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that was called, and its arguments.

        Raises:
            UsageError: there is no command of that name.
        """
        name, known = args[0], self.list_commands(ctx)
        # click handles options in the place of a command, and words that a shell completes.
        if name in known or name.startswith("-") or ctx.resilient_parsing:
            found = super().resolve_command(ctx, args)
            self._refuse_early_options(ctx, found[1])
            return found
        # Imported late: few mistype.
        from difflib import get_close_matches

        near = get_close_matches(name, known)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise click.UsageError(f"No such command '{escape(name)}'.{hint}", ctx)

    def _refuse_early_options(self, ctx: click.Context, command: click.Command | None) -> None:
        """Refuse options that stand before a command which does not take them over, as those of the mock."""
        early: Mapping[str, object] = ctx.meta.get(EARLY, {})
        if early and command is not None and not isinstance(command, CommandGroup | AxCommand):
            refuse_early(next(iter(early)), f"{ctx.command_path} {command.name}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin with a text, without importing any command."""
        if not self._commands_at:
            return super().shell_complete(ctx, incomplete)
        from click.shell_completion import CompletionItem

        lines = {name: line for name, (_, line) in self._commands_at.items() if name.startswith(incomplete)}
        commands = [CompletionItem(name, help=line) for name, line in lines.items()]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands into the help, without importing any of them."""
        if not self._commands_at:
            super().format_commands(ctx, formatter)
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._commands_at.items()])

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options of the group: its own, and those of its commands that may be given before them."""
        *own, help_option = super().get_params(ctx)
        return [*own, *early_options(hidden=ctx.parent is not None), help_option]

    def make_parser(self, ctx: click.Context) -> StrictParser:
        """Return the parser of the options of the group."""
        return strict_parser(self, ctx)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of a call; options such as --version print here."""
        with _errors_as_exit_codes():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was called."""
        with _errors_as_exit_codes():
            return super().invoke(ctx)


@contextmanager
def _errors_as_exit_codes() -> Iterator[None]:
    """Print an error as click does, and exit with its code even if it cannot be printed.

    Raises:
        Exit: there was an error, or standard output cannot be written.
    """
    try:
        yield
    except click.ClickException as error:
        failure = error
    except OSError as error:
        if error.filename is not None:  # about a file, not about a stream
            raise
        # Imported late: usually nothing fails.
        from .iostreams import discard, not_written

        if isinstance(error, BrokenPipeError):
            # Whoever read the output has enough; nothing more can be said on this pipe.
            discard()
            raise click.exceptions.Exit(Exit.DONE) from None
        failure = not_written(error)
    else:
        return
    from io import StringIO

    from .iostreams import tell

    shown = StringIO()
    failure.show(shown)
    indented = shown.getvalue().replace("\n\t", "\n    ")  # click's choices, whose tabs would be shown as escapes
    tell(*indented.removesuffix("\n").split("\n"))
    raise click.exceptions.Exit(failure.exit_code) from failure


_HERE = "axtasks.cli.commands"

main: click.Group = click.version_option(__version__, prog_name="ax", message="%(prog)s %(version)s (ax-tasks)")(
    CommandGroup(
        "ax",
        help="Work with Arize AX tasks from the command line.\n\nMost commands have the options here, which may be"
        " given before the command or after it.",
        commands_at={
            "tasks": (f"{_HERE}.tasks:group", "Create, change and run tasks."),
            "spaces": (f"{_HERE}.lookups:spaces", "List and show spaces."),
            "projects": (f"{_HERE}.lookups:projects", "List and show projects."),
            "datasets": (f"{_HERE}.lookups:datasets", "List and show datasets."),
            "experiments": (f"{_HERE}.lookups:experiments", "List and show experiments."),
            "evaluators": (f"{_HERE}.lookups:evaluators", "List and show evaluators."),
            "ai-integrations": (f"{_HERE}.lookups:ai_integrations", "List and show AI integrations."),
            "integrations": (f"{_HERE}.lookups:integrations", "List and show integrations of all types."),
            "prompts": (f"{_HERE}.lookups:prompts", "List and show prompts."),
            "api": (f"{_HERE}.api:api", "Send a request of your own."),
            "spec": ("axtasks.cli.commands.spec:group", "Compare a server with the contract."),
            "profiles": (f"{_HERE}.profiles:group", "Keep keys and servers in files."),
            "completion": (f"{_HERE}.completion:completion", "Print what lets a shell complete commands."),
            "mock": ("axtasks.mock.cli.serve:group", "Serve a stand-in for the API, for tests and demos."),
        },
    )
)
