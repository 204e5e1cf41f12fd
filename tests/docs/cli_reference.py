"""The generated parts of the pages on commands and exit codes: `make docs` writes them, a test compares them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click
from axtasks.cli import main
from axtasks.cli.errors import Exit

from tests.docs.pages import page
from tests.docs.written import renewed

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS, EXITS = page("reference/command-line"), page("reference/exit-codes")
BEGIN_COMMANDS = "<!-- The options that follow are written by `make docs`. -->"
BEGIN_EXITS = "<!-- The table that follows is written by `make docs`. -->"
SHARED = (
    "output",
    "columns",
    "values",
    "query",
    "quiet",
    "profile",
    "base_url",
    "verbose",
    "debug",
)
"""The names of options that most commands have: they stand above the commands, once."""
HELP = "| [`--help`]{#ax-help}, `-h` | Show this message and exit. |"
"""The row of the option that click adds by itself: to ask for it would make it, for this context."""
HEADER = ("| Option | Meaning |", "| --- | --- |")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield all commands below a group, each with its full name."""
    ctx = click.Context(group, info_name="ax")
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def options(command: click.Command) -> list[click.Option]:
    """Return the options of a command, but for `--help`."""
    return [each for each in command.params if isinstance(each, click.Option) and not each.hidden]


def anchor(*words: str) -> str:
    """Return the anchor of an option of a command."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")


def row(option: click.Option, ctx: click.Context, *path: str) -> str:
    """Return an option's row in a table: its names, the longest of which is its definition, and its help."""
    record = option.get_help_record(ctx)
    assert record is not None, option.name
    names = sorted([*option.opts, *option.secondary_opts], key=len, reverse=True)
    defined = max(option.opts, key=len)
    shown = [f"[`{each}`]{{#{anchor(*path, each)}}}" if each == defined else f"`{each}`" for each in names]
    return f"| {', '.join(shown)} | {escaped(record[1])} |"


def escaped(text: str) -> str:
    """Return the text of a command, escaped for a cell of a table."""
    return re.sub(r"([|<>*_{}\[\]])", r"\\\1", text)


def reference() -> str:
    """Return the reference of all commands' options."""
    listed = list(commands(main))
    shared: dict[str, str] = {}
    for _, command in listed:
        ctx = click.Context(command)
        for each in options(command):
            if each.name in SHARED:
                shared.setdefault(str(each.name), row(each, ctx, "ax"))
    parts = ["## Options of most commands", "\n".join([*HEADER, *(shared[name] for name in SHARED), HELP])]
    for words, command in listed:
        ctx = click.Context(command)
        called = " ".join(["ax", *words])
        arguments = [p.make_metavar(ctx) for p in command.params if isinstance(p, click.Argument)]
        own = [row(each, ctx, "ax", *words) for each in options(command) if each.name not in SHARED]
        what = command.get_short_help_str(200)
        parts += [f"## {called}", " ".join([f"`{' '.join([called, *arguments])}`:", escaped(what)])]
        parts += ["\n".join([*HEADER, *own])] if own else []
    return "\n\n".join(parts)


def exits() -> str:
    """Return the table of exit codes."""
    rows = [f"| [`{each.value}`]{{#exit-code-{each.value}}} | {each.meaning} |" for each in Exit]
    return "\n".join(["| Exit code | Meaning |", "| --- | --- |", *rows])


WRITTEN = ((COMMANDS, reference, BEGIN_COMMANDS), (EXITS, exits, BEGIN_EXITS))

if __name__ == "__main__":
    for one, write, begin in WRITTEN:
        one.path.write_text(renewed(one.text, write(), begin=begin), encoding="utf-8")
    sys.stdout.write("the pages about commands and exit codes are what the program says\n")
