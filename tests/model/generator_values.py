"""A generator of boundary values: names, parts of names, ids, times."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from tests.model import worlds
from tests.model.resource_types import RESOURCE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from tests.model.worlds import World

T = TypeVar("T")

ODD_NAMES = (
    "ß",
    "İstanbul",
    "e\u0301te\u0301",
    "été",
    "名前",
    "🙂 ok",
    "a'b\"c",
    " lead",
    "trail ",
    "%2F/?#",
    "0",
    "Ω",
)
UNUSUAL = ("", "task_abc123", "T25saW5lVGFzazo0NTpxUndY=", "T25s aW5l", "____", "YWJj", "é")
"""Texts that are no ids, though some resemble them."""
MILLISECOND = timedelta(milliseconds=1)


def any_of(rng: Random, choices: Sequence[T]) -> T:
    """Choose one of the choices."""
    return choices[rng.randrange(len(choices))]


def chance(rng: Random, share: float) -> bool:
    """Return True with this probability."""
    return rng.randrange(1000) < share * 1000


def some(rng: Random, choices: Iterable[T], *, least: int = 0, most: int = 3) -> list[T]:
    """Choose a few different choices, in any order."""
    left = list(choices)
    count = min(len(left), rng.randint(least, most))
    return [left.pop(rng.randrange(len(left))) for _ in range(count)]


def change_case(rng: Random, text: str) -> str:
    """Return the text, perhaps with other letter case."""
    return any_of(rng, (text, text.upper(), text.lower(), text.swapcase()))


def part_of(rng: Random, text: str) -> str:
    """Choose a part of a text."""
    start = rng.randrange(len(text))
    return text[start : start + rng.randint(1, 6)]


def free_name(rng: Random, taken: Iterable[str], elsewhere: Iterable[str] = ()) -> str:
    """Generate a name that is free, though it may resemble a taken one."""
    used = set(taken)
    others = sorted(set(elsewhere) - used)
    near = [*(each.swapcase() for each in sorted(used)), *(f"{each} " for each in sorted(used)), *others, *others]
    wanted = any_of(rng, near) if near and chance(rng, 0.5) else any_of(rng, ODD_NAMES)
    while wanted in used:
        wanted += any_of(rng, "abcdefgh")
    return wanted


def identifier(rng: Random, kind: str) -> str:
    """Generate the id of a resource that does not exist."""
    return worlds.identifier(any_of(rng, RESOURCE_TYPES[kind].prefixes), rng.randint(900_000, 999_999))


def other_identifier(rng: Random, kind: str, world: World) -> str:
    """Choose the id of a resource of another type."""
    kinds = [each for each in ("spaces", "projects", "datasets", "tasks", "experiments", "evaluators") if each != kind]
    things = list(world.of(any_of(rng, kinds)))
    return str(any_of(rng, things)["id"]) if things else worlds.identifier("Space", 1)


def format_time(rng: Random, moment: datetime) -> str:
    """Format a time with an offset, in one of the valid notations."""
    offset = any_of(rng, (0, 0, 2, -8, 14))
    local = moment.astimezone(timezone(timedelta(hours=offset)))
    text = local.isoformat(timespec=any_of(rng, ("milliseconds", "microseconds")))
    return text.replace("+00:00", "Z") if chance(rng, 0.5) else text
