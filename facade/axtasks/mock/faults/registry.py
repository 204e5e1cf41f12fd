"""The faults that are armed, and how often each of them has struck."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .fault import Fault, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.messages import MockRequest


@dataclass(frozen=True, slots=True)
class ArmedFault:
    """A fault as it stands: its number, how many requests it has seen, and how many of them it has hit."""

    number: int
    fault: Fault
    seen: int = 0
    hits: int = 0

    @property
    def is_spent(self) -> bool:
        """True if it will never strike again."""
        return self.fault.times is not None and self.hits >= self.fault.times

    def after_one_more(self, seed: int) -> ArmedFault:
        """Return the fault after one more request; it has struck if `hits` is more than before.

        Whether chance has it strike follows from the seed, the fault and the number of this request, and from
        nothing else: not from what went on in the meantime.
        """
        seen = self.seen + 1
        beyond = seen - self.fault.after
        strikes = beyond > 0 and beyond % self.fault.every == 0
        if strikes and self.fault.chance < 1:
            rng = random.Random(f"{seed}:fault {self.number}:{seen}")  # noqa: S311  # repeatable chance, not secrecy
            strikes = rng.random() < self.fault.chance
        return ArmedFault(self.number, self.fault, seen, self.hits + strikes)


class Faults:
    """The armed faults, in the order in which they were added.

    Each request is shown to one fault after the other until one strikes; those behind it do not see, and do not count,
    the request. So `times=1, fault=reset; times=1, fault=status:503` is a reset and then a 503::

        mock.faults.add("times=2, operation=get_task, fault=status:503 retry_after=1")
    """

    def __init__(self, initial: str | Iterable[str | Fault] = (), *, seed: int = 0) -> None:
        self._seed = seed
        self._initial = _read((initial,) if isinstance(initial, str) else initial)
        self._lock = threading.Lock()
        self._armed: list[ArmedFault] = []
        self.reset()

    def add(self, *faults: str | Fault) -> tuple[ArmedFault, ...]:
        """Arm faults, given as scripts or values, behind those there are; all of them or, when one is bad, none.

        Raises:
            FaultError: a script cannot be read.
        """
        new = _read(faults)
        with self._lock:
            return self._arm(new)

    def list(self) -> tuple[ArmedFault, ...]:
        """The armed faults as they stand, the spent ones among them."""
        with self._lock:
            return tuple(self._armed)

    def clear(self) -> None:
        """Disarm all of them."""
        with self._lock:
            self._armed = []

    def reset(self) -> None:
        """Back to the faults of the start, none of which has seen a request."""
        with self._lock:
            self._armed = []
            self._given = 0
            self._arm(self._initial)

    def next_for(self, request: MockRequest, operation: str | None) -> Fault | None:
        """The fault that strikes this request, which is thereby counted."""
        with self._lock:
            for index, armed in enumerate(self._armed):
                if not armed.is_spent and armed.fault.is_for(request, operation):
                    self._armed[index] = counted = armed.after_one_more(self._seed)
                    if counted.hits > armed.hits:
                        return armed.fault
        return None

    def _arm(self, faults: tuple[Fault, ...]) -> tuple[ArmedFault, ...]:
        new = tuple(ArmedFault(number, fault) for number, fault in enumerate(faults, self._given + 1))
        self._given += len(new)
        self._armed.extend(new)
        return new


def _read(given: Iterable[str | Fault]) -> tuple[Fault, ...]:
    found: list[Fault] = []
    for each in given:
        found.extend((each,) if isinstance(each, Fault) else parse(each))
    return tuple(found)
