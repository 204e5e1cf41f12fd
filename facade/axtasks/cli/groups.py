"""What all groups of commands share: their help option, and what they say of a command that is not there."""

from __future__ import annotations

from typing import Any

import click


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

        from .values import escape

        near = get_close_matches(name, known)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise click.UsageError(f"No such command '{escape(name)}'.{hint}", ctx)
