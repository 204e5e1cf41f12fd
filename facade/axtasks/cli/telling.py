"""What is told on standard error, to people."""

from __future__ import annotations

import click


def tell(text: str, *, end: str = "\n") -> None:
    """Says something that is not data; what a command does, and its exit code, do not depend on whether it is read.

    Args:
        text: what to say.
        end: what to write after it.
    """
    try:
        click.echo(f"{text}{end}", err=True, nl=False)
    except OSError:
        # There is nowhere left to say that this cannot be said.
        return
