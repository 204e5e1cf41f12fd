"""What a mock is made with, refused at once where it is something else: later nobody would know where it came from."""

from __future__ import annotations

from collections.abc import Iterable

from .clock import Clock
from .keys import Key
from .lifecycle import Lifecycle
from .world import World


def check_world(world: object) -> None:
    """Refuse what is no world, such as the name of a file that one could be loaded from."""
    if isinstance(world, str):
        raise TypeError(f"world has to be a World, such as load_world({world!r}), not {world!r}")
    if not isinstance(world, World | None):
        raise TypeError(f"world has to be a World, such as load_world(...) makes, not a {type(world).__name__}")


def check_clock(clock: object) -> None:
    """Refuse what is no clock, such as a moment that one could start at."""
    if not isinstance(clock, Clock | None):
        wanted = "a Clock, such as Clock(datetime(2026, 3, 10, 15, tzinfo=UTC))"
        raise TypeError(f"clock has to be {wanted}, not {clock!r}")


def check_keys(keys: object) -> tuple[Key, ...]:
    """The keys; what is none is not shown, as it may well be a secret."""
    wanted = "keys has to be a list of keys, such as [axtasks.mock.keys.Key('...')]"
    if isinstance(keys, str) or not isinstance(keys, Iterable):
        raise TypeError(f"{wanted}, not a {type(keys).__name__}")
    listed = tuple(keys)
    found = tuple(each for each in listed if isinstance(each, Key))
    if len(found) < len(listed):
        kinds = sorted({type(each).__name__ for each in listed if not isinstance(each, Key)})
        raise TypeError(f"{wanted}, not of {', '.join(kinds)}")
    return found


def check_lifecycle(lifecycle: object) -> None:
    """Refuse what is no lifecycle, and no text of one."""
    if not isinstance(lifecycle, str | Lifecycle | None):
        raise TypeError(f"lifecycle has to be text such as 'reads:3', not {lifecycle!r}")


def check_seconds(name: str, value: object) -> None:
    """Refuse what is no number, such as the text of one."""
    if not isinstance(value, int | float | None) or isinstance(value, bool):
        raise TypeError(f"{name} has to be a number of seconds, such as 2 or 0.5, not {value!r}")
