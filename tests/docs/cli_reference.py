"""The part of README.md that the command line writes itself: `make docs` renews it, a test compares it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from axtasks.cli import main
from axtasks.cli.errors import Exit

from tests.docs.readme import README
from tests.docs.written import renewed

if TYPE_CHECKING:
    from collections.abc import Iterator

# Options that stand above the table, since most commands have them.
SHARED = {"output", "columns", "values", "query", "quiet", "profile", "base_url", "verbose", "debug", "help"}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands below a group, each with the words it is called by."""
    ctx = click.Context(group, info_name="ax")
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def row(words: tuple[str, ...], command: click.Command) -> str:
    """A command's row in the table."""
    arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
    options = [
        "/".join([*sorted(p.opts, key=len), *p.secondary_opts])
        for p in command.params
        if isinstance(p, click.Option) and p.name not in SHARED
    ]
    called = " ".join(["ax", *words, *arguments])
    what = command.get_short_help_str(200).removesuffix(".")
    return f"| `{called}` | {what} | {', '.join(f'`{option}`' for option in options)} |"


def reference() -> str:
    """What stands between the two marks."""
    rows = [row(words, command) for words, command in commands(main)]
    exits = [f"| {code.value} | {code.meaning} |" for code in Exit]
    return "\n".join(
        [
            *("| Command | What it does | Options of its own |", "| --- | --- | --- |", *rows, ""),
            *("| Exit code | Meaning |", "| --- | --- |", *exits),
        ]
    )


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8"), reference()), encoding="utf-8")
    sys.stdout.write("README.md is what the program says\n")
