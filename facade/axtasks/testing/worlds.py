"""The options of the marker `ax_world`, and the mock that they make."""

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
from axtasks.mock.worldfiles.loader import path_in

from .clients import usable_key

if TYPE_CHECKING:
    from axtasks.mock.faults.fault import Fault
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.world.lifecycle import Lifecycle
    from axtasks.mock.world.world import World
    from axtasks.mock.worldfiles.loader import WorldSource

DEFAULT_LIFECYCLE = "reads:2"
"""A run is running at the first poll and completed at the second, whatever the time is."""


class MarkerError(ValueError):
    """A marker with an option that is unknown or wrong."""


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """The options of `@pytest.mark.ax_world(...)`.

    Attributes:
        source: a world file, its text or its content as data; the default world when left out. The path of a file is
            relative to the folder of the test.
        seed: the seed of all random numbers.
        lifecycle: the lifecycle of runs: `immediate`, `time:SECONDS`, `reads:N` or `manual`, and how they end.
        run_seconds: how long runs take, instead.
        clock_start: the time at the start, as a datetime or as text, each with a time zone; the real time if left out.
        frozen: whether the clock stands still until it is moved.
        faults: scripts of faults.
        limit: the rate limit, such as `10/s`.
        latency: the delay of every response, in seconds.
        lenient: whether query parameters pass that an operation does not have.
        keys: the only API keys that are accepted: texts, or objects such as `{"key": "k", "role": "read-only"}`.
        contract: the contract that is served, `documents` or `beta`; that of the project when left out.
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
    lenient: bool = False
    keys: Sequence[str | Key | JsonObject] = ()
    contract: str | None = None

    def mock(self, folder: Path, *, contract: str | None = None) -> Mock:
        """Make a mock; paths of files are relative to the folder.

        Raises:
            ValueError: an option is wrong; a `WorldFileError` if it is the world.
        """
        clock = Clock(self._start(), self.frozen)
        world = (
            None
            if self.source is None
            else load_world(_resolve_path(self.source, folder), seed=self.seed, start=clock.now())
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
            lenient=self.lenient,
            contract=contract or self.contract,
        )

    def usable_key(self, mock: Mock) -> str:
        """Return the best key for a client of that mock."""
        return usable_key(self.all_keys() or mock.world.settings.keys)

    def all_keys(self) -> tuple[Key, ...]:
        """Return the listed keys."""
        return tuple(_parse_key(each) for each in self.keys)

    def _start(self) -> datetime | None:
        if not isinstance(self.clock_start, str):
            return self.clock_start
        start = read_date_time(self.clock_start)
        if start is None:
            raise MarkerError(
                f"clock_start has to be a date and time with an offset, such as 2026-03-10T15:00:00Z,"
                f" not {self.clock_start!r}"
            )
        return start

    def _lifecycle(self, world: World | None) -> str | Lifecycle | None:
        """Return the marker's lifecycle; None to leave it to `run_seconds` or the world; else the default."""
        is_set = self.run_seconds is not None or (world is not None and world.settings.lifecycle is not None)
        return self.lifecycle if self.lifecycle is not None or is_set else DEFAULT_LIFECYCLE


# Types of the options, so that a wrong one fails here.
_TYPES: dict[str, tuple[type, ...]] = {
    "source": (str, Path, Mapping),
    "seed": (int,),
    "run_seconds": (int, float),
    "clock_start": (datetime, str),
    "frozen": (bool,),
    "faults": (str, list, tuple),
    "limit": (str,),
    "latency": (int, float),
    "lenient": (bool,),
    "keys": (list, tuple),
    "contract": (str,),
}
_NAMES = [field.name for field in fields(WorldOptions)]


def read_markers(markers: Iterable[tuple[tuple[object, ...], Mapping[str, object]]]) -> WorldOptions:
    """Merge the arguments of markers, the closest to the test first: the first value of an option counts.

    Raises:
        MarkerError: an option is unknown, given twice in one marker, or cannot be what it is.
    """
    options: dict[str, object] = {}
    for positional, named in markers:
        if len(positional) > 1:
            raise MarkerError(f"it takes one world, not {len(positional)}; everything else is given by name")
        if positional and "source" in named:
            raise MarkerError("the world is given twice")
        for name, value in {**dict(zip(["source"], positional, strict=False)), **named}.items():
            _check(name, value)
            options.setdefault(name, value)
    if "run_seconds" in options and "lifecycle" in options:
        raise MarkerError("run_seconds and lifecycle say the same thing: give one of them")
    return WorldOptions(**options)  # type: ignore[arg-type]  # checked above, one by one


def _check(name: str, value: object) -> None:
    if name not in _NAMES:
        matches = get_close_matches(name, _NAMES, n=1)
        raise MarkerError(
            f"there is no {name!r}" + (f"; did you mean {matches[0]!r}?" if matches else f", only {', '.join(_NAMES)}")
        )
    allowed = _TYPES.get(name)
    if value is None or allowed is None:
        return
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        expected = " or ".join("mapping" if each is Mapping else each.__name__ for each in allowed)
        raise MarkerError(f"{name} has to be {expected}, not {value!r}")


def _resolve_path(source: WorldSource, folder: Path) -> WorldSource:
    """Return the source; a path is relative to the folder."""
    resolved = path_in(source) or source if isinstance(source, str) else source
    if isinstance(resolved, Path):
        return folder / resolved
    return resolved if isinstance(resolved, str) else dict(resolved)


def _parse_key(each: str | Key | JsonObject) -> Key:
    if isinstance(each, Key):
        return each
    return Key(each) if isinstance(each, str) else read_key(cast("JsonValue", each))
