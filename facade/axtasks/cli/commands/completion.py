"""`ax completion`: scripts with which a shell completes commands, options and values."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand
from axtasks.cli.iostreams import write_text

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "ax"
# What click looks at to know that a shell asks for completions.
VARIABLE = "_AX_COMPLETE"


@click.command(
    "completion",
    cls=AxCommand,
    epilog="\b\nExamples, each for the file that the shell reads when it starts:\n"
    '  bash, in ~/.bashrc:                   eval "$(ax completion bash)"\n'
    '  zsh, in ~/.zshrc, after compinit:     eval "$(ax completion zsh)"\n'
    "  fish, in ~/.config/fish/config.fish:  ax completion fish | source",
)
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def completion(ctx: click.Context, /, shell: str, **_options: Any) -> None:
    """Print what lets a shell, which is bash, zsh or fish, complete commands, options and values."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, f"click knows {shell}"  # noqa: S101  it comes with all of them
    write_text(f"{kind(ctx.find_root().command, {}, PROGRAM, VARIABLE).source()}\n")
