"""The options of `ax mock serve` that say which world is played, by what contract and clock, and for whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from axtasks.mock.contract.contract import DOCUMENTS, NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from axtasks.mock.world.api_keys import ApiKey

Command = TypeVar("Command", bound="Callable[..., object]")


def _moment(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """The moment that an option names."""
    from axtasks.mock.clock import read_date_time

    moment = None if text is None else read_date_time(text)
    if text is not None and moment is None:
        raise click.BadParameter("has to be a date and time with an offset, such as 2026-03-10T15:00:00Z")
    return moment


def _keys(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> tuple[ApiKey, ...]:
    """The keys; what is wrong with one is told without it."""
    from axtasks.mock.world.api_keys import ApiKey, distinct

    try:
        return distinct(ApiKey(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


_OPTIONS = (
    click.option(
        "--contract",
        type=click.Choice(NAMES),
        default=DOCUMENTS,
        show_default=True,
        help="What the API is to be like: as the documents have it, or as its beta has it.",
    ),
    click.option(
        "--world",
        "world_file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="What there is at the start, as YAML or JSON; without it, the default world.",
    ),
    click.option(
        "--state",
        "state_file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep the state in this file, and go on from what is in it; that goes before --world, --clock-start "
        "and --seed, to which a reset leads back.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="What all chance follows from."),
    click.option(
        "--clock-start",
        metavar="TIME",
        callback=_moment,
        help="The time at the start, such as 2026-03-10T15:00:00Z; without it, the real time.",
    ),
    click.option("--frozen", is_flag=True, help="Let the clock stand still until it is moved."),
    click.option(
        "--api-key",
        "keys",
        metavar="KEY",
        multiple=True,
        callback=_keys,
        help="Let in this API key, and no others but those given the same way.",
    ),
    click.option("--log", is_flag=True, help="Write a line on stderr for every request."),
)


def world_options(command: Command) -> Command:
    """The command with these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
