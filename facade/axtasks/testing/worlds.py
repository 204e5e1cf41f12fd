"""What the marker `ax_world` says, and the mock that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast

from axtasks.mock import Clock, Mock, load_world
from axtasks.mock.clock import read_date_time
from axtasks.mock.keys import Key, read_key
from axtasks.mock.world_files import path_in

from .clients import usable_key

if TYPE_CHECKING:
    from axtasks.mock.faults import Fault
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.lifecycle import Lifecycle
    from axtasks.mock.world import World
    from axtasks.mock.world_files import WorldSource

DEFAULT_LIFECYCLE = "reads:2"
"""A run is running at the first look at it and completed at the second, whoever looks, and whatever the time is."""


class MarkerError(ValueError):
    """A marker that does not say what it could say."""


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """What `@pytest.mark.ax_world(...)` takes.

    Attributes:
        source: a world file, its text or what it says as data; the default world when left out. The path of a file is
            relative to the folder of the test.
        seed: what all chance follows from.
        lifecycle: how runs go on: `immediate`, `time:SECONDS`, `reads:N` or `manual`, and how they end.
        run_seconds: how long runs take, instead.
        clock_start: the time at the start, as a datetime or as text, each with a time zone; the real time if left out.
        frozen: whether the clock stands still until it is moved.
        faults: scripts of what goes wrong.
        limit: how many requests are let in, such as `10/s`.
        latency: how many seconds late every answer is.
        keys: the only API keys that are let in: texts, or objects such as `{"key": "k", "role": "read-only"}`.
        contract: the contract that is served, `documents` or `beta`; what the project says when left out.
    """

    source: WorldSource | None = None
    seed: int = 0
    lifecycle: str | Lifecycle | None = None
    run_seconds: float | None = None
    clock_start: datetime | str | None = None
    frozen: bool = True
    faults: str | Sequence[str | Fault] = ()
    limit: str | None = None
    latency: float = 0
    keys: Sequence[str | Key | JsonObject] = ()
    contract: str | None = None

    def mock(self, folder: Path, *, contract: str | None = None) -> Mock:
        """A new mock of that world.

        Args:
            folder: where paths of files start from.
            contract: the name of the contract to serve; the usual one if None.

        Raises:
            ValueError: something cannot be made a mock of; a `WorldFileError` if it is the world.
        """
        clock = Clock(self._start(), self.frozen)
        world = (
            None if self.source is None else load_world(_found(self.source, folder), seed=self.seed, start=clock.now())
        )
        return Mock(
            run_seconds=self.run_seconds,
            lifecycle=self._lifecycle(world),
            keys=self.all_keys(),
            clock=clock,
            seed=self.seed,
            world=world,
            faults=self.faults,
            limit=self.limit,
            latency_seconds=self.latency,
            contract=contract or self.contract,
        )

    def usable_key(self, mock: Mock) -> str:
        """The key that a client of that mock had best send."""
        return usable_key(self.all_keys() or mock.world.settings.keys)

    def all_keys(self) -> tuple[Key, ...]:
        """The listed keys."""
        return tuple(_key(each) for each in self.keys)

    def _start(self) -> datetime | None:
        if not isinstance(self.clock_start, str):
            return self.clock_start
        moment = read_date_time(self.clock_start)
        if moment is None:
            raise MarkerError(
                f"clock_start has to be a date and time with an offset, such as 2026-03-10T15:00:00Z,"
                f" not {self.clock_start!r}"
            )
        return moment

    def _lifecycle(self, world: World | None) -> str | Lifecycle | None:
        """The one that was asked for; else what the world says; else one that is the same for all who wait."""
        is_told = self.run_seconds is not None or (world is not None and world.settings.lifecycle is not None)
        return self.lifecycle if self.lifecycle is not None or is_told else DEFAULT_LIFECYCLE


# What each option may be, for a mistake to be told before anything comes of it.
_TYPES: dict[str, tuple[type, ...]] = {
    "source": (str, Path, Mapping),
    "seed": (int,),
    "run_seconds": (int, float),
    "clock_start": (datetime, str),
    "frozen": (bool,),
    "faults": (str, list, tuple),
    "limit": (str,),
    "latency": (int, float),
    "keys": (list, tuple),
    "contract": (str,),
}
_NAMES = [field.name for field in fields(WorldOptions)]


def read_markers(markers: Iterable[tuple[tuple[object, ...], Mapping[str, object]]]) -> WorldOptions:
    """What markers say together, the closest to the test first; each option counts where it is first given.

    Args:
        markers: the positional and the named arguments of each.

    Raises:
        MarkerError: an option is unknown, given twice in one marker, or cannot be what it is.
    """
    given: dict[str, object] = {}
    for positional, named in markers:
        if len(positional) > 1:
            raise MarkerError(f"it takes one world, not {len(positional)}; everything else is given by name")
        if positional and "source" in named:
            raise MarkerError("the world is given twice")
        for name, value in {**dict(zip(["source"], positional, strict=False)), **named}.items():
            _check(name, value)
            given.setdefault(name, value)
    if "run_seconds" in given and "lifecycle" in given:
        raise MarkerError("run_seconds and lifecycle say the same thing: give one of them")
    return WorldOptions(**given)  # type: ignore[arg-type]  # checked above, one by one


def _check(name: str, value: object) -> None:
    if name not in _NAMES:
        near = get_close_matches(name, _NAMES, n=1)
        raise MarkerError(
            f"there is no {name!r}" + (f"; did you mean {near[0]!r}?" if near else f", only {', '.join(_NAMES)}")
        )
    allowed = _TYPES.get(name)
    if value is None or allowed is None:
        return
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        wanted = " or ".join("mapping" if each is Mapping else each.__name__ for each in allowed)
        raise MarkerError(f"{name} has to be {wanted}, not {value!r}")


def _found(source: WorldSource, folder: Path) -> WorldSource:
    """The source; a path starts from the folder."""
    given = path_in(source) or source if isinstance(source, str) else source
    if isinstance(given, Path):
        return folder / given
    return given if isinstance(given, str) else dict(given)


def _key(each: str | Key | JsonObject) -> Key:
    if isinstance(each, Key):
        return each
    return Key(each) if isinstance(each, str) else read_key(cast("JsonValue", each))
