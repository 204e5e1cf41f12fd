"""The command line, `ax`. Each group of commands is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from axtasks._version import __version__

# Each group of commands with the module and the attribute it is found in, and its help line.
_GROUPS = {
    "mock": ("axtasks.mock.cli", "group", "A server that behaves as the API's documents say, for tests and demos."),
}


class LazyGroup(click.Group):
    """A group whose subgroups are imported only when one of their commands is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *_GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in _GROUPS:
            return super().get_command(ctx, cmd_name)
        module, attribute, _ = _GROUPS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _GROUPS[name][2]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ax", message="%(prog)s %(version)s")
def main() -> None:
    """Work with Arize AX tasks from the command line."""
